/// Reads a tree from CBOR and refuses every form but the deterministic one.
struct MessageReader {
  private let bytes: [UInt8]
  private let depthLimit: Int
  private var position = 0

  init(_ bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  /// Reads the whole message: one value and nothing after it.
  mutating func readMessage() throws(MessageError) -> MessageValue {
    let value = try readValue(depth: 0)
    guard position == bytes.count else { throw failure(.trailingBytes) }
    return value
  }

  private mutating func readValue(depth: Int) throws(MessageError) -> MessageValue {
    let head = try readByte()
    let low = head & 0x1f
    switch MajorType(rawValue: head >> 5) {
    case .unsigned: return .unsigned(try readArgument(low))
    case .negative: return .negative(try readArgument(low))
    case .bytes: return .bytes(Array(try readSlice(count: readArgument(low))))
    case .text: return .text(try readText(count: readArgument(low)))
    case .array: return try readArray(count: readArgument(low), depth: depth + 1)
    case .map: return try readMap(count: readArgument(low), depth: depth + 1)
    case .simple: return try readSimple(head)
    case .tag, nil: throw failure(.unsupported)
    }
  }

  private mutating func readArray(count: UInt64, depth: Int) throws(MessageError) -> MessageValue {
    // Each element takes at least one byte: a count beyond that is a lie, and nothing is reserved for it.
    let count = try checkedCount(count, bytesEach: 1, depth: depth)
    var values: [MessageValue] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try readValue(depth: depth)) }
    return .array(values)
  }

  private mutating func readMap(count: UInt64, depth: Int) throws(MessageError) -> MessageValue {
    let count = try checkedCount(count, bytesEach: 2, depth: depth)
    var entries: [MessageValue.Entry] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      let head = try readByte()
      guard head >> 5 == MajorType.text.rawValue else { throw failure(.unsupported) }
      let key = try readText(count: readArgument(head & 0x1f))
      if let last = entries.last, !precedes(last.key, key) { throw failure(.notDeterministic) }
      entries.append(MessageValue.Entry(key: key, value: try readValue(depth: depth)))
    }
    return .map(entries)
  }

  private mutating func readSimple(_ head: UInt8) throws(MessageError) -> MessageValue {
    switch head {
    case SimpleByte.no: return .flag(false)
    case SimpleByte.yes: return .flag(true)
    case SimpleByte.null: return .null
    default: break
    }
    let number: Double
    let read: ShortestFloat
    switch head & 0x1f {
    case HeadWidth.two:
      let bits: UInt16 = try readInteger()
      (number, read) = (doubleValue(ofHalf: bits), .half(bits))
    case HeadWidth.four:
      let bits: UInt32 = try readInteger()
      (number, read) = (Double(Float(bitPattern: bits)), .single(bits))
    case HeadWidth.eight:
      let bits: UInt64 = try readInteger()
      (number, read) = (Double(bitPattern: bits), .double(bits))
    default: throw failure(.unsupported)
    }
    guard number.isFinite else { throw failure(.unsupported) }
    guard ShortestFloat(number) == read else { throw failure(.notDeterministic) }
    return .number(number)
  }

  private mutating func readArgument(_ low: UInt8) throws(MessageError) -> UInt64 {
    let (argument, least): (UInt64, UInt64)
    switch low {
    case 0..<HeadWidth.one: return UInt64(low)
    case HeadWidth.one: (argument, least) = (UInt64(try readByte()), UInt64(HeadWidth.one))
    case HeadWidth.two: (argument, least) = (UInt64(try readInteger() as UInt16), 1 << 8)
    case HeadWidth.four: (argument, least) = (UInt64(try readInteger() as UInt32), 1 << 16)
    case HeadWidth.eight: (argument, least) = (try readInteger(), 1 << 32)
    default: throw failure(.unsupported)
    }
    guard argument >= least else { throw failure(.notDeterministic) }
    return argument
  }

  private mutating func readText(count: UInt64) throws(MessageError) -> String {
    guard let text = String(validating: try readSlice(count: count), as: UTF8.self) else {
      throw failure(.invalidText)
    }
    return text
  }

  private mutating func readSlice(count: UInt64) throws(MessageError) -> ArraySlice<UInt8> {
    guard count <= UInt64(bytes.count - position) else { throw failure(.truncated) }
    defer { position += Int(count) }
    return bytes[position..<position + Int(count)]
  }

  private mutating func readInteger<Integer: FixedWidthInteger & UnsignedInteger>() throws(MessageError) -> Integer {
    try readSlice(count: UInt64(Integer.bitWidth / 8)).reduce(0) { $0 << 8 | Integer($1) }
  }

  private mutating func readByte() throws(MessageError) -> UInt8 {
    guard position < bytes.count else { throw failure(.truncated) }
    defer { position += 1 }
    return bytes[position]
  }

  private func checkedCount(_ count: UInt64, bytesEach: Int, depth: Int) throws(MessageError) -> Int {
    guard depth <= depthLimit else { throw MessageError(.tooDeep, "limit \(depthLimit) levels") }
    guard count <= UInt64((bytes.count - position) / bytesEach) else { throw failure(.truncated) }
    return Int(count)
  }

  private func failure(_ code: MessageError.Code) -> MessageError {
    MessageError(code, "at byte \(position) of \(bytes.count)")
  }
}
