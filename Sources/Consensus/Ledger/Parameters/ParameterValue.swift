package import Primitives

/// A parameter's value in one of the forms in which it travels.
///
/// Source: registry 20.1, `value` of calls 27 and 47.
package enum ParameterValue: Hashable, Sendable {
  case u64(UInt64)
  case signed(Int64)
  case flag(Bool)
  /// Enumerators, by their word.
  case bytes([UInt8])
  /// Q64 and wider; 16 bytes little-endian in two's complement where it travels.
  case wide(Int128)
  case list([UInt16])

  /// An enumerator's word.
  package static func word(_ word: String) -> ParameterValue { .bytes(Array(word.utf8)) }
}

extension ParameterValue {
  /// Reads the message `ParameterValue`: exactly one member, in its range; nil for anything else.
  package init?(_ fields: Fields) {
    guard fields.entries.count == 1, let entry = fields.entries.first else { return nil }
    switch (entry.name, entry.value) {
    case ("u64", .unsigned(let number)): self = .u64(number)
    case ("sint64", .signed(let number)): self = .signed(number)
    case ("flag", .flag(let flag)): self = .flag(flag)
    case ("bytes", .bytes(let bytes)): self = .bytes(bytes)
    case ("wide", .bytes(let bytes)):
      guard let number = Int128(littleEndianBytes: bytes) else { return nil }
      self = .wide(number)
    case ("list", .group(let list)):
      guard let elements = ParameterValue.elements(of: list) else { return nil }
      self = .list(elements)
    default: return nil
    }
  }

  /// The message `ParameterValue`.
  package var fields: Fields {
    switch self {
    case .u64(let number): ["u64": .unsigned(number)]
    case .signed(let number): ["sint64": .signed(number)]
    case .flag(let flag): ["flag": .flag(flag)]
    case .bytes(let bytes): ["bytes": .bytes(bytes)]
    case .wide(let number): ["wide": .bytes(number.littleEndianBytes)]
    case .list(let list): ["list": .group(["values": .unsignedList(list.map(UInt64.init))])]
    }
  }

  private static func elements(of list: Fields) -> [UInt16]? {
    guard list.entries.count <= 1 else { return nil }
    guard let entry = list.entries.first else { return [] }
    guard entry.name == "values", case .unsignedList(let numbers) = entry.value else { return nil }
    let elements = numbers.compactMap { UInt16(exactly: $0) }
    return elements.count == numbers.count ? elements : nil
  }
}

extension ParameterValue: CustomStringConvertible {
  /// As logs and the command line print it.
  package var description: String {
    switch self {
    case .u64(let number): String(number)
    case .signed(let number): String(number)
    case .flag(let flag): String(flag)
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    case .wide(let number): String(number)
    case .list(let list): list.map(String.init).joined(separator: ",")
    }
  }
}

extension Int128 {
  package init?(littleEndianBytes bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    self = bytes.reversed().reduce(Int128(0)) { $0 << 8 | Int128($1) }
  }

  package var littleEndianBytes: [UInt8] {
    (0..<16).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
  }
}
