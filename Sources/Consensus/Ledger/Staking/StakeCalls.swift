import Economy
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
    let all = state.stake(of: coldkey, on: hotkey, in: netuid)
    let trade = try state.removeStake(all, by: coldkey, on: hotkey, in: netuid, within: limit)
    return [.stakeTraded("StakeRemoved", coldkey, hotkey, netuid, trade)]
  }
}

/// Sells the signer's stake on a hotkey on every subnet where that succeeds.
package struct UnstakeAll: LedgerCall {
  package static let descriptor = CallDescriptor(
    67, "UnstakeAll", by: .coldkey, "Take all your stake on a hotkey back as TAO, on every subnet.")

  package var hotkey = Hotkey()

  package init() {}
  package init(hotkey: Hotkey) { self.hotkey = hotkey }

  package mutating func map(_ fields: inout FieldMapper) { fields.hotkey("hotkey", &hotkey) }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    guard state.hotkeys[hotkey] != nil else { throw .hotKeyAccountNotExists }
    var events: [LedgerEvent] = []
    for netuid in state.chain.netuids {
      let all = state.stake(of: coldkey, on: hotkey, in: netuid)
      guard all > 0 else { continue }
      let savepoint = state.savepoint()
      do throws(LedgerError) {
        let trade = try state.removeStake(all, by: coldkey, on: hotkey, in: netuid, within: nil)
        events.append(.stakeTraded("StakeRemoved", coldkey, hotkey, netuid, trade))
      } catch {
        state.undo(to: savepoint)
      }
    }
    guard !events.isEmpty else { throw .amountTooLow }
    return events
  }
}

/// Moves stake to another hotkey or subnet.
package struct MoveStake: LedgerCall {
  package static let descriptor = CallDescriptor(69, "MoveStake", by: .coldkey, "Move stake to another hotkey or subnet.")

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

extension LedgerEvent {
  fileprivate static func stakeTraded(
    _ name: String, _ coldkey: Coldkey, _ hotkey: Hotkey, _ netuid: NetUID, _ trade: Trade
  ) -> LedgerEvent {
    let (tao, alpha) = trade.side == .buy ? (trade.input, trade.output) : (trade.output, trade.input)
    return LedgerEvent(
      name,
      [
        "coldkey": .coldkey(coldkey), "hotkey": .hotkey(hotkey), "netuid": .netuid(netuid),
        "amount_rao": .number(tao), "amount_alpha": .number(alpha), "fee": .number(trade.fee),
      ])
  }

  fileprivate static func stakeMoved(
    _ name: String, _ coldkey: Coldkey, _ route: StakeRoute, _ move: StakeMove
  ) -> LedgerEvent {
    LedgerEvent(
      name,
      [
        "coldkey": .coldkey(coldkey), "hotkey": .hotkey(route.hotkey), "netuid": .netuid(route.netuid),
        "to_coldkey": .coldkey(route.toColdkey), "to_hotkey": .hotkey(route.toHotkey),
        "to_netuid": .netuid(route.toNetuid), "amount_rao": .number(move.passed),
      ])
  }
}
