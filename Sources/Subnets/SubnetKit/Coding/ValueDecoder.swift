/// Gives a tree its meaning as a value of a type.
func decoded<Value: Decodable>(
  _ type: Value.Type, from value: MessageValue, path: [any CodingKey]
) throws -> Value {
  if let array = try unpacked(type, from: value, path: path) { return array }
  return try Value(from: ValueDecoder(value: value, codingPath: path))
}

func mismatch(_ type: Any.Type, _ path: [any CodingKey]) -> MessageError {
  MessageError(.mismatch, "no \(type) at \(pathText(path))")
}

/// Lets a `Codable` type read itself from a tree.
struct ValueDecoder: Decoder {
  let value: MessageValue
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(try ValueMap<Key>(value, codingPath))
  }
  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try ValueArray(value, codingPath) }
  func singleValueContainer() -> any SingleValueDecodingContainer {
    ValueScalar(value: value, codingPath: codingPath)
  }
}

private struct ValueScalar: SingleValueDecodingContainer {
  let value: MessageValue
  let codingPath: [any CodingKey]

  func decodeNil() -> Bool { value == .null }
  func decode(_ type: Bool.Type) throws -> Bool {
    if case .flag(let flag) = value { return flag }
    throw mismatch(type, codingPath)
  }
  func decode(_ type: String.Type) throws -> String {
    if case .text(let text) = value { return text }
    throw mismatch(type, codingPath)
  }
  func decode(_ type: Double.Type) throws -> Double { try unwrap(value.double) }
  func decode(_ type: Float.Type) throws -> Float { try unwrap(value.float) }
  func decode(_ type: Int.Type) throws -> Int { try unwrap(value.integer(type)) }
  func decode(_ type: Int8.Type) throws -> Int8 { try unwrap(value.integer(type)) }
  func decode(_ type: Int16.Type) throws -> Int16 { try unwrap(value.integer(type)) }
  func decode(_ type: Int32.Type) throws -> Int32 { try unwrap(value.integer(type)) }
  func decode(_ type: Int64.Type) throws -> Int64 { try unwrap(value.integer(type)) }
  func decode(_ type: UInt.Type) throws -> UInt { try unwrap(value.integer(type)) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try unwrap(value.integer(type)) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try unwrap(value.integer(type)) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try unwrap(value.integer(type)) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try unwrap(value.integer(type)) }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try decoded(type, from: value, path: codingPath)
  }

  private func unwrap<Value>(_ found: Value?) throws(MessageError) -> Value {
    guard let found else { throw mismatch(Value.self, codingPath) }
    return found
  }
}

private struct ValueArray: UnkeyedDecodingContainer {
  private let values: [MessageValue]
  let codingPath: [any CodingKey]
  private(set) var currentIndex = 0

  init(_ value: MessageValue, _ path: [any CodingKey]) throws(MessageError) {
    guard case .array(let values) = value else { throw mismatch([Any].self, path) }
    self.values = values
    self.codingPath = path
  }

  var count: Int? { values.count }
  var isAtEnd: Bool { currentIndex == values.count }
  private var elementPath: [any CodingKey] { codingPath + [IndexKey(currentIndex)] }

  mutating func decodeNil() throws -> Bool {
    guard try nextValue() == .null else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try decoded(type, from: nextValue(), path: elementPath)
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let container = try nestedDecoder().container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try nestedDecoder().unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let decoder = try nestedDecoder()
    currentIndex += 1
    return decoder
  }

  private func nestedDecoder() throws(MessageError) -> ValueDecoder {
    ValueDecoder(value: try nextValue(), codingPath: elementPath)
  }

  private func nextValue() throws(MessageError) -> MessageValue {
    guard !isAtEnd else { throw MessageError(.mismatch, "too few elements at \(pathText(codingPath))") }
    return values[currentIndex]
  }
}

private struct ValueMap<Key: CodingKey>: KeyedDecodingContainerProtocol {
  private let entries: [MessageValue.Entry]
  private let values: [String: MessageValue]
  let codingPath: [any CodingKey]

  init(_ value: MessageValue, _ path: [any CodingKey]) throws(MessageError) {
    guard case .map(let entries) = value else { throw mismatch([String: Any].self, path) }
    var values: [String: MessageValue] = [:]
    for entry in entries {
      // Different bytes can be one text to Swift (composed and decomposed letters), so this is not a given.
      guard values.updateValue(entry.value, forKey: entry.key) == nil else {
        throw MessageError(.notDeterministic, "a key twice at \(pathText(path))")
      }
    }
    self.entries = entries
    self.values = values
    self.codingPath = path
  }

  var allKeys: [Key] { entries.compactMap { Key(stringValue: $0.key) } }
  func contains(_ key: Key) -> Bool { values[key.stringValue] != nil }
  func decodeNil(forKey key: Key) throws -> Bool { try value(key) == .null }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try decoded(type, from: value(key), path: codingPath + [key])
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try nestedDecoder(key).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try nestedDecoder(key).unkeyedContainer()
  }
  func superDecoder() throws -> any Decoder { try nestedDecoder(SuperKey()) }
  func superDecoder(forKey key: Key) throws -> any Decoder { try nestedDecoder(key) }

  private func nestedDecoder(_ key: any CodingKey) throws(MessageError) -> ValueDecoder {
    ValueDecoder(value: try value(key), codingPath: codingPath + [key])
  }

  private func value(_ key: any CodingKey) throws(MessageError) -> MessageValue {
    guard let value = values[key.stringValue] else {
      throw MessageError(.mismatch, "nothing at \(pathText(codingPath + [key]))")
    }
    return value
  }
}
