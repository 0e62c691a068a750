package import Primitives

/// Buys stake on a hotkey with free TAO.
package struct AddStake: LedgerCall {
  package static let descriptor = CallDescriptor(64, "AddStake", by: .coldkey, "Stake TAO on a hotkey.")

  package var hotkey = Hotkey()
  package var netuid = NetUID.root
  /// Rao.
  package var amount = Rao.zero
  /// Rao per whole alpha that the price may reach; nil for no limit.
  package var limitPrice: Rao?
  package var allowPartial = false

  package init() {}
  package init(hotkey: Hotkey, netuid: NetUID, amount: Rao, limitPrice: Rao? = nil, allowPartial: Bool = false) {
    self.hotkey = hotkey
    self.netuid = netuid
    self.amount = amount
    self.limitPrice = limitPrice
    self.allowPartial = allowPartial
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.netuid("netuid", &netuid)
    fields.amount("amount", &amount)
    fields.optionalAmount("limit_price", &limitPrice)
    fields.flag("allow_partial", &allowPartial)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    let limit = limitPrice.map { LedgerState.PriceLimit(price: $0, allowPartial: allowPartial) }
    let trade = try state.addStake(amount.value, by: coldkey, on: hotkey, in: netuid, within: limit)
    return [.stakeTraded("StakeAdded", coldkey, hotkey, netuid, trade)]
  }
}
