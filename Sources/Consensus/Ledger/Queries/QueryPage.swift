import Primitives

/// Where a page begins and how many rows are wanted.
///
/// A cursor names the last row of the page before by its keys, never a position: rows that come or go
/// between two pages neither repeat nor hide others.
package struct PageRequest: Sendable, Hashable {
  /// Rows of a page at most.
  package static let rowLimit = 256

  /// Empty for the first page.
  package var cursor: [UInt8] = []
  /// Rows wanted; 0, and what is above the limit, is the limit.
  package var limit: UInt32 = 0

  package init() {}
  package init(after cursor: [UInt8], limit: UInt32 = 0) {
    self.cursor = cursor
    self.limit = limit
  }

  mutating func map(_ fields: inout FieldMapper) {
    fields.bytes("cursor", &cursor, limit: AnswerLimits.cursor)
    fields.number("limit", &limit)
  }

  var rows: Int { limit == 0 ? PageRequest.rowLimit : min(Int(limit), PageRequest.rowLimit) }
}

/// The rows of one page as they are added, until a limit ends it: rows, or what fits one reply.
struct QueryPage<Row: FieldMapped> {
  private(set) var rows: [Row] = []
  /// The cursor of the last row when more follow; empty on the last page.
  private(set) var nextCursor: [UInt8] = []
  private var room: ReplyRoom
  private let rowLimit: Int
  private var lastCursor: [UInt8] = []

  init(_ request: PageRequest) {
    rowLimit = request.rows
    room = ReplyRoom()
  }

  /// Adds a row, whose cursor is given.
  ///
  /// - Returns: False when the page was full, which closes it. The first row always fits.
  mutating func append(_ row: Row, cursor: [UInt8]) -> Bool {
    guard rows.count < rowLimit, room.takes(row.fields) || rows.isEmpty else {
      nextCursor = lastCursor
      return false
    }
    rows.append(row)
    lastCursor = cursor
    return true
  }

  /// Ends the page after a place where nothing was added, because the walk itself has become long.
  mutating func close(at cursor: [UInt8]) { nextCursor = cursor }
}

/// What one reply still holds: bytes, and messages inside it.
struct ReplyRoom {
  /// Below the reply's 1 MiB, so that what stands around the rows fits too.
  static let bytes = 960 << 10
  /// Below the 8192 that a reader of replies takes.
  static let groups = 7680

  private var bytesLeft = ReplyRoom.bytes
  private var groupsLeft = ReplyRoom.groups

  init() {}

  /// Takes the room that a message needs; false, and nothing taken, when there is too little.
  mutating func takes(_ message: Fields) -> Bool {
    let size = message.size
    guard size.bytes <= bytesLeft, size.groups <= groupsLeft else { return false }
    bytesLeft -= size.bytes
    groupsLeft -= size.groups
    return true
  }
}

extension Fields {
  /// Bytes that this message needs at most inside another, and messages it consists of.
  fileprivate var size: (bytes: Int, groups: Int) {
    entries.reduce(into: (bytes: 8, groups: 1)) { size, entry in
      let part = entry.value.size
      size.bytes += part.bytes
      size.groups += part.groups
    }
  }
}

extension FieldValue {
  /// With a tag of two bytes and a length of up to four.
  fileprivate var size: (bytes: Int, groups: Int) {
    switch self {
    case .unsigned(let number): (2 + varintBytes(number), 0)
    case .signed, .flag: (12, 0)
    case .bytes(let bytes): (6 + bytes.count, 0)
    case .unsignedList(let numbers): (6 + numbers.reduce(0) { $0 + varintBytes($1) }, 0)
    case .bytesList(let list): (list.reduce(0) { $0 + 6 + $1.count }, 0)
    case .group(let fields): fields.size
    case .groupList(let list):
      list.reduce(into: (bytes: 0, groups: 0)) { size, fields in
        let part = fields.size
        size.bytes += part.bytes
        size.groups += part.groups
      }
    }
  }
}

private func varintBytes(_ number: UInt64) -> Int { max(1, (70 - number.leadingZeroBitCount) / 7) }

/// Writes and reads the keys of a cursor, numbers big-endian.
struct CursorKeys {
  private(set) var bytes: [UInt8]

  /// For writing.
  init() { bytes = [] }

  /// For reading.
  ///
  /// - Throws: `Malformed` unless it has that many bytes; nothing is read of an empty one.
  init?(_ cursor: [UInt8], count: Int) throws(LedgerError) {
    if cursor.isEmpty { return nil }
    guard cursor.count == count else { throw .malformed.with("field", "cursor") }
    bytes = cursor
  }

  func with(_ number: UInt16) -> CursorKeys {
    var copy = self
    copy.bytes += [UInt8(number >> 8), UInt8(number & 0xff)]
    return copy
  }

  func with(_ number: UInt64) -> CursorKeys {
    var copy = self
    copy.bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    return copy
  }

  func with(_ key: AccountID) -> CursorKeys {
    var copy = self
    copy.bytes += key.bytes
    return copy
  }

  mutating func number() -> UInt16 {
    defer { bytes.removeFirst(2) }
    return UInt16(bytes[0]) << 8 | UInt16(bytes[1])
  }

  mutating func wideNumber() -> UInt64 {
    defer { bytes.removeFirst(8) }
    return bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func account() -> AccountID {
    defer { bytes.removeFirst(Bytes32.count) }
    return AccountID(bytes[..<Bytes32.count]) ?? .zero
  }
}
