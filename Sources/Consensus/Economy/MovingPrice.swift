/// The slow price of a subnet: it decides removal and the sale of root dividends, so nobody can move it in a day.
///
/// Prices are Q64 TAO per alpha.
///
/// - Source: economy 9.3.
package enum MovingPrice {
  /// How fast the moving price follows: `numerator / denominator` at most, half of that after `halving` blocks.
  package struct Terms: Hashable, Sendable {
    package var numerator: UInt64
    package var denominator: UInt64
    /// In blocks since the start of the subnet.
    package var halving: UInt64

    package init(numerator: UInt64 = 3, denominator: UInt64 = 1_000_000, halving: UInt64 = 201_600) {
      self.numerator = numerator
      self.denominator = denominator
      self.halving = halving
    }
  }

  /// 1.0 in Q64; a pool's price counts for no more than this.
  package static let one: UInt128 = 1 << 64

  /// The price of a pool in Q64, at most ``one``.
  package static func spot(_ pool: ConstantProductPool) -> UInt128 {
    guard pool.tao < pool.alpha else { return one }
    return UInt128(pool.alpha.dividingFullWidth((pool.tao, 0)).quotient)
  }

  /// The share of the distance to the pool's price that one block covers, over 2^64; never all of it.
  ///
  /// - Precondition: `blocksSinceStart + halving` fits 64 bits.
  package static func smoothing(blocksSinceStart: UInt64, terms: Terms) -> UInt64 {
    let reached = terms.numerator.multipliedFullWidth(by: blocksSinceStart)
    let whole = terms.denominator.multipliedFullWidth(by: sum(blocksSinceStart, terms.halving))
    if reached.high == 0, whole.high == 0 {
      guard reached.low < whole.low else { return .max }
      return whole.low.dividingFullWidth((reached.low, 0)).quotient
    }
    let dividend = UInt128(reached.high) << 64 | UInt128(reached.low)
    let divisor = UInt128(whole.high) << 64 | UInt128(whole.low)
    guard dividend < divisor else { return .max }
    return UInt64(mulDivFloor(dividend, one, divisor))
  }

  /// The moving price one block later.
  ///
  /// - Parameters:
  ///   - average: The moving price before, Q64.
  ///   - pool: The reserves after emission and epochs of this block.
  ///   - blocksSinceStart: At least 1.
  package static func next(
    _ average: UInt128, pool: ConstantProductPool, blocksSinceStart: UInt64, terms: Terms
  ) -> UInt128 {
    let step = smoothing(blocksSinceStart: blocksSinceStart, terms: terms)
    let price = spot(pool)
    return price >= average
      ? average + highProduct(price - average, step)
      : average - highProduct(average - price, step)
  }

  /// Whether root dividends of this block are kept for sale: the moving prices of the live subnets exceed the threshold.
  ///
  /// - Parameters:
  ///   - sum: Of the moving prices before this block's update, Q64.
  ///   - threshold: Q64; negative means always.
  /// - Source: economy 10.4.
  package static func sellsRootDividends(sum: UInt128, threshold: Int128) -> Bool {
    threshold < 0 || sum > UInt128(threshold)
  }
}
