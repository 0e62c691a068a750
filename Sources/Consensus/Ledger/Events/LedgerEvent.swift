package import Primitives

/// Something that happened, in the words of registry 20.2; rules return them, nodes store and announce them.
package struct LedgerEvent: Sendable, Hashable {
  /// UpperCamelCase, as in the specification.
  package let name: String
  package let fields: Fields

  package init(_ name: String, _ fields: Fields) {
    self.name = name
    self.fields = fields
  }

  /// The `Event` message: one group entry.
  package var message: Fields { Fields([.init(name: snakeCase(name), value: .group(fields))]) }

  /// The subnet this tells of, where it tells of one.
  package var netuid: NetUID? {
    guard case .unsigned(let value)? = fields["netuid"] else { return nil }
    return UInt16(exactly: value).map(NetUID.init)
  }
}

/// Values as event fields.
extension FieldValue {
  package static func account(_ account: AccountID) -> FieldValue { .bytes(account.bytes) }
  package static func coldkey(_ coldkey: Coldkey) -> FieldValue { .bytes(coldkey.bytes) }
  package static func hotkey(_ hotkey: Hotkey) -> FieldValue { .bytes(hotkey.bytes) }
  package static func hash(_ hash: Hash256) -> FieldValue { .bytes(hash.bytes) }
  package static func netuid(_ netuid: NetUID) -> FieldValue { .unsigned(UInt64(netuid.value)) }
  package static func mechid(_ mechid: MechID) -> FieldValue { .unsigned(UInt64(mechid.value)) }
  package static func uid(_ uid: UID) -> FieldValue { .unsigned(UInt64(uid.value)) }
  package static func block(_ block: BlockNumber) -> FieldValue { .unsigned(block.value) }
  package static func number<T: FixedWidthInteger & UnsignedInteger>(_ value: T) -> FieldValue {
    .unsigned(UInt64(value))
  }
  package static func error(_ code: LedgerErrorCode?) -> FieldValue { .unsigned(UInt64(code?.rawValue ?? 0)) }
}
