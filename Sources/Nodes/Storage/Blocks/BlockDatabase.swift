import CSQLite
import Daemon
import Primitives

/// The tables of one store behind one connection; used by one thread at a time, which may wait for the disk.
final class BlockDatabase {
  let connection: Connection
  let genesis: Hash256
  let hash: BlockHash
  let row = RowBuffer()
  /// Told how long the end of each transaction took.
  var flushed: (@Sendable (Duration) -> Void)?

  /// Opens the tables, makes them in an empty file, and refuses those of another network or of a newer program.
  init(
    _ path: String, _ access: Connection.Access, genesis: Hash256, hash: @escaping BlockHash, layer: String?,
    pageLimit: UInt32? = nil
  ) throws(StorageError) {
    self.genesis = genesis
    self.hash = hash
    connection = try Connection(path, access, layer: layer)
    let action = "open \(path)"
    if access == .readWrite {
      let modes = try connection.query("PRAGMA journal_mode = WAL", action: action) { $0.text(0) }
      guard modes == ["wal"] else {
        throw StorageError(.inputOutput, action: action, text: "no write-ahead log on this file system: \(modes)")
      }
      try connection.run("PRAGMA synchronous = FULL", action: action)
      // SQLite is silent about errors of its automatic checkpoints; ours are not.
      try connection.run("PRAGMA wal_autocheckpoint = 0", action: action)
      if let pageLimit { try connection.run("PRAGMA max_page_count = \(pageLimit)", action: action) }
      try makeTables(action: action)
    }
    let version = try checkIdentity(action: action)
    guard version < Schema.version else { return }
    guard version == 1, access == .readWrite else {
      throw StorageError(.olderSchema(stored: version, known: Schema.version), action: action, text: "table meta")
    }
    try inTransaction(action: "bring \(path) up to date") { () throws(StorageError) in
      for statement in Schema.upgradeFromFirst { try connection.run(statement, action: "bring \(path) up to date") }
    }
  }

  private func makeTables(action: String) throws(StorageError) {
    let tables = try connection.query("SELECT count(*) FROM sqlite_schema", action: action) { $0.integer(0) }
    guard tables == [0] else { return }
    try inTransaction(action: "make the tables of \(connection.path)") { () throws(StorageError) in
      for table in Schema.tables { try connection.run(table, action: action) }
      let insert = "INSERT INTO meta VALUES (?, ?)"
      try connection.run(insert, [.text("schema_version"), .text(String(Schema.version))], action: action)
      try connection.run(insert, [.text("genesis_hash"), .text(genesis.description)], action: action)
    }
  }

  /// - Returns: The version of the tables.
  private func checkIdentity(action: String) throws(StorageError) -> Int64 {
    let rows = try connection.query("SELECT key, value FROM meta", action: action) { ($0.text(0), $0.text(1)) }
    let meta = Dictionary(rows, uniquingKeysWith: { first, _ in first })
    guard let version = meta["schema_version"].flatMap({ Int64($0) }),
      let stored = meta["genesis_hash"].flatMap({ Bytes32(hex: $0) }).map({ Hash256($0) })
    else {
      throw StorageError(.damaged(height: nil), action: action, text: "the store does not say what it is")
    }
    guard version <= Schema.version else {
      throw StorageError(.newerSchema(stored: version, known: Schema.version), action: action, text: "table meta")
    }
    guard stored == genesis else {
      throw StorageError(.wrongGenesis(stored: stored, wanted: genesis), action: action, text: "table meta")
    }
    return version
  }

  /// Runs the body in one transaction; an error undoes it.
  func inTransaction(action: String, _ body: () throws(StorageError) -> Void) throws(StorageError) {
    try connection.run("BEGIN IMMEDIATE", action: action)
    do throws(StorageError) {
      try body()
      let start = ContinuousClock.now
      try connection.run("COMMIT", action: action)
      flushed?(ContinuousClock.now - start)
    } catch {
      // The first error is the one to tell; SQLite has rolled back by itself after most of them.
      do throws(StorageError) { try connection.run("ROLLBACK", action: action) } catch _ {}
      throw error
    }
  }

  /// Moves the write-ahead log into the main file, flushed.
  ///
  /// - Returns: False when a reader kept part of it in the log.
  @discardableResult
  func checkpoint(truncate: Bool) throws(StorageError) -> Bool {
    let sql = truncate ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(PASSIVE)"
    return try connection.query(sql, action: "checkpoint \(connection.path)") { $0.integer(0) == 0 } == [true]
  }
}
