import CSQLite
import Glibc

/// One SQLite connection, used by one thread at a time (`SQLITE_OPEN_NOMUTEX`); closed when released.
final class Connection {
  enum Access {
    case readWrite
    case readOnly
  }

  private let handle: OpaquePointer
  private var statements: [String: Statement] = [:]
  let path: String

  /// - Parameter layer: The name of a registered file layer below the page checksums; nil for the system's.
  init(_ path: String, _ access: Access, layer: String?) throws(StorageError) {
    self.path = path
    let flags =
      access == .readWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(
      path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, PageChecksums.registered(over: layer))
    guard code == SQLITE_OK, let opened else {
      let error = storageError(code: code, of: opened, action: "open \(path)")
      sqlite3_close_v2(opened)
      throw error
    }
    handle = opened
    sqlite3_busy_timeout(handle, 5000)
    if access == .readWrite {
      var reserved = Int32(PageChecksums.byteCount)
      sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved)
    }
    try run("PRAGMA trusted_schema = OFF", action: "open \(path)")
    try run("PRAGMA cell_size_check = ON", action: "open \(path)")
    try run("PRAGMA temp_store = MEMORY", action: "open \(path)")
    // Ids fall anywhere in their index: a cache that holds it spares a read and an early write for every one.
    try run("PRAGMA cache_size = -\(access == .readWrite ? 65_536 : 8_192)", action: "open \(path)")
  }

  deinit {
    statements.removeAll()
    sqlite3_close_v2(handle)
  }

  /// Runs a statement to its end; rows are passed over.
  func run(_ sql: String, _ values: [SQLValue] = [], action: String) throws(StorageError) {
    let statement = try prepared(sql, action: action)
    defer { statement.reset() }
    try statement.bind(values, action: action)
    while try statement.step(action: action) {}
  }

  /// The rows of a query, each made by `row`.
  func query<Row>(
    _ sql: String, _ values: [SQLValue] = [], action: String, _ row: (Statement) throws(StorageError) -> Row
  ) throws(StorageError) -> [Row] {
    let statement = try prepared(sql, action: action)
    defer { statement.reset() }
    try statement.bind(values, action: action)
    var rows: [Row] = []
    while try statement.step(action: action) { rows.append(try row(statement)) }
    return rows
  }

  func prepared(_ sql: String, action: String) throws(StorageError) -> Statement {
    if let known = statements[sql] { return known }
    var made: OpaquePointer?
    let code = sqlite3_prepare_v2(handle, sql, -1, &made, nil)
    guard code == SQLITE_OK, let made else { throw storageError(code: code, of: handle, action: action) }
    let statement = Statement(made, of: handle)
    statements[sql] = statement
    return statement
  }
}

/// A value to put in the place of a question mark.
enum SQLValue {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])
}

/// A prepared statement of one connection, which lives longer than it.
final class Statement {
  private let handle: OpaquePointer
  private let connection: OpaquePointer
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  init(_ handle: OpaquePointer, of connection: OpaquePointer) {
    self.handle = handle
    self.connection = connection
  }

  deinit { sqlite3_finalize(handle) }

  func bind(_ values: [SQLValue], action: String) throws(StorageError) {
    for (index, value) in values.enumerated() {
      let place = Int32(index + 1)
      let code =
        switch value {
        case .null: sqlite3_bind_null(handle, place)
        case .integer(let number): sqlite3_bind_int64(handle, place, number)
        case .text(let text): sqlite3_bind_text(handle, place, text, Int32(text.utf8.count), Statement.copied)
        case .blob(let bytes):
          bytes.isEmpty
            ? sqlite3_bind_zeroblob(handle, place, 0)
            : sqlite3_bind_blob64(handle, place, bytes, UInt64(bytes.count), Statement.copied)
        }
      guard code == SQLITE_OK else { throw storageError(code: code, of: connection, action: action) }
    }
  }

  /// Binds without a copy; the bytes stay where they are until the statement is reset.
  func bind(_ column: Int32, blob bytes: UnsafeRawBufferPointer) {
    // Without an address SQLite would take an empty one for null.
    if bytes.isEmpty {
      sqlite3_bind_zeroblob(handle, column, 0)
    } else {
      sqlite3_bind_blob64(handle, column, bytes.baseAddress, UInt64(bytes.count), nil)
    }
  }

  /// The same for text in UTF-8.
  func bind(_ column: Int32, text: UnsafeRawBufferPointer) {
    let start = text.baseAddress?.assumingMemoryBound(to: CChar.self)
    sqlite3_bind_text(handle, column, start, Int32(text.count), nil)
  }

  func bind(_ column: Int32, _ number: Int64) { sqlite3_bind_int64(handle, column, number) }
  func bindNull(_ column: Int32) { sqlite3_bind_null(handle, column) }

  /// Runs a statement that gives no rows, with what was bound, and makes it ready for the next.
  ///
  /// A wrong column is a mistake in this room, and SQLite then says so here.
  func runOnce(action: String) throws(StorageError) {
    let code = sqlite3_step(handle)
    guard code == SQLITE_DONE else {
      let error = storageError(code: code, of: connection, action: action)
      sqlite3_reset(handle)
      throw error
    }
    sqlite3_reset(handle)
  }

  /// Goes to the next row; false at the end.
  func step(action: String) throws(StorageError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw storageError(code: code, of: connection, action: action)
    }
  }

  func reset() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func text(_ column: Int32) -> String {
    let bytes = UnsafeRawBufferPointer(
      start: sqlite3_column_text(handle, column), count: Int(sqlite3_column_bytes(handle, column)))
    return String(decoding: bytes, as: UTF8.self)
  }

  func blob(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }
}

/// The typed error for a result code of SQLite, with its own words.
func storageError(code: Int32, of connection: OpaquePointer?, action: String) -> StorageError {
  let text = String(cString: connection.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
  let isFull = connection.map { sqlite3_system_errno($0) == ENOSPC || sqlite3_system_errno($0) == EDQUOT } ?? false
  let reason: StorageError.Reason =
    switch code & 0xFF {
    case SQLITE_FULL: .diskFull
    case SQLITE_IOERR where code == PageChecksums.mismatchCode: .damaged(height: nil)
    case SQLITE_IOERR: isFull ? .diskFull : .inputOutput
    case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged(height: nil)
    case SQLITE_BUSY, SQLITE_LOCKED: .locked
    case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_RANGE, SQLITE_MISUSE: .unacceptable
    // With every statement fixed in this room, "no such table" and its like mean an altered schema.
    case SQLITE_ERROR, SQLITE_SCHEMA: .damaged(height: nil)
    default: .inputOutput
    }
  return StorageError(reason, action: action, text: "\(text), SQLite code \(code)")
}
