package import Primitives

/// Sells stake for free TAO.
package struct RemoveStake: LedgerCall {
  package static let descriptor = CallDescriptor(65, "RemoveStake", by: .coldkey, "Take stake back as TAO.")

  package var hotkey = Hotkey()
  package var netuid = NetUID.root
  /// Alpha base units; TAO on root.
  package var amount = Rao.zero
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
    let trade = try state.removeStake(amount.value, by: coldkey, on: hotkey, in: netuid, within: limit)
    return [.stakeTraded("StakeRemoved", coldkey, hotkey, netuid, trade)]
  }
}
