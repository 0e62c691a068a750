/// Lets a `Codable` type write itself into a draft.
struct DraftEncoder: Encoder {
  let draft: Draft
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    draft.becomeMap()
    return KeyedEncodingContainer(DraftMap<Key>(draft: draft, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    draft.becomeArray()
    return DraftArray(draft: draft, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    DraftScalar(draft: draft, codingPath: codingPath)
  }
}

private struct DraftScalar: SingleValueEncodingContainer {
  let draft: Draft
  let codingPath: [any CodingKey]

  func encodeNil() { draft.set(.null) }
  func encode(_ value: Bool) { draft.set(.flag(value)) }
  func encode(_ value: String) { draft.set(.text(value)) }
  func encode(_ value: Double) throws { draft.set(try MessageValue(finite: value)) }
  func encode(_ value: Float) throws { draft.set(try MessageValue(finite: Double(value))) }
  func encode(_ value: Int) { draft.set(MessageValue(value)) }
  func encode(_ value: Int8) { draft.set(MessageValue(value)) }
  func encode(_ value: Int16) { draft.set(MessageValue(value)) }
  func encode(_ value: Int32) { draft.set(MessageValue(value)) }
  func encode(_ value: Int64) { draft.set(MessageValue(value)) }
  func encode(_ value: UInt) { draft.set(MessageValue(value)) }
  func encode(_ value: UInt8) { draft.set(MessageValue(value)) }
  func encode(_ value: UInt16) { draft.set(MessageValue(value)) }
  func encode(_ value: UInt32) { draft.set(MessageValue(value)) }
  func encode(_ value: UInt64) { draft.set(MessageValue(value)) }
  func encode(_ value: some Encodable) throws { try draft.fill(with: value, path: codingPath) }
}

private struct DraftArray: UnkeyedEncodingContainer {
  let draft: Draft
  let codingPath: [any CodingKey]
  var count: Int { draft.elementCount }
  private var elementPath: [any CodingKey] { codingPath + [IndexKey(count)] }

  func encodeNil() { draft.appendElement().set(.null) }
  func encode(_ value: some Encodable) throws {
    let path = elementPath
    try draft.appendElement().fill(with: value, path: path)
  }

  func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    nestedEncoder().container(keyedBy: type)
  }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nestedEncoder().unkeyedContainer() }
  func superEncoder() -> any Encoder { nestedEncoder() }

  private func nestedEncoder() -> DraftEncoder {
    let path = elementPath
    return DraftEncoder(draft: draft.appendElement(), codingPath: path)
  }
}

private struct DraftMap<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let draft: Draft
  let codingPath: [any CodingKey]

  func encodeNil(forKey key: Key) { draft.setEntry(key.stringValue).set(.null) }
  func encode(_ value: some Encodable, forKey key: Key) throws {
    try draft.setEntry(key.stringValue).fill(with: value, path: codingPath + [key])
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    nestedEncoder(key).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    nestedEncoder(key).unkeyedContainer()
  }
  func superEncoder() -> any Encoder { nestedEncoder(SuperKey()) }
  func superEncoder(forKey key: Key) -> any Encoder { nestedEncoder(key) }

  private func nestedEncoder(_ key: any CodingKey) -> DraftEncoder {
    DraftEncoder(draft: draft.setEntry(key.stringValue), codingPath: codingPath + [key])
  }
}
