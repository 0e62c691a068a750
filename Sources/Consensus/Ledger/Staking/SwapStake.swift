package import Primitives

/// Moves stake to another subnet under the same hotkey.
package struct SwapStake: LedgerCall {
  package static let descriptor = CallDescriptor(70, "SwapStake", by: .coldkey, "Move stake to another subnet.")

  package var hotkey = Hotkey()
  package var netuid = NetUID.root
  package var toNetuid = NetUID.root
  package var amount = Rao.zero

  package init() {}
  package init(hotkey: Hotkey, netuid: NetUID, toNetuid: NetUID, amount: Rao) {
    self.hotkey = hotkey
    self.netuid = netuid
    self.toNetuid = toNetuid
    self.amount = amount
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.netuid("netuid", &netuid)
    fields.netuid("to_netuid", &toNetuid)
    fields.amount("amount", &amount)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    let route = StakeRoute(hotkey: hotkey, netuid: netuid, toColdkey: coldkey, toHotkey: hotkey, toNetuid: toNetuid)
    let move = try state.moveStake(amount.value, by: coldkey, along: route)
    return [.stakeMoved("StakeSwapped", coldkey, route, move)]
  }
}
