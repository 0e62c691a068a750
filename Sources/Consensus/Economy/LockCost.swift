/// What creating a subnet costs: it doubles with each creation and falls back over an interval.
///
/// - Source: economy 7.1.
package enum LockCost {
  /// The interval after which the price has returned to the one just paid; it shrinks with the block emission.
  package static func effectiveInterval(reductionInterval: UInt64, issuance: UInt64) -> UInt64 {
    let emission = EmissionSchedule.emission(atIssuance: issuance)
    return mulDivFloor(reductionInterval, emission, EmissionSchedule.baseEmission)
  }

  /// The price of the next subnet, in rao.
  ///
  /// - Parameters:
  ///   - lastLock: The price paid last, or `minLock` at genesis.
  ///   - lastLockBlock: When it was paid; 0 means nobody has paid yet.
  ///   - now: The present block.
  ///   - minLock: The price never falls below this.
  ///   - reductionInterval: In blocks, before any halving.
  ///   - issuance: TAO in existence, in rao.
  /// - Precondition: `now >= lastLockBlock`, and twice `lastLock` fits 64 bits.
  package static func cost(
    lastLock: UInt64, lastLockBlock: UInt64, now: UInt64, minLock: UInt64, reductionInterval: UInt64, issuance: UInt64
  ) -> UInt64 {
    let interval = effectiveInterval(reductionInterval: reductionInterval, issuance: issuance)
    let perBlock = interval == 0 ? 0 : lastLock / interval
    let raised = lastLockBlock == 0 ? lastLock : sum(lastLock, lastLock)
    let reduction = perBlock.multipliedFullWidth(by: rest(of: now, without: lastLockBlock))
    guard reduction.high == 0, reduction.low < raised else { return minLock }
    return max(minLock, raised - reduction.low)
  }
}
