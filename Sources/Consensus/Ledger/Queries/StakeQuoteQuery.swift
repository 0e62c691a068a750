import Economy
package import Primitives

/// What buying or selling stake would give now, with the price before and after.
///
/// The pool's own checks are made, not those on the asker's balance, stake or minimum.
package struct StakeQuoteQuery: StateQuery {
  package static let name = "stake_quote"

  package var netuid = NetUID.root
  /// Rao to buy with, or alpha to sell; the fee is part of it.
  package var amount: UInt64 = 0
  package var buy = false
  /// Rao per whole alpha.
  package var limitPrice: Rao?
  package var allowPartial = false

  package init() {}
  package init(
    netuid: NetUID, amount: UInt64, buy: Bool = false, limitPrice: Rao? = nil, allowPartial: Bool = false
  ) {
    self.netuid = netuid
    self.amount = amount
    self.buy = buy
    self.limitPrice = limitPrice
    self.allowPartial = allowPartial
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.number("amount", &amount)
    fields.flag("buy", &buy)
    fields.optionalAmount("limit_price", &limitPrice)
    fields.flag("allow_partial", &allowPartial)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> StakeQuoteAnswer {
    let subnet = try state.subnet(netuid)
    guard netuid == .root || subnet.parameters.subtokenEnabled else { throw .subtokenDisabled.with("netuid", netuid) }
    guard amount > 0 else { throw .amountTooLow.with("amount", amount) }
    let side = buy ? TradeSide.buy : .sell
    let limit = limitPrice.map { LedgerState.PriceLimit(price: $0, allowPartial: allowPartial) }
    let executed = try state.executable(side, amount, in: netuid, within: limit)
    let trade = try state.quote(side, executed, in: netuid, terms: state.tradeTerms)
    return StakeQuoteAnswer(trade, before: netuid == .root ? nil : state.pool(of: netuid))
  }
}

package struct StakeQuoteAnswer: FieldMapped {
  /// What would be traded of the amount.
  package var input: UInt64 = 0
  /// The part of `input` that buys nothing.
  package var fee: UInt64 = 0
  package var output: UInt64 = 0
  /// Rao per whole alpha, rounded down, at most what 64 bits hold.
  package var priceBefore = Rao.zero
  package var priceAfter = Rao.zero
  package var pricePaid = Rao.zero
  /// Parts per million by which the output is less than at the price before, rounded down; the fee is in it.
  package var slippagePPM: UInt32 = 0

  package init() {}

  /// - Parameter pool: Nil on root, where a unit is a unit.
  init(_ trade: Trade, before pool: ConstantProductPool?) {
    input = trade.input
    fee = trade.fee
    output = trade.output
    (priceBefore, priceAfter, pricePaid) = (.tao(1), .tao(1), .tao(1))
    guard let pool else { return }
    var after = pool
    after.apply(trade)
    priceBefore = Rao(UInt64(clamping: pool.displayPrice))
    priceAfter = Rao(UInt64(clamping: after.displayPrice))
    let (tao, alpha) = trade.side == .buy ? (input, output) : (output, input)
    pricePaid = Rao(UInt64(clamping: ConstantProductPool(tao: tao, alpha: alpha).displayPrice))
    slippagePPM = Self.slippage(trade, in: pool)
  }

  private static func slippage(_ trade: Trade, in pool: ConstantProductPool) -> UInt32 {
    let (reserveIn, reserveOut) = trade.side == .buy ? (pool.tao, pool.alpha) : (pool.alpha, pool.tao)
    guard reserveIn > 0 else { return 0 }
    let fair = UInt128(trade.input) * UInt128(reserveOut) / UInt128(reserveIn)
    let output = UInt128(trade.output)
    guard fair > output else { return 0 }
    let lost = fair - output
    // A product past 128 bits needs no last digit.
    return UInt32(clamping: lost >> 96 == 0 ? lost * 1_000_000 / fair : lost / (fair / 1_000_000))
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.number("input", &input)
    fields.number("fee", &fee)
    fields.number("output", &output)
    fields.amount("price_before", &priceBefore)
    fields.amount("price_after", &priceAfter)
    fields.amount("price_paid", &pricePaid)
    fields.number("slippage_ppm", &slippagePPM)
  }
}
