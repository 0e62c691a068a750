extension JSONValue {
  /// One line without spaces.
  package var compactText: String { text(style: .compact) }

  /// Two spaces a level, one member or element a line; lists of plain values stay on one line.
  package var prettyText: String { text(style: .pretty) }

  private enum Style { case compact, pretty }

  private func text(style: Style) -> String {
    var bytes: [UInt8] = []
    write(to: &bytes, style: style, level: 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(to bytes: inout [UInt8], style: Style, level: Int) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .flag(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .integer(let value): bytes.append(contentsOf: String(value).utf8)
    case .decimal(let text): bytes.append(contentsOf: text.utf8)
    case .text(let text): JSONValue.write(text, to: &bytes)
    case .list(let values):
      let style = values.allSatisfy(\.isPlain) ? Style.compact : style
      JSONValue.write(values, between: "[]", to: &bytes, style: style, level: level) { value, bytes, level in
        value.write(to: &bytes, style: style, level: level)
      }
    case .object(let members):
      JSONValue.write(members, between: "{}", to: &bytes, style: style, level: level) { member, bytes, level in
        JSONValue.write(member.name, to: &bytes)
        bytes.append(contentsOf: (style == .pretty ? ": " : ":").utf8)
        member.value.write(to: &bytes, style: style, level: level)
      }
    }
  }

  private static func write<Item>(
    _ items: [Item], between brackets: String, to bytes: inout [UInt8], style: Style, level: Int,
    each: (Item, inout [UInt8], Int) -> Void
  ) {
    bytes.append(brackets.utf8.first!)
    for (position, item) in items.enumerated() {
      if position > 0 { bytes.append(UInt8(ascii: ",")) }
      if style == .pretty { newLine(level + 1, to: &bytes) }
      each(item, &bytes, level + 1)
    }
    if style == .pretty && !items.isEmpty { newLine(level, to: &bytes) }
    bytes.append(brackets.utf8.last!)
  }

  private static func newLine(_ level: Int, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
  }

  /// Escapes what JSON demands (quote, backslash, control characters) and leaves all other UTF-8 as it is.
  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
      case 0x0A: bytes.append(contentsOf: "\\n".utf8)
      case 0x0D: bytes.append(contentsOf: "\\r".utf8)
      case 0x09: bytes.append(contentsOf: "\\t".utf8)
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        bytes.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits).utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private var isPlain: Bool {
    switch self {
    case .list, .object: false
    default: true
    }
  }
}
