package import Primitives

/// Sells all stake of the signer on one hotkey and subnet.
package struct RemoveStakeFull: LedgerCall {
  package static let descriptor = CallDescriptor(
    66, "RemoveStakeFull", by: .coldkey, "Take all your stake on a hotkey and subnet back as TAO.")

  package var hotkey = Hotkey()
  package var netuid = NetUID.root
  package var limitPrice: Rao?

  package init() {}
  package init(hotkey: Hotkey, netuid: NetUID, limitPrice: Rao? = nil) {
    self.hotkey = hotkey
    self.netuid = netuid
    self.limitPrice = limitPrice
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.netuid("netuid", &netuid)
    fields.optionalAmount("limit_price", &limitPrice)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    let limit = limitPrice.map { LedgerState.PriceLimit(price: $0, allowPartial: false) }
    let all = state.availableStake(of: coldkey, on: hotkey, in: netuid)
    let trade = try state.removeStake(all, by: coldkey, on: hotkey, in: netuid, within: limit)
    return [.stakeTraded("StakeRemoved", coldkey, hotkey, netuid, trade)]
  }
}
