package import Primitives

extension Fields {
  /// The fields as a JSON object: numbers stay whole numbers, bytes become hexadecimal text.
  package var json: JSONValue { .object(entries.map { JSONMember($0.name, $0.value.json) }) }

  /// The text of `json` on one line, without the value in between: a block has thousands of these.
  package var jsonText: String {
    var text: [UInt8] = []
    text.reserveCapacity(256)
    write(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Names are field names of the schema, which need no escapes.
  fileprivate func write(to text: inout [UInt8]) {
    text.append(UInt8(ascii: "{"))
    var isFirst = true
    for entry in entries {
      if !isFirst { text.append(UInt8(ascii: ",")) }
      isFirst = false
      text.append(UInt8(ascii: "\""))
      text += entry.name.utf8
      text.append(UInt8(ascii: "\""))
      text.append(UInt8(ascii: ":"))
      entry.value.write(to: &text)
    }
    text.append(UInt8(ascii: "}"))
  }
}

extension FieldValue {
  fileprivate var json: JSONValue {
    switch self {
    case .unsigned(let number): JSONValue(number)
    case .signed(let number): JSONValue(number)
    case .flag(let flag): .flag(flag)
    case .bytes(let bytes): .text(bytes.hex)
    case .unsignedList(let numbers): JSONValue(numbers)
    case .bytesList(let values): .list(values.map { .text($0.hex) })
    case .group(let fields): fields.json
    case .groupList(let groups): .list(groups.map(\.json))
    }
  }

  fileprivate func write(to text: inout [UInt8]) {
    switch self {
    case .unsigned(let number): text += String(number).utf8
    case .signed(let number): text += String(number).utf8
    case .flag(let flag): text += (flag ? "true" : "false").utf8
    case .bytes(let bytes): FieldValue.write(bytes, to: &text)
    case .unsignedList(let numbers): FieldValue.write(numbers, to: &text) { $1 += String($0).utf8 }
    case .bytesList(let values): FieldValue.write(values, to: &text) { FieldValue.write($0, to: &$1) }
    case .group(let fields): fields.write(to: &text)
    case .groupList(let groups): FieldValue.write(groups, to: &text) { $0.write(to: &$1) }
    }
  }

  /// Hexadecimal digits between quotes.
  private static func write(_ bytes: [UInt8], to text: inout [UInt8]) {
    func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") - 10 + nibble }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * bytes.count + 2) { digits in
      digits.initialize(repeating: UInt8(ascii: "\""))
      for (index, byte) in bytes.enumerated() {
        digits[2 * index + 1] = digit(byte >> 4)
        digits[2 * index + 2] = digit(byte & 15)
      }
      text.append(contentsOf: digits)
    }
  }

  private static func write<Item>(_ items: [Item], to text: inout [UInt8], each: (Item, inout [UInt8]) -> Void) {
    text.append(UInt8(ascii: "["))
    for (place, item) in items.enumerated() {
      if place > 0 { text.append(UInt8(ascii: ",")) }
      each(item, &text)
    }
    text.append(UInt8(ascii: "]"))
  }
}
