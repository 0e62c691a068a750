import Economy
package import Primitives

// The operations on stake that calls are made of. Source: economy 13.
extension LedgerState {
  /// Checks that every staking call makes first, in their order.
  ///
  /// - Throws: `SubnetNotExists`, `HotKeyAccountNotExists`, `SubtokenDisabled`.
  func requireStakeable(_ hotkey: Hotkey, in netuid: NetUID) throws(LedgerError) {
    guard let subnet = subnets[netuid] else { throw .subnetNotExists.with("netuid", netuid) }
    guard hotkeys[hotkey] != nil else { throw .hotKeyAccountNotExists }
    guard netuid == .root || subnet.parameters.subtokenEnabled else { throw .subtokenDisabled.with("netuid", netuid) }
  }

  /// Stake that may be taken out: all but what a vote locks on root.
  package func availableStake(of coldkey: Coldkey, on hotkey: Hotkey, in netuid: NetUID) -> UInt64 {
    let held = stake(of: coldkey, on: hotkey, in: netuid)
    guard netuid == .root, held > 0 else { return held }
    return held - min(held, lockedRootStake(of: coldkey, on: hotkey))
  }

  func requireStake(
    _ amount: UInt64, of coldkey: Coldkey, on hotkey: Hotkey, in netuid: NetUID
  ) throws(LedgerError) {
    guard amount > 0 else { throw .amountTooLow.with("amount", amount) }
    let available = availableStake(of: coldkey, on: hotkey, in: netuid)
    guard amount <= available else {
      throw .notEnoughStakeToWithdraw.with("amount", amount).with("available", available)
    }
  }

  /// Buys stake with free TAO.
  mutating func addStake(
    _ amount: UInt64, by coldkey: Coldkey, on hotkey: Hotkey, in netuid: NetUID, within limit: PriceLimit?
  ) throws(LedgerError) -> Trade {
    try requireStakeable(hotkey, in: netuid)
    guard amount > 0 else { throw .amountTooLow.with("amount", amount) }
    let executed = try executable(.buy, amount, in: netuid, within: limit)
    try requireMinimum(executed)
    guard executed <= freeBalance(of: coldkey) else {
      throw .notEnoughBalanceToStake.with("amount", executed).with("free", freeBalance(of: coldkey))
    }
    let trade = try quote(.buy, executed, in: netuid, terms: tradeTerms)

    try deposit(trade.output, by: coldkey, on: hotkey, in: netuid)
    try debit(executed, from: coldkey, shortage: .notEnoughBalanceToStake)
    settle(trade, in: netuid)
    return trade
  }

  /// Sells stake for free TAO.
  mutating func removeStake(
    _ amount: UInt64, by coldkey: Coldkey, on hotkey: Hotkey, in netuid: NetUID, within limit: PriceLimit?
  ) throws(LedgerError) -> Trade {
    try requireStakeable(hotkey, in: netuid)
    try requireStake(amount, of: coldkey, on: hotkey, in: netuid)
    let executed = try executable(.sell, amount, in: netuid, within: limit)
    if executed < availableStake(of: coldkey, on: hotkey, in: netuid) || executed == 0 {
      try requireMinimum(bareProceeds(of: executed, in: netuid))
    }
    let trade = try quote(.sell, executed, in: netuid, terms: tradeTerms)

    try withdraw(executed, by: coldkey, on: hotkey, in: netuid)
    settle(trade, in: netuid)
    credit(trade.output, to: coldkey)
    return trade
  }

  private func requireMinimum(_ tao: UInt64) throws(LedgerError) {
    let minimum = chain.parameters.minStake.value
    guard tao >= minimum else { throw .amountTooLow.with("tao", tao).with("min_stake", minimum) }
  }

  /// What a sale would give by the formula alone, without the checks of a trade.
  private func bareProceeds(of alpha: UInt64, in netuid: NetUID) -> UInt64 {
    netuid == .root ? alpha : pool(of: netuid).bareOutput(.sell, UInt128(alpha), tradeTerms)
  }
}

/// Where stake goes from and to in a move.
package struct StakeRoute: Sendable, Hashable {
  package var hotkey: Hotkey
  package var netuid: NetUID
  package var toColdkey: Coldkey
  package var toHotkey: Hotkey
  package var toNetuid: NetUID

  package init(hotkey: Hotkey, netuid: NetUID, toColdkey: Coldkey, toHotkey: Hotkey, toNetuid: NetUID) {
    self.hotkey = hotkey
    self.netuid = netuid
    self.toColdkey = toColdkey
    self.toHotkey = toHotkey
    self.toNetuid = toNetuid
  }
}

/// What a move did: TAO that passed between the subnets (stake moved, inside one), and stake at the destination.
package struct StakeMove: Sendable, Hashable {
  package let passed: UInt64
  package let received: UInt64
}

extension LedgerState {
  /// Moves stake between hotkeys, subnets or coldkeys: a sale and a purchase across subnets, one fee.
  mutating func moveStake(_ amount: UInt64, by coldkey: Coldkey, along route: StakeRoute) throws(LedgerError)
    -> StakeMove
  {
    for netuid in [route.netuid, route.toNetuid] where !subnets.contains(netuid) {
      throw .subnetNotExists.with("netuid", netuid)
    }
    try requireStakeable(route.hotkey, in: route.netuid)
    try requireStakeable(route.toHotkey, in: route.toNetuid)
    let isSamePlace = route.hotkey == route.toHotkey && route.netuid == route.toNetuid && route.toColdkey == coldkey
    guard !isSamePlace else { throw .sameNetuid }
    try requireStake(amount, of: coldkey, on: route.hotkey, in: route.netuid)
    guard route.netuid != route.toNetuid else {
      try withdraw(amount, by: coldkey, on: route.hotkey, in: route.netuid)
      try deposit(amount, by: route.toColdkey, on: route.toHotkey, in: route.toNetuid)
      return StakeMove(passed: amount, received: amount)
    }

    let passed = route.netuid == .root ? amount : pool(of: route.netuid).bareOutput(.sell, UInt128(amount), tradeTerms)
    guard passed > chain.parameters.minStake.value else {
      throw .amountTooLow.with("tao", passed).with("min_stake", chain.parameters.minStake)
    }
    // One fee: on the sale, or on the purchase when nothing is sold.
    let sale = try quote(.sell, amount, in: route.netuid, terms: tradeTerms)
    let purchaseTerms = route.netuid == .root ? tradeTerms : tradeTerms.withoutFee
    let purchase = try quote(.buy, sale.output, in: route.toNetuid, terms: purchaseTerms)
    try withdraw(amount, by: coldkey, on: route.hotkey, in: route.netuid)
    try deposit(purchase.output, by: route.toColdkey, on: route.toHotkey, in: route.toNetuid)
    settle(sale, in: route.netuid)
    settle(purchase, in: route.toNetuid)
    return StakeMove(passed: sale.output, received: purchase.output)
  }
}
