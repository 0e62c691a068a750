package import Primitives

/// Moves stake to another hotkey or subnet.
package struct MoveStake: LedgerCall {
  package static let descriptor = CallDescriptor(
    69, "MoveStake", by: .coldkey, "Move stake to another hotkey or subnet.")

  package var hotkey = Hotkey()
  package var netuid = NetUID.root
  package var toHotkey = Hotkey()
  package var toNetuid = NetUID.root
  package var amount = Rao.zero

  package init() {}
  package init(hotkey: Hotkey, netuid: NetUID, toHotkey: Hotkey, toNetuid: NetUID, amount: Rao) {
    self.hotkey = hotkey
    self.netuid = netuid
    self.toHotkey = toHotkey
    self.toNetuid = toNetuid
    self.amount = amount
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.netuid("netuid", &netuid)
    fields.hotkey("to_hotkey", &toHotkey)
    fields.netuid("to_netuid", &toNetuid)
    fields.amount("amount", &amount)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    try host.requireProperKey(toHotkey.account)
    let route = StakeRoute(
      hotkey: hotkey, netuid: netuid, toColdkey: coldkey, toHotkey: toHotkey, toNetuid: toNetuid)
    let move = try state.moveStake(amount.value, by: coldkey, along: route)
    return [.stakeMoved("StakeMoved", coldkey, route, move)]
  }
}
