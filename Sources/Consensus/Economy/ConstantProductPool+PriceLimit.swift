extension ConstantProductPool {
  /// The largest input, fee included, after which the price is still within a limit.
  ///
  /// - Parameters:
  ///   - side: A buyer's limit is a highest price, a seller's a lowest one.
  ///   - limit: In rao per one whole alpha (10^9 units).
  /// - Returns: At most `maxInputMultiple` times the input reserve, which can pass 64 bits.
  /// - Throws: `.priceLimitExceeded` when the price is at or past the limit already.
  /// - Complexity: At most 97 steps of bisection; 65 with the multiple of 1,000.
  /// - Source: economy 9.2.
  package func maxInput(
    _ side: TradeSide, limit: UInt64, terms: TradeTerms
  ) throws(TradeRefusal) -> UInt128 {
    let price = UInt128(tao) * 1_000_000_000
    let bound = UInt128(limit) * UInt128(alpha)
    guard side == .buy ? price < bound : price > bound else { throw .priceLimitExceeded }

    var most = UInt128(reserves(for: side).input) * UInt128(terms.maxInputMultiple)
    if isWithin(limit, after: most, side, terms) { return most }
    // `least` keeps the limit, `most` breaks it.
    var least: UInt128 = 0
    while most - least > 1 {
      let middle = least + (most - least) / 2
      if isWithin(limit, after: middle, side, terms) { least = middle } else { most = middle }
    }
    return least
  }

  /// The part of an order that its limit allows.
  ///
  /// - Returns: `amount`, or with `allowPartial` the largest input within the limit.
  /// - Throws: `.priceLimitExceeded`; `.slippageTooHigh` when only a part fits and no part is wanted.
  /// - Source: economy 9.2.
  package func executable(
    _ side: TradeSide, _ amount: UInt64, limit: UInt64, allowPartial: Bool, terms: TradeTerms
  ) throws(TradeRefusal) -> UInt64 {
    try allowed(amount, of: maxInput(side, limit: limit, terms: terms), allowPartial: allowPartial)
  }

  /// Whether the price after an input of `gross` keeps the limit; true stays true for every smaller input.
  private func isWithin(_ limit: UInt64, after gross: UInt128, _ side: TradeSide, _ terms: TradeTerms) -> Bool {
    let out = UInt128(bareOutput(side, gross, terms))
    switch side {
    case .buy:
      return (UInt128(tao) + gross) * 1_000_000_000 <= UInt128(limit) * (UInt128(alpha) - out)
    case .sell:
      // The limit is below the present price, so this product stays below 2^127.
      return (UInt128(tao) - out) * 1_000_000_000 >= UInt128(limit) * (UInt128(alpha) + gross)
    }
  }

  /// The output by the formula alone, without the checks of a trade.
  package func bareOutput(_ side: TradeSide, _ gross: UInt128, _ terms: TradeTerms) -> UInt64 {
    let (reserveIn, reserveOut) = reserves(for: side)
    let net = gross - gross * UInt128(terms.feeRate) / 65_535
    let filled = UInt128(reserveIn) + net
    guard filled > 0 else { return 0 }
    if filled >> 64 == 0 { return mulDivFloor(reserveOut, UInt64(net), UInt64(filled)) }
    return UInt64(mulDivFloor(UInt128(reserveOut), net, filled))
  }
}

/// Staking on root trades nothing: one TAO is one TAO.
///
/// - Source: economy 9.2, last paragraph.
package enum RootPrice {
  /// The price of root in rao per 10^9 units.
  package static let fixed: UInt64 = 1_000_000_000

  /// The part of an order on root that its limit allows: all of it, or nothing.
  ///
  /// - Throws: `.slippageTooHigh` when nothing fits and a part is not wanted.
  package static func executable(
    _ side: TradeSide, _ amount: UInt64, limit: UInt64, allowPartial: Bool
  ) throws(TradeRefusal) -> UInt64 {
    let fits = side == .buy ? limit >= fixed : limit <= fixed
    return try allowed(amount, of: fits ? .max : 0, allowPartial: allowPartial)
  }
}

private func allowed(_ amount: UInt64, of most: UInt128, allowPartial: Bool) throws(TradeRefusal) -> UInt64 {
  if UInt128(amount) <= most { return amount }
  guard allowPartial else { throw .slippageTooHigh }
  return UInt64(most)
}
