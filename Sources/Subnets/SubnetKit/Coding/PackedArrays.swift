// Arrays of numbers skip `Codable`'s one call an element. The types are compared first and cast after: a cast alone
// would take an empty array of anything for an empty array of bytes.

/// The tree of an array of numbers, or nil for every other type.
func packed<Value>(_ value: Value) throws(MessageError) -> MessageValue? {
  if let bytes = same(value, as: [UInt8].self) { return .bytes(bytes) }
  if let values = same(value, as: [UInt16].self) { return integers(values) }
  if let values = same(value, as: [UInt32].self) { return integers(values) }
  if let values = same(value, as: [UInt64].self) { return integers(values) }
  if let values = same(value, as: [Int32].self) { return integers(values) }
  if let values = same(value, as: [Int64].self) { return integers(values) }
  if let values = same(value, as: [Int].self) { return integers(values) }
  if let values = same(value, as: [Double].self) { return try numbers(values) }
  if let values = same(value, as: [Float].self) { return try numbers(values.map(Double.init)) }
  return nil
}

/// The array of numbers in a tree, or nil when `type` is no such array.
///
/// - Throws: `.mismatch` when it is, and the tree holds something else.
func unpacked<Value>(
  _ type: Value.Type, from value: MessageValue, path: [any CodingKey]
) throws(MessageError) -> Value? {
  let array: (any Sendable)?
  if type == [UInt8].self {
    if case .bytes(let bytes) = value { array = bytes } else { array = nil }
  } else if type == [UInt16].self {
    array = elements(of: value) { $0.integer(UInt16.self) }
  } else if type == [UInt32].self {
    array = elements(of: value) { $0.integer(UInt32.self) }
  } else if type == [UInt64].self {
    array = elements(of: value) { $0.integer(UInt64.self) }
  } else if type == [Int32].self {
    array = elements(of: value) { $0.integer(Int32.self) }
  } else if type == [Int64].self {
    array = elements(of: value) { $0.integer(Int64.self) }
  } else if type == [Int].self {
    array = elements(of: value) { $0.integer(Int.self) }
  } else if type == [Double].self {
    array = elements(of: value) { $0.double }
  } else if type == [Float].self {
    array = elements(of: value) { $0.float }
  } else {
    return nil
  }
  guard let array = array as? Value else { throw mismatch(type, path) }
  return array
}

private func same<Value, Wanted>(_ value: Value, as type: Wanted.Type) -> Wanted? {
  Value.self == Wanted.self ? value as? Wanted : nil
}

private func integers(_ values: [some FixedWidthInteger]) -> MessageValue { .array(values.map { MessageValue($0) }) }

private func numbers(_ values: [Double]) throws(MessageError) -> MessageValue {
  .array(try values.map { number throws(MessageError) in try MessageValue(finite: number) })
}

private func elements<Element>(of value: MessageValue, _ read: (MessageValue) -> Element?) -> [Element]? {
  guard case .array(let values) = value else { return nil }
  var elements: [Element] = []
  elements.reserveCapacity(values.count)
  for value in values {
    guard let element = read(value) else { return nil }
    elements.append(element)
  }
  return elements
}
