import Primitives

/// Reads what a state was written as; anything that is not there is damage.
struct StateReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var count: Int { rest.count }

  mutating func take(_ count: Int) throws(ValidatorStateError) -> [UInt8] {
    guard count <= rest.count else { throw .damaged }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func number<Integer: FixedWidthInteger & UnsignedInteger>(
    _ type: Integer.Type = Integer.self
  ) throws(ValidatorStateError) -> Integer {
    try take(Integer.bitWidth / 8).reduce(Integer(0)) { $0 << 8 | Integer($1) }
  }

  mutating func bytes32() throws(ValidatorStateError) -> Bytes32 {
    guard let value = Bytes32(try take(Bytes32.count)) else { throw .damaged }
    return value
  }

  /// Bytes under their length, u32.
  mutating func blob() throws(ValidatorStateError) -> [UInt8] { try take(Int(try number(UInt32.self))) }

  /// A text under its length, u32.
  mutating func text() throws(ValidatorStateError) -> String {
    guard let text = String(validating: try blob(), as: UTF8.self) else { throw .damaged }
    return text
  }

  /// A span in nanoseconds, u64.
  mutating func duration() throws(ValidatorStateError) -> Duration {
    let nanoseconds: UInt64 = try number()
    guard nanoseconds <= UInt64(Int64.max) else { throw .damaged }
    return .nanoseconds(Int64(nanoseconds))
  }

  mutating func commit() throws(ValidatorStateError) -> PendingCommit {
    let hash = Hash256(try bytes32())
    let madeAt = BlockNumber(try number())
    let hasLanded = try number(UInt8.self) != 0
    let versionKey: UInt64 = try number()
    let salt = try take(Int(try number(UInt8.self)))
    var row = WeightsRow()
    for _ in 0..<(try number(UInt16.self)) { row.append(UID(try number()), try number()) }
    return PendingCommit(
      hash: hash, row: row, salt: salt, versionKey: versionKey, madeAt: madeAt, hasLanded: hasLanded)
  }
}

extension [UInt8] {
  mutating func append(_ commit: PendingCommit) {
    self += commit.hash.bytes
    appendBigEndian(commit.madeAt.value)
    append(commit.hasLanded ? 1 : 0)
    appendBigEndian(commit.versionKey)
    append(UInt8(commit.salt.count))
    self += commit.salt
    appendBigEndian(UInt16(commit.row.uids.count))
    for (uid, value) in zip(commit.row.uids, commit.row.values) {
      appendBigEndian(uid)
      appendBigEndian(value)
    }
  }

  /// Bytes under their length, u32.
  mutating func append(_ blob: [UInt8]) {
    appendBigEndian(UInt32(blob.count))
    self += blob
  }

  mutating func append(_ text: String) { append(Array(text.utf8)) }

  /// A span in nanoseconds, u64; less than none is none.
  mutating func append(_ duration: Duration) {
    let nanoseconds = duration / .nanoseconds(1)
    appendBigEndian(UInt64(Swift.max(0, Swift.min(nanoseconds, 9e18))))
  }

  mutating func appendBigEndian(_ integer: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: integer.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: integer >> shift))
    }
  }
}
