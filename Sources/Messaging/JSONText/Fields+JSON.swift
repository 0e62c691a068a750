package import Primitives

extension Fields {
  /// The fields as a JSON object: numbers stay whole numbers, bytes become hexadecimal text.
  package var json: JSONValue { .object(entries.map { JSONMember($0.name, $0.value.json) }) }
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
}
