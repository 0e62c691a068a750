import Primitives

/// Caps of what a reader of answers takes. Source: reliability R7.
enum AnswerLimits {
  /// Items of one list.
  static let items = 4096
  /// Bytes of one string.
  static let bytes = 64 * 1024
  /// Bytes of a cursor; none is longer than two keys and two numbers.
  static let cursor = 128
  /// Uids of a subnet.
  static let uids = 4096
}

// Forms that only answers have.
extension FieldMapper {
  mutating func uid(_ name: String, _ value: inout UID) {
    var raw = value.value
    number(name, &raw)
    value = UID(raw)
  }

  mutating func block(_ name: String, _ value: inout BlockNumber) {
    var raw = value.value
    number(name, &raw)
    value = BlockNumber(raw)
  }

  /// A key that may be absent: no bytes.
  mutating func optionalAccount(_ name: String, _ value: inout AccountID?) {
    var raw = value?.bytes ?? []
    bytes(name, &raw, limit: Bytes32.count)
    guard isReading else { return }
    guard !raw.isEmpty else { return value = nil }
    guard let account = AccountID(raw) else { return refuse(name) }
    value = account
  }

  mutating func optionalHotkey(_ name: String, _ value: inout Hotkey?) {
    var account = value?.account
    optionalAccount(name, &account)
    value = account.map(Hotkey.init)
  }

  mutating func optionalColdkey(_ name: String, _ value: inout Coldkey?) {
    var account = value?.account
    optionalAccount(name, &account)
    value = account.map(Coldkey.init)
  }

  mutating func optionalUID(_ name: String, _ value: inout UID?) {
    var raw = value?.value
    optional(name, &raw)
    value = raw.map(UID.init)
  }

  mutating func optionalNetuid(_ name: String, _ value: inout NetUID?) {
    var raw = value?.value
    optional(name, &raw)
    value = raw.map(NetUID.init)
  }

  mutating func optionalBlock(_ name: String, _ value: inout BlockNumber?) {
    var raw = value?.value
    optional(name, &raw)
    value = raw.map(BlockNumber.init)
  }

  /// 16 bytes, little-endian; no bytes are zero.
  mutating func wide(_ name: String, _ value: inout UInt128) {
    var raw = (0..<16).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    bytes(name, &raw, limit: 16)
    guard isReading else { return }
    guard raw.isEmpty || raw.count == 16 else { return refuse(name) }
    value = raw.reversed().reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
  }

  /// 16 bytes, little-endian two's complement; no bytes are zero.
  mutating func signedWide(_ name: String, _ value: inout Int128) {
    var raw = UInt128(bitPattern: value)
    wide(name, &raw)
    value = Int128(bitPattern: raw)
  }

  /// Flags as a list of 0 and 1.
  mutating func flags(_ name: String, _ values: inout [Bool]) {
    var raw = values.map { UInt8($0 ? 1 : 0) }
    numbers(name, &raw, limit: AnswerLimits.uids)
    guard isReading else { return }
    if raw.contains(where: { $0 > 1 }) { refuse(name) }
    values = raw.map { $0 == 1 }
  }

  mutating func hotkeys(_ name: String, _ values: inout [Hotkey], limit: Int = AnswerLimits.items) {
    var raw = values.map(\.account)
    accounts(name, &raw, limit: limit)
    values = raw.map(Hotkey.init)
  }

  mutating func coldkeys(_ name: String, _ values: inout [Coldkey], limit: Int = AnswerLimits.items) {
    var raw = values.map(\.account)
    accounts(name, &raw, limit: limit)
    values = raw.map(Coldkey.init)
  }

  mutating func netuids(_ name: String, _ values: inout [NetUID], limit: Int = AnswerLimits.items) {
    var raw = values.map(\.value)
    numbers(name, &raw, limit: limit)
    values = raw.map(NetUID.init)
  }

  mutating func uids(_ name: String, _ values: inout [UID]) {
    var raw = values.map(\.value)
    numbers(name, &raw, limit: AnswerLimits.uids)
    values = raw.map(UID.init)
  }

  mutating func blocks(_ name: String, _ values: inout [BlockNumber]) {
    var raw = values.map(\.value)
    numbers(name, &raw, limit: AnswerLimits.uids)
    values = raw.map(BlockNumber.init)
  }
}
