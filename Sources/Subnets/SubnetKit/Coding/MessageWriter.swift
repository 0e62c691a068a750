/// Writes a tree as CBOR in its core deterministic form.
struct MessageWriter {
  let sizeLimit: Int
  private(set) var bytes: [UInt8] = []

  init(sizeLimit: Int) { self.sizeLimit = sizeLimit }

  /// Appends a value.
  ///
  /// - Throws: `.tooLarge` as soon as the limit is passed.
  mutating func write(_ value: MessageValue) throws(MessageError) {
    switch value {
    case .unsigned(let value): writeHead(.unsigned, value)
    case .negative(let magnitude): writeHead(.negative, magnitude)
    case .number(let number): writeNumber(number)
    case .flag(let flag): bytes.append(flag ? SimpleByte.yes : SimpleByte.no)
    case .null: bytes.append(SimpleByte.null)
    case .bytes(let content):
      writeHead(.bytes, UInt64(content.count))
      try checkRoom(for: content.count)
      bytes.append(contentsOf: content)
    case .text(let text): try writeText(text)
    case .array(let values):
      writeHead(.array, UInt64(values.count))
      for value in values { try write(value) }
    case .map(let entries):
      writeHead(.map, UInt64(entries.count))
      for entry in entries {
        try writeText(entry.key)
        try write(entry.value)
      }
    }
    try checkRoom(for: 0)
  }

  private mutating func writeText(_ text: String) throws(MessageError) {
    writeHead(.text, UInt64(text.utf8.count))
    try checkRoom(for: text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func writeNumber(_ number: Double) {
    switch ShortestFloat(number) {
    case .half(let bits):
      bytes.append(MajorType.simple.rawValue << 5 | HeadWidth.two)
      append(bits)
    case .single(let bits):
      bytes.append(MajorType.simple.rawValue << 5 | HeadWidth.four)
      append(bits)
    case .double(let bits):
      bytes.append(MajorType.simple.rawValue << 5 | HeadWidth.eight)
      append(bits)
    }
  }

  private mutating func writeHead(_ type: MajorType, _ argument: UInt64) {
    let top = type.rawValue << 5
    switch argument {
    case 0..<UInt64(HeadWidth.one): bytes.append(top | UInt8(argument))
    case 0...0xff:
      bytes.append(top | HeadWidth.one)
      bytes.append(UInt8(argument))
    case 0...0xffff:
      bytes.append(top | HeadWidth.two)
      append(UInt16(argument))
    case 0...0xffff_ffff:
      bytes.append(top | HeadWidth.four)
      append(UInt32(argument))
    default:
      bytes.append(top | HeadWidth.eight)
      append(argument)
    }
  }

  private mutating func append<Integer: FixedWidthInteger>(_ integer: Integer) {
    for shift in stride(from: Integer.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: integer >> Integer(shift)))
    }
  }

  private func checkRoom(for count: Int) throws(MessageError) {
    guard bytes.count + count <= sizeLimit else { throw MessageError(.tooLarge, "limit \(sizeLimit) bytes") }
  }
}

/// The upper three bits of a CBOR head.
enum MajorType: UInt8 {
  case unsigned, negative, bytes, text, array, map, tag, simple
}

/// The lower five bits of a CBOR head, when the argument follows in so many bytes.
enum HeadWidth {
  static let one: UInt8 = 24
  static let two: UInt8 = 25
  static let four: UInt8 = 26
  static let eight: UInt8 = 27
}

/// The simple values that messages use.
enum SimpleByte {
  static let no: UInt8 = 0xf4
  static let yes: UInt8 = 0xf5
  static let null: UInt8 = 0xf6
}
