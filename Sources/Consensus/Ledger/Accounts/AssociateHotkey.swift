package import Primitives

/// Pairs a hotkey with the signing coldkey; succeeds without a change when it has an owner already.
package struct AssociateHotkey: LedgerCall {
  package static let descriptor = CallDescriptor(1, "AssociateHotkey", by: .coldkey, "Pair a hotkey with your coldkey.")

  package var hotkey = Hotkey()

  package init() {}
  package init(hotkey: Hotkey) { self.hotkey = hotkey }

  package mutating func map(_ fields: inout FieldMapper) { fields.hotkey("hotkey", &hotkey) }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    try host.requireHotkeyAccount(hotkey)
    guard state.owner(of: hotkey) == nil else { return [] }

    state.pairIfUnowned(hotkey, with: coldkey)
    return [.hotkeyAssociated(coldkey: coldkey, hotkey: hotkey)]
  }
}

extension LedgerEvent {
  static func hotkeyAssociated(coldkey: Coldkey, hotkey: Hotkey) -> LedgerEvent {
    LedgerEvent("HotkeyAssociated", ["coldkey": .coldkey(coldkey), "hotkey": .hotkey(hotkey)])
  }
}
