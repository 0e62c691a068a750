package import Primitives

extension Fields {
  /// The fields as a JSON object: numbers stay whole numbers, bytes become hexadecimal text.
  package var json: JSONValue { .object(entries.map { JSONMember($0.name, $0.value.json) }) }

  /// The text of `json` on one line, without the value in between: a block has thousands of these.
  package var jsonText: String {
    var text = ""
    text.reserveCapacity(256)
    write(to: &text)
    return text
  }

  /// Names are field names of the schema, which need no escapes.
  fileprivate func write(to text: inout String) {
    text += "{"
    for (place, entry) in entries.enumerated() {
      text += place > 0 ? ",\"" : "\""
      text += entry.name
      text += "\":"
      entry.value.write(to: &text)
    }
    text += "}"
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

  fileprivate func write(to text: inout String) {
    switch self {
    case .unsigned(let number): text += String(number)
    case .signed(let number): text += String(number)
    case .flag(let flag): text += flag ? "true" : "false"
    case .bytes(let bytes): FieldValue.write(bytes, to: &text)
    case .unsignedList(let numbers): FieldValue.write(numbers, to: &text) { $1 += String($0) }
    case .bytesList(let values): FieldValue.write(values, to: &text) { FieldValue.write($0, to: &$1) }
    case .group(let fields): fields.write(to: &text)
    case .groupList(let groups): FieldValue.write(groups, to: &text) { $0.write(to: &$1) }
    }
  }

  private static func write(_ bytes: [UInt8], to text: inout String) {
    text += "\""
    text += bytes.hex
    text += "\""
  }

  private static func write<Item>(_ items: [Item], to text: inout String, each: (Item, inout String) -> Void) {
    text += "["
    for (place, item) in items.enumerated() {
      if place > 0 { text += "," }
      each(item, &text)
    }
    text += "]"
  }
}
