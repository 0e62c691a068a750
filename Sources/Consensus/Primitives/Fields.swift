/// A message as named values: what Wire reads out of bytes and a room above gives its meaning.
///
/// Calls, events and query results travel through this one shape, so that adding one needs
/// a line in `Proto/` and a type in its own room, and nothing between them.
public struct Fields: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    public let name: String
    public let value: FieldValue

    public init(name: String, value: FieldValue) {
      self.name = name
      self.value = value
    }
  }

  /// In the order of the message's definition; names are the protobuf field names (`snake_case`), each at most once.
  public var entries: [Entry]

  public init(_ entries: [Entry] = []) { self.entries = entries }

  public subscript(name: String) -> FieldValue? {
    for entry in entries where entry.name == name { return entry.value }
    return nil
  }

  public mutating func append(_ name: String, _ value: FieldValue) {
    entries.append(Entry(name: name, value: value))
  }
}

/// One value of a message. Lists are empty rather than absent.
public enum FieldValue: Hashable, Sendable {
  /// `uint32`, `uint64` and enumerators.
  case unsigned(UInt64)
  /// `sint64`.
  case signed(Int64)
  /// `bool`.
  case flag(Bool)
  /// `bytes`; texts travel as bytes too.
  case bytes([UInt8])
  /// `repeated uint32` or `repeated uint64`.
  case unsignedList([UInt64])
  /// `repeated bytes`.
  case bytesList([[UInt8]])
  /// A sub-message that is present.
  case group(Fields)
  /// `repeated` sub-messages.
  case groupList([Fields])
}

extension Fields: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, FieldValue)...) {
    self.init(elements.map { Entry(name: $0.0, value: $0.1) })
  }
}
