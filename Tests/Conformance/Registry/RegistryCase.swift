import JSONText
import Ledger
import Primitives

/// One case of a registry file.
struct RegistryCase {
  /// A kind of case for which no rule is known.
  struct UnknownKind: Error { let id: String, kind: String? }

  let id: String
  let kind: String?
  let json: JSONValue

  init(_ json: JSONValue) throws {
    self.id = try json.member("id").string()
    self.kind = try json["kind"]?.string()
    self.json = json
  }

  var unknownKind: UnknownKind { UnknownKind(id: id, kind: kind) }
  var input: JSONValue { get throws { try json.member("input") } }

  /// What of the expectation the outcome does not meet, in words.
  func unmet(by outcome: JSONValue) -> [String] {
    guard case .object(let expected)? = json["expect"], !expected.isEmpty else { return ["expects nothing"] }
    return expected.compactMap { field in
      if field.name == "after_each", field.value.isNull { return nil }
      let found = outcome[field.name]
      if RegistryCase.same(field.value, found ?? .null) { return nil }
      return "\(field.name): expected \(field.value.compactText), found \(found?.compactText ?? "nothing")"
    }
  }

  /// Equality in which a decimal string stands for its number.
  private static func same(_ left: JSONValue, _ right: JSONValue) -> Bool {
    switch (left, right) {
    case (.integer(let number), .text(let text)), (.text(let text), .integer(let number)): String(number) == text
    case (.list(let left), .list(let right)):
      left.count == right.count && zip(left, right).allSatisfy { same($0, $1) }
    case (.object(let left), .object(let right)):
      left.count == right.count
        && left.allSatisfy { member in right.contains { $0.name == member.name && same($0.value, member.value) } }
    default: left == right
    }
  }
}

extension JSONValue {
  func number<Integer: FixedWidthInteger>(_ name: String, as type: Integer.Type = Integer.self) throws -> Integer {
    try member(name).integer(type)
  }

  func flag(_ name: String) throws -> Bool { try member(name).bool() }
  func block(_ name: String) throws -> BlockNumber { BlockNumber(try number(name)) }
  func netuid(_ name: String) throws -> NetUID { NetUID(try number(name)) }

  /// Nil when the member is `null`.
  func uid(_ name: String) throws -> UID? {
    let value = try member(name)
    return value.isNull ? nil : UID(try value.integer())
  }

  init(_ block: BlockNumber?) { self = block.map { JSONValue($0.value) } ?? .null }
  init(_ number: UInt64?) { self = number.map { JSONValue($0) } ?? .null }
  init(_ uid: UID?) { self = uid.map { JSONValue($0.value) } ?? .null }
  init(_ uids: [UID]) { self = .list(uids.map { JSONValue($0.value) }) }
  init(_ flags: [Bool]) { self = .list(flags.map { JSONValue($0) }) }
  /// The name of a refusal, or `null`.
  init(_ error: LedgerError?) { self = error.map { JSONValue($0.code.name) } ?? .null }
}

/// The refusal of a check, or nil.
func refusal(_ body: () throws(LedgerError) -> Void) -> LedgerError? {
  do {
    try body()
    return nil
  } catch {
    return error
  }
}
