package import Primitives

/// A message of the protocol that knows its fields.
///
/// `map` names every field once; from it follow reading, writing, the command line and the descriptions.
package protocol FieldMapped: Sendable, Hashable {
  init()
  mutating func map(_ fields: inout FieldMapper)
}

/// What a field holds, for readers of descriptions and for the command line.
package enum FieldKind: Sendable, Hashable {
  case account
  case amount
  case number(bits: Int)
  case signed
  case flag
  case bytes
  case numberList(bits: Int)
  case bytesList
  case group
  case groupList
  case parameterValue
}

package struct FieldDescription: Sendable, Hashable {
  package let name: String
  package let kind: FieldKind
  package let isOptional: Bool
}

/// Walks the fields of a message in one of three ways: reading, writing or describing.
///
/// A value outside its type is `Malformed` (registry 20.1): the mapper notes the first such field
/// in `malformedField` and goes on with zero.
package struct FieldMapper {
  private enum Mode {
    case reading(Fields)
    case writing
    case describing
  }

  private let mode: Mode
  package private(set) var written = Fields()
  package private(set) var descriptions: [FieldDescription] = []
  package private(set) var malformedField: String?

  private init(_ mode: Mode) { self.mode = mode }

  package static func reading(_ fields: Fields) -> FieldMapper { FieldMapper(.reading(fields)) }
  package static var writing: FieldMapper { FieldMapper(.writing) }
  package static var describing: FieldMapper { FieldMapper(.describing) }

  package var isReading: Bool {
    if case .reading = mode { true } else { false }
  }

  /// For a rule of the message itself, such as a list longer than its cap.
  package mutating func refuse(_ name: String) {
    if malformedField == nil { malformedField = name }
  }

  /// The value under the name when reading; writes or describes it otherwise.
  private mutating func field(
    _ name: String, _ kind: FieldKind, optional: Bool = false, write: @autoclosure () -> FieldValue?
  ) -> FieldValue? {
    switch mode {
    case .reading(let fields):
      return fields[name]
    case .writing:
      if let value = write() { written.append(name, value) }
    case .describing:
      descriptions.append(FieldDescription(name: name, kind: kind, isOptional: optional))
    }
    return nil
  }
}

// MARK: - Numbers

extension FieldMapper {
  package mutating func number<T: FixedWidthInteger & UnsignedInteger>(
    _ name: String, _ value: inout T, kind: FieldKind? = nil
  ) {
    let found = field(name, kind ?? .number(bits: T.bitWidth), write: .unsigned(UInt64(value)))
    guard isReading else { return }
    guard case .unsigned(let raw)? = found, let narrow = T(exactly: raw) else { return refuse(name) }
    value = narrow
  }

  package mutating func amount(_ name: String, _ value: inout Rao) {
    var raw = value.value
    number(name, &raw, kind: .amount)
    value = Rao(raw)
  }

  package mutating func netuid(_ name: String, _ value: inout NetUID) {
    var raw = value.value
    number(name, &raw)
    value = NetUID(raw)
  }

  package mutating func mechid(_ name: String, _ value: inout MechID) {
    var raw = value.value
    number(name, &raw)
    value = MechID(raw)
  }

  package mutating func signed(_ name: String, _ value: inout Int64) {
    let found = field(name, .signed, write: .signed(value))
    guard isReading else { return }
    guard case .signed(let raw)? = found else { return refuse(name) }
    value = raw
  }

  package mutating func flag(_ name: String, _ value: inout Bool) {
    let found = field(name, .flag, write: .flag(value))
    guard isReading else { return }
    guard case .flag(let raw)? = found else { return refuse(name) }
    value = raw
  }

  /// A number with its companion `has_<name>`; without it the number must be 0.
  package mutating func optional<T: FixedWidthInteger & UnsignedInteger>(
    _ name: String, _ value: inout T?, kind: FieldKind? = nil
  ) {
    let presence = "has_" + name
    switch mode {
    case .reading(let fields):
      guard case .flag(let present)? = fields[presence], case .unsigned(let raw)? = fields[name],
        let narrow = T(exactly: raw), present || raw == 0
      else { return refuse(name) }
      value = present ? narrow : nil
    case .writing:
      written.append(name, .unsigned(UInt64(value ?? 0)))
      written.append(presence, .flag(value != nil))
    case .describing:
      descriptions.append(
        FieldDescription(name: name, kind: kind ?? .number(bits: T.bitWidth), isOptional: true))
    }
  }

  package mutating func optionalAmount(_ name: String, _ value: inout Rao?) {
    var raw = value?.value
    optional(name, &raw, kind: .amount)
    value = raw.map(Rao.init)
  }

  package mutating func numbers<T: FixedWidthInteger & UnsignedInteger>(
    _ name: String, _ values: inout [T], limit: Int
  ) {
    let kind = FieldKind.numberList(bits: T.bitWidth)
    guard isReading else {
      let wide = values.map { UInt64($0) }
      _ = field(name, kind, write: .unsignedList(wide))
      return
    }
    let found = field(name, kind, write: nil)
    guard case .unsignedList(let raw)? = found, raw.count <= limit else { return refuse(name) }
    values = []
    values.reserveCapacity(raw.count)
    for number in raw {
      guard let narrow = T(exactly: number) else { return refuse(name) }
      values.append(narrow)
    }
  }
}

