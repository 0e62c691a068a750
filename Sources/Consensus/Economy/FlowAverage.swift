/// The moving average of the TAO that stakers bring to a subnet, less what they take away.
///
/// The average is SQ64 rao per block; a flow is whole rao.
///
/// - Source: economy 10.2.
package enum FlowAverage {
  /// The whole that a smoothing factor is a part of, 2^63 - 1.
  package static let factorUnit = UInt64(Int64.max)

  /// The average one block later: `average + trunc((flow × 2^64 - average) × factor / (2^63 - 1))`.
  ///
  /// Every input in range has a result; nothing overflows, because the average moves towards the flow and not past it.
  ///
  /// - Precondition: `factor <= factorUnit`.
  package static func next(_ average: Int128, flow: Int64, factor: UInt64) -> Int128 {
    precondition(factor <= factorUnit, "A flow factor is above one.")
    let target = Int128(flow) << 64
    // Two's complement gives the exact distance even where it passes 127 bits.
    if target >= average {
      let step = scaled(UInt128(truncatingIfNeeded: target &- average), by: factor)
      return average &+ Int128(truncatingIfNeeded: step)
    }
    let step = scaled(UInt128(truncatingIfNeeded: average &- target), by: factor)
    return average &- Int128(truncatingIfNeeded: step)
  }

  /// `floor(distance × factor / (2^63 - 1))`, without a division.
  private static func scaled(_ distance: UInt128, by factor: UInt64) -> UInt128 {
    if distance == 0 { return 0 }
    // product = tops × 2^64 + bottom, and product < 2^191.
    let lower = UInt64(truncatingIfNeeded: distance).multipliedFullWidth(by: factor)
    let tops = (distance >> 64) * UInt128(factor) + UInt128(lower.high)
    // x = a × 2^63 + b = a × (2^63 - 1) + (a + b): each fold adds a to the quotient and leaves a + b to divide.
    let first = tops << 1 | UInt128(lower.low >> 63)
    let left = first + UInt128(lower.low & factorUnit)
    let second = left >> 63
    let leftover = second + left & UInt128(factorUnit)
    let third = leftover >> 63
    let last = third + leftover & UInt128(factorUnit)
    return first + second + third + (last >= UInt128(factorUnit) ? 1 : 0)
  }
}
