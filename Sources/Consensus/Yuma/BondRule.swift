package import FixedPoint

/// How bonds move in this epoch: the parameters of section 9, converted once.
struct BondRule {
  /// `α` of the fixed rules: the share that moves. Negative for a moving average above one.
  let move: I32F32
  /// `α'`: the share that is kept.
  let keep: I32F32
  /// `β`: how far bonds follow clipped weights.
  let penalty: I32F32
  let isYuma3: Bool
  /// Set where each pair has its own factor.
  let liquidAlpha: LiquidAlpha?

  /// - Parameter hasConsensus: Whether any column has a consensus above zero; without one, liquid alpha rests.
  init(_ parameters: EpochParameters, hasConsensus: Bool) {
    move = EpochParameters.smoothingFactor(bondsMovingAverage: parameters.bondsMovingAverage)
    keep = I32F32.one.subtractingSaturating(move)
    penalty = I32F32(proportion: parameters.bondsPenalty)
    isYuma3 = parameters.yuma3
    liquidAlpha = parameters.yuma3 && parameters.liquidAlpha && hasConsensus ? LiquidAlpha(parameters) : nil
  }

  /// `WB`: the weight that counts for bonds, between the plain and the clipped one; nil where none does.
  ///
  ///     WB = W + β * (C - W)     the product is negative and rounds down, away from zero
  ///
  /// - Source: yuma 9.1.
  @inline(__always)
  func weightForBonds(_ weight: I32F32, consensus: I32F32) -> I32F32? {
    if penalty == .one { return weight.clipped(at: consensus) }
    if penalty == .zero { return weight }
    let cut = (weight.clipped(at: consensus) ?? .zero).subtractingSaturating(weight)
    let value = weight.addingSaturating(penalty.multipliedRoundingDownSaturating(by: cut))
    return value > .zero ? value : nil
  }
}

extension EpochParameters {
  /// `α = 1 - bondsMovingAverage / 1000000`: 64 fraction bits toward zero, then cut to 32 downward, then subtracted.
  ///
  /// - Source: yuma 9.2.
  package static func smoothingFactor(bondsMovingAverage: UInt64) -> I32F32 {
    let average = I64F64(saturating: bondsMovingAverage).dividedTowardZeroOrZero(by: I64F64(saturating: 1_000_000))
    return I32F32.one.subtractingSaturating(I32F32(roundingDown: average))
  }
}

/// The smoothing factor of one pair: the further weight and consensus, or weight and bond, are apart, the faster it moves.
package struct LiquidAlpha: Sendable {
  let low: I32F32
  let high: I32F32
  let slope: I32F32

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
    factor(exponential: exponent(consensus: consensus, weight: weight, bond: bond).exponential)
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