extension FieldMapper {
  /// An enumerator by its number; a number without meaning is refused, 0 too unless `optional`.
  package mutating func enumerator<E: RawRepresentable<UInt8>>(
    _ name: String, _ value: inout UInt8, of type: E.Type, optional: Bool = false
  ) {
    number(name, &value)
    if isReading, E(rawValue: value) == nil, !(optional && value == 0) { refuse(name) }
  }
}

// MARK: - Keys and bytes

extension FieldMapper {
  package mutating func account(_ name: String, _ value: inout AccountID) {
    let found = field(name, .account, write: .bytes(value.bytes))
    guard isReading else { return }
    guard case .bytes(let raw)? = found, let account = AccountID(raw) else { return refuse(name) }
    value = account
  }

  package mutating func hotkey(_ name: String, _ value: inout Hotkey) {
    var account = value.account
    self.account(name, &account)
    value = Hotkey(account)
  }

  package mutating func coldkey(_ name: String, _ value: inout Coldkey) {
    var account = value.account
    self.account(name, &account)
    value = Coldkey(account)
  }

  package mutating func hash(_ name: String, _ value: inout Hash256) {
    var account = AccountID(value.value)
    self.account(name, &account)
    value = Hash256(account.key)
  }

  package mutating func bytes(_ name: String, _ value: inout [UInt8], limit: Int) {
    let found = field(name, .bytes, write: .bytes(value))
    guard isReading else { return }
    guard case .bytes(let raw)? = found, raw.count <= limit else { return refuse(name) }
    value = raw
  }

  package mutating func bytesList(_ name: String, _ values: inout [[UInt8]], limit: Int, each: Int) {
    let found = field(name, .bytesList, write: .bytesList(values))
    guard isReading else { return }
    guard case .bytesList(let raw)? = found, raw.count <= limit, raw.allSatisfy({ $0.count <= each })
    else { return refuse(name) }
    values = raw
  }

  /// Accounts as a list of 32-byte strings.
  package mutating func accounts(_ name: String, _ values: inout [AccountID], limit: Int) {
    var raw = values.map(\.bytes)
    bytesList(name, &raw, limit: limit, each: Bytes32.count)
    guard isReading else { return }
    let accounts = raw.compactMap { AccountID($0) }
    if accounts.count != raw.count { refuse(name) }
    values = accounts
  }
}

// MARK: - Sub-messages

extension FieldMapper {
  /// The whole message at once, for the few that are one value in several forms; nil unless reading.
  mutating func wholeMessage(_ write: () -> Fields) -> Fields? {
    switch mode {
    case .reading(let fields):
      return fields
    case .writing:
      written = write()
    case .describing:
      descriptions.append(FieldDescription(name: "value", kind: .parameterValue, isOptional: false))
    }
    return nil
  }

  package mutating func group<T: FieldMapped>(_ name: String, _ value: inout T) {
    var optional: T? = value
    self.optionalGroup(name, &optional)
    guard isReading else { return }
    guard let present = optional else { return refuse(name) }
    value = present
  }

  package mutating func optionalGroup<T: FieldMapped>(_ name: String, _ value: inout T?) {
    guard isReading else {
      let message = value?.fields.asGroup
      _ = field(name, .group, optional: true, write: message)
      return
    }
    let found = field(name, .group, optional: true, write: nil)
    guard let found else {
      value = nil
      return
    }
    guard case .group(let fields) = found else { return refuse(name) }
    value = read(fields, in: name)
  }

  package mutating func groups<T: FieldMapped>(_ name: String, _ values: inout [T], limit: Int) {
    guard isReading else {
      let messages = messages(of: values)
      _ = field(name, .groupList, write: .groupList(messages))
      return
    }
    let found = field(name, .groupList, write: nil)
    guard case .groupList(let groups)? = found, groups.count <= limit else { return refuse(name) }
    values = []
    for group in groups {
      guard let value: T = read(group, in: name) else { return }
      values.append(value)
    }
  }

  private mutating func read<T: FieldMapped>(_ fields: Fields, in name: String) -> T? {
    var nested = FieldMapper.reading(fields)
    var value = T()
    value.map(&nested)
    if let field = nested.malformedField {
      refuse("\(name).\(field)")
      return nil
    }
    return value
  }
}

extension FieldMapped {
  /// This message as named values.
  package var fields: Fields {
    var mapper = FieldMapper.writing
    var copy = self
    copy.map(&mapper)
    return mapper.written
  }

  /// What this message consists of.
  package static var fieldDescriptions: [FieldDescription] {
    var mapper = FieldMapper.describing
    var blank = Self()
    blank.map(&mapper)
    return mapper.descriptions
  }
}

private func messages<T: FieldMapped>(of values: [T]) -> [Fields] {
  var messages: [Fields] = []
  for value in values { messages.append(value.fields) }
  return messages
}

extension Fields {
  fileprivate var asGroup: FieldValue { .group(self) }
}
