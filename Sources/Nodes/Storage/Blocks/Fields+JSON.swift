package import Daemon
package import Primitives

extension Fields {
  /// The fields as a JSON object: numbers stay whole numbers, bytes become hexadecimal text.
  package var json: JSONValue {
    .object(entries.map { JSONValue.Member($0.name, $0.value.json) })
  }
}

extension FieldValue {
  fileprivate var json: JSONValue {
    switch self {
    case .unsigned(let number): .unsigned(number)
    case .signed(let number): .number(number)
    case .flag(let flag): .flag(flag)
    case .bytes(let bytes): .text(bytes.hex)
    case .unsignedList(let numbers): .list(numbers.map { .unsigned($0) })
    case .bytesList(let values): .list(values.map { .text($0.hex) })
    case .group(let fields): fields.json
    case .groupList(let groups): .list(groups.map(\.json))
    }
  }
}
