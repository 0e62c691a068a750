package import FixedPoint

/// The smoothing factor of one pair: the further weight and consensus, or weight and bond, are apart, the faster it moves.
package struct LiquidAlpha: Sendable {
  let low: I32F32
  let high: I32F32
  let slope: I32F32
  let series = ExponentialSeries()

  /// - Source: yuma 9.4: `slope = steepness / -100`, toward zero.
  package init(_ parameters: EpochParameters) {
    low = I32F32(proportion: parameters.alphaLow)
    high = I32F32(proportion: parameters.alphaHigh)
    slope = I32F32(saturating: parameters.alphaSigmoidSteepness)
      .dividedTowardZeroSaturating(by: I32F32(saturating: -100))
  }

  /// `alpha(c, w, b)`, in `low...high`.
  ///
  ///     δ = w - c when buying (w >= b), b - w when selling; clamped to 0...1
  ///     z = slope * (δ - 1/2)                  rounds down
  ///     σ = 1 / (1 + e^z)                      rounds toward zero
  ///     a = low + σ * (high - low), then at most high, then at least low
  ///
  /// - Parameters: All shares in 0...1: the column's consensus, the weight for bonds, the old bond.
  /// - Source: yuma 9.4.
  package func factor(consensus: I32F32, weight: I32F32, bond: I32F32) -> I32F32 {
    factor(exponential: series(exponent(consensus: consensus, weight: weight, bond: bond)))
  }

  /// `z` of ``factor(consensus:weight:bond:)``.
  @inline(__always)
  func exponent(consensus: I32F32, weight: I32F32, bond: I32F32) -> I32F32 {
    let distance = weight >= bond ? weight.subtractingSaturating(consensus) : bond.subtractingSaturating(weight)
    return slope.multipliedRoundingDownSaturating(by: distance.clamped(to: .zero ... .one).subtractingSaturating(.half))
  }

  /// `a` of ``factor(consensus:weight:bond:)``, given `e^z`.
  @inline(__always)
  func factor(exponential: I32F32) -> I32F32 {
    let sigmoid = I32F32.one.addingSaturating(exponential).reciprocalTowardZero
    let raw = low.addingSaturating(sigmoid.multipliedRoundingDownSaturating(by: high.subtractingSaturating(low)))
    return max(min(raw, high), low)
  }
}
