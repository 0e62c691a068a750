/// The first reserves of a subnet's pool, out of the price its creator has paid.
///
/// - Source: economy 7.3.
package struct PoolSeed: Hashable, Sendable {
  package let pool: ConstantProductPool
  /// The rest of the price, in rao.
  package let recycled: UInt64

  /// The least lock at a price of one; what was paid above it is recycled. The rule of this network.
  package static func minLockAtOne(cost: UInt64, minLock: UInt64) -> PoolSeed {
    let seed = min(cost, minLock)
    return PoolSeed(pool: ConstantProductPool(tao: seed, alpha: seed), recycled: cost - seed)
  }

  /// The whole price, at the median price of the other subnets (one, where there are none).
  ///
  /// - Parameter others: Pools of the other subnets; those with an empty side do not count.
  /// - Returns: Nil when the price is so low that the alpha would pass the supply.
  /// - Precondition: Reserves are within the supply.
  package static func medianPrice(cost: UInt64, others: [ConstantProductPool]) -> PoolSeed? {
    let priced = others.filter { $0.tao > 0 && $0.alpha > 0 }
      .sorted { UInt128($0.tao) * UInt128($1.alpha) < UInt128($1.tao) * UInt128($0.alpha) }
    guard !priced.isEmpty else { return PoolSeed(pool: ConstantProductPool(tao: cost, alpha: cost), recycled: 0) }
    // The mean of t1 / a1 and t2 / a2; for an odd count both are the middle one.
    let low = priced[(priced.count - 1) / 2]
    let high = priced[priced.count / 2]
    let alpha = mulDivFloor(
      UInt128(cost), 2 * UInt128(low.alpha) * UInt128(high.alpha),
      UInt128(low.tao) * UInt128(high.alpha) + UInt128(high.tao) * UInt128(low.alpha))
    guard alpha <= UInt128(EmissionSchedule.supply) else { return nil }
    return PoolSeed(pool: ConstantProductPool(tao: cost, alpha: UInt64(alpha)), recycled: 0)
  }
}
