import JSONText
import Keys
import Primitives
import Wire

/// Messages as JSON: accounts as addresses, hashes as digits, texts as texts.
enum FieldsJSON {
  /// Every field of a message under its own name.
  static func value(_ fields: Fields) -> JSONValue {
    .object(fields.entries.map { JSONMember($0.name, value($0.value, named: $0.name)) })
  }

  private static func value(_ value: FieldValue, named name: String) -> JSONValue {
    switch value {
    case .unsigned(let number): JSONValue(number)
    case .signed(let number): JSONValue(number)
    case .flag(let flag): .flag(flag)
    case .bytes(let bytes): text(bytes, named: name)
    case .unsignedList(let numbers): JSONValue(numbers)
    case .bytesList(let list):
      name == "events" ? .list(list.map(event)) : .list(list.map { text($0, named: name) })
    case .group(let group): FieldsJSON.value(group)
    case .groupList(let groups): .list(groups.map { FieldsJSON.value($0) })
    }
  }

  /// Fields that hold an account.
  private static let accountNames: Set<String> = [
    "account", "author", "authorities", "burn_account", "child", "coldkey", "coldkeys", "delegate", "from", "hotkey",
    "hotkeys", "key", "keys", "new", "next_keys", "old", "owner", "owner_coldkey", "owner_hotkey", "proposer", "real",
    "signer", "spawner", "sudo_key", "to", "to_coldkey", "to_hotkey",
  ]

  private static func text(_ bytes: [UInt8], named name: String) -> JSONValue {
    if bytes.isEmpty { return "" }
    if bytes.count == Bytes32.count, let account = AccountID(bytes) {
      return .text(accountNames.contains(name) ? account.address : account.description)
    }
    if let text = String(validating: bytes, as: UTF8.self), text.unicodeScalars.allSatisfy(isPrintable) {
      return .text(text)
    }
    return .text("0x" + bytes.hex)
  }

  private static func event(_ bytes: [UInt8]) -> JSONValue {
    (try? WireCodec.decode(bytes, as: .event)).map { value($0) } ?? .text("0x" + bytes.hex)
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory != .control
  }
}
