import Primitives

/// Encodes values that are given in the order of their message, without a C struct in between.
///
/// It makes the bytes that `MessageWriter` makes, several times as fast. What is in another order, or does not fit, it
/// leaves alone: the general way then sorts it, or says what is wrong.
struct CanonicalMessageWriter {
  private(set) var bytes: [UInt8] = []
  private let limits: WireLimits
  private var groupsLeft: Int

  init(limits: WireLimits) {
    self.limits = limits
    groupsLeft = limits.groups
  }

  /// Adds a message; false when this is not the way to write it, and `bytes` are worth nothing then.
  mutating func write(_ fields: Fields, as shape: MessageShape) -> Bool {
    var next = 0
    var oneofs: [Int] = []
    for entry in fields.entries {
      let isNext = next < shape.fields.count && shape.fields[next].name == entry.name
      guard let index = isNext ? next : shape.index(named: entry.name), index >= next else { return false }
      next = index + 1
      if shape.fields[index].isOneof {
        // At most one of its members is there.
        guard !oneofs.contains(shape.fields[index].quantifierOffset) else { return false }
        oneofs.append(shape.fields[index].quantifierOffset)
      }
      guard write(entry.value, as: shape.fields[index]) else { return false }
    }
    return true
  }

  private mutating func write(_ value: FieldValue, as field: FieldShape) -> Bool {
    switch (field.kind, value) {
    case (.unsigned32, .unsigned(let number)):
      return number <= UInt64(UInt32.max) && write(number, as: field)
    case (.unsigned64, .unsigned(let number)):
      return write(number, as: field)
    case (.signed64, .signed(let number)):
      return write(UInt64(bitPattern: number << 1) ^ UInt64(bitPattern: number >> 63), as: field)
    case (.flag, .flag(let flag)):
      return write(flag ? 1 : 0, as: field)
    case (.enumeration(let numbers), .unsigned(let number)):
      return Int32(exactly: number).map(numbers.contains) == true && write(number, as: field)
    case (.bytes, .bytes(let data)):
      guard !field.isRepeated else { return false }
      if !data.isEmpty || field.isOneof { write(data, as: field) }
      return true
    case (.bytes, .bytesList(let values)):
      guard field.isRepeated, values.count <= limits.items else { return false }
      bytes.reserveCapacity(values.reduce(bytes.count) { $0 + $1.count + 16 })
      for data in values { write(data, as: field) }
      return true
    case (.message(let shape), .group(let group)):
      return !field.isRepeated && write(group, as: shape, in: field)
    case (.message(let shape), .groupList(let groups)):
      guard field.isRepeated, groups.count <= limits.items else { return false }
      for group in groups { guard write(group, as: shape, in: field) else { return false } }
      return true
    case (.unsigned32, .unsignedList(let numbers)):
      return numbers.allSatisfy { $0 <= UInt64(UInt32.max) } && write(numbers, as: field)
    case (.unsigned64, .unsignedList(let numbers)):
      return write(numbers, as: field)
    default:
      return false
    }
  }

  /// A default is not written, except where it says which member of a oneof is there.
  private mutating func write(_ number: UInt64, as field: FieldShape) -> Bool {
    guard !field.isRepeated else { return false }
    guard number != 0 || field.isOneof else { return true }
    write(UInt64(field.number) << 3)
    write(number)
    return true
  }

  private mutating func write(_ data: [UInt8], as field: FieldShape) {
    write(UInt64(field.number) << 3 | 2)
    write(UInt64(data.count))
    bytes += data
  }

  private mutating func write(_ numbers: [UInt64], as field: FieldShape) -> Bool {
    guard field.isRepeated, field.isPacked, numbers.count <= limits.items else { return false }
    guard !numbers.isEmpty else { return true }
    write(UInt64(field.number) << 3 | 2)
    let start = bytes.count
    for number in numbers { write(number) }
    announce(from: start)
    return true
  }

  private mutating func write(_ group: Fields, as shape: MessageShape, in field: FieldShape) -> Bool {
    guard groupsLeft > 0 else { return false }
    groupsLeft -= 1
    write(UInt64(field.number) << 3 | 2)
    let start = bytes.count
    guard write(group, as: shape) else { return false }
    announce(from: start)
    return true
  }

  /// Puts the length of everything from `start` on in front of it.
  private mutating func announce(from start: Int) {
    var length = CanonicalMessageWriter(limits: limits)
    length.write(UInt64(bytes.count - start))
    bytes.insert(contentsOf: length.bytes, at: start)
  }

  private mutating func write(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
