/// A document that is well formed but not of the expected shape.
package enum JSONShapeError: Error, Hashable, Sendable, CustomStringConvertible {
  case missing(member: String)
  case expected(String, found: String)

  package var description: String {
    switch self {
    case .missing(let member): "missing member '\(member)'"
    case .expected(let wanted, let found): "expected \(wanted), found \(found)"
    }
  }
}

extension JSONValue {
  /// The member called `name`, which must be there.
  package func member(_ name: String) throws(JSONShapeError) -> JSONValue {
    guard let value = self[name] else { throw .missing(member: name) }
    return value
  }

  /// The elements of a list.
  package func elements() throws(JSONShapeError) -> [JSONValue] {
    guard case .list(let values) = self else { throw .expected("a list", found: kind) }
    return values
  }

  /// The members of an object, in order.
  package func members() throws(JSONShapeError) -> [JSONMember] {
    guard case .object(let members) = self else { throw .expected("an object", found: kind) }
    return members
  }

  /// The text of a string.
  package func string() throws(JSONShapeError) -> String {
    guard case .text(let text) = self else { throw .expected("a string", found: kind) }
    return text
  }

  /// `true`, `false`, or the integers 1 and 0.
  package func bool() throws(JSONShapeError) -> Bool {
    switch self {
    case .flag(let flag): return flag
    case .integer(1): return true
    case .integer(0): return false
    default: throw .expected("true or false", found: kind)
    }
  }

  /// An exact integer in the range of `Integer`, written as a number or as a decimal string.
  package func integer<Integer: FixedWidthInteger>(
    _ type: Integer.Type = Integer.self
  ) throws(JSONShapeError) -> Integer {
    switch self {
    case .integer(let value):
      if let exact = Integer(exactly: value) { return exact }
    case .text(let text), .decimal(let text):
      if let exact = Integer(text) { return exact }
    default: break
    }
    throw .expected("an integer of \(Integer.bitWidth) bits", found: kind)
  }

  /// A list of exact integers.
  package func integers<Integer: FixedWidthInteger>(
    _ type: Integer.Type = Integer.self
  ) throws(JSONShapeError) -> [Integer] {
    var result: [Integer] = []
    let values = try elements()
    result.reserveCapacity(values.count)
    for value in values { result.append(try value.integer()) }
    return result
  }

  /// Whether this is `null`.
  package var isNull: Bool { self == .null }

  /// What stands here, in a few words for an error message.
  package var kind: String {
    switch self {
    case .null: "null"
    case .flag(let flag): flag ? "true" : "false"
    case .integer(let value): "\(value)"
    case .decimal(let text): text
    case .text(let text): text.utf8.count > 40 ? "a string" : "\"\(text)\""
    case .list(let values): "a list of \(values.count)"
    case .object: "an object"
    }
  }
}
