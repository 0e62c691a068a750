/// A JSON document as a value: integers exact, object members in the order they were written.
///
/// Numbers never pass through floating point. A number without fraction and exponent that fits 128 bits is an
/// `.integer`; every other number keeps its text as a `.decimal`.
package enum JSONValue: Hashable, Sendable {
  case null
  case flag(Bool)
  case integer(Int128)
  /// A number that is not an exact integer, as its own text: `0.25`, `1e3`.
  case decimal(String)
  case text(String)
  case list([JSONValue])
  case object([JSONMember])

  /// The member called `name`; nil when absent or when this is not an object.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    for member in members where member.name == name { return member.value }
    return nil
  }

  /// A number with a fixed count of fraction digits, rounded toward zero: `fixed(12345, digits: 3)` is `12.345`.
  package static func fixed(_ scaled: Int64, digits: Int) -> JSONValue {
    let text = String(scaled.magnitude)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    let point = padded.index(padded.endIndex, offsetBy: -digits)
    let fraction = digits == 0 ? "" : "." + padded[point...]
    return .decimal((scaled < 0 ? "-" : "") + padded[..<point] + fraction)
  }
}

/// One named value of an object.
package struct JSONMember: Hashable, Sendable {
  package let name: String
  package let value: JSONValue

  package init(_ name: String, _ value: JSONValue) {
    self.name = name
    self.value = value
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(nilLiteral: ()) { self = .null }
  package init(booleanLiteral value: Bool) { self = .flag(value) }
  package init(integerLiteral value: Int64) { self = .integer(Int128(value)) }
  package init(stringLiteral value: String) { self = .text(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { JSONMember($0.0, $0.1) })
  }
}

extension JSONValue {
  /// An integer of any width up to 128 bits.
  package init(_ value: some FixedWidthInteger) {
    self = Int128(exactly: value).map { .integer($0) } ?? .decimal(String(value))
  }
  package init(_ value: Bool) { self = .flag(value) }
  package init(_ value: String) { self = .text(value) }
  package init(_ values: [some FixedWidthInteger]) { self = .list(values.map { JSONValue($0) }) }
}
