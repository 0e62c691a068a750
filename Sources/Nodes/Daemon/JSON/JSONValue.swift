/// A JSON document: what nodes write for machines and read from each other's ready lines, scores and reports.
///
/// Objects keep their order, whole numbers keep all their digits: an amount in rao survives, as it would not in a
/// floating-point number.
package enum JSONValue: Hashable, Sendable {
  package struct Member: Hashable, Sendable {
    package let name: String
    package let value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  case null
  case flag(Bool)
  case signed(Int64)
  case unsigned(UInt64)
  /// Numbers with a fraction or an exponent; finite.
  case decimal(Double)
  case text(String)
  case list([JSONValue])
  case object([Member])

  /// A whole number of any width; negative ones become `signed`, all others `unsigned`.
  package static func number(_ value: some BinaryInteger) -> JSONValue {
    value.signum() < 0 ? .signed(Int64(clamping: value)) : .unsigned(UInt64(clamping: value))
  }

  /// The member's value; nil where there is none, or this is no object.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  package var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  package var unsigned: UInt64? {
    if case .unsigned(let number) = self { number } else { nil }
  }

  package var list: [JSONValue]? {
    if case .list(let values) = self { values } else { nil }
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
  package init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int64) { self = .number(value) }
  package init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension JSONValue {
  /// The document on one line, without spaces.
  package var compactText: String { written(indent: nil) }

  /// The document with two spaces of indent a level, and a newline at the end.
  package var prettyText: String { written(indent: 0) + "\n" }

  private func written(indent: Int?) -> String {
    switch self {
    case .null: "null"
    case .flag(let flag): String(flag)
    case .signed(let number): String(number)
    case .unsigned(let number): String(number)
    case .decimal(let number): number.isFinite ? "\(number)" : "null"
    case .text(let text): "\"\(escapedText(text, limit: .max))\""
    case .list(let values): enclosed("[", values.map { $0.written(indent: indent.map { $0 + 1 }) }, "]", indent: indent)
    case .object(let members):
      enclosed(
        "{",
        members.map { member in
          let name = "\"\(escapedText(member.name, limit: .max))\":" + (indent == nil ? "" : " ")
          return name + member.value.written(indent: indent.map { $0 + 1 })
        }, "}", indent: indent)
    }
  }

  private func enclosed(_ open: String, _ parts: [String], _ close: String, indent: Int?) -> String {
    guard let indent, !parts.isEmpty else { return open + parts.joined(separator: ",") + close }
    let inner = "\n" + String(repeating: "  ", count: indent + 1)
    return open + inner + parts.joined(separator: "," + inner) + "\n" + String(repeating: "  ", count: indent) + close
  }
}
