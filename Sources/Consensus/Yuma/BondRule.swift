package import FixedPoint

/// How bonds move in this epoch: the parameters of section 9, converted once.
struct BondRule {
  let smoothing: FixedSmoothing
  /// `β`: how far bonds follow clipped weights.
  let penalty: I32F32
  let isYuma3: Bool
  /// Set where each pair has its own factor.
  let liquidAlpha: LiquidAlpha?

  /// - Parameter hasConsensus: Whether any column has a consensus above zero; without one, liquid alpha rests.
  init(_ parameters: EpochParameters, hasConsensus: Bool) {
    smoothing = FixedSmoothing(
      move: EpochParameters.smoothingFactor(bondsMovingAverage: parameters.bondsMovingAverage))
    penalty = I32F32(proportion: parameters.bondsPenalty)
    isYuma3 = parameters.yuma3
    liquidAlpha = parameters.yuma3 && parameters.liquidAlpha && hasConsensus ? LiquidAlpha(parameters) : nil
  }

  /// `WB` for a partial penalty: the weight that counts for bonds, between the plain and the clipped one; `absent` where that
  /// is zero.
  ///
  ///     WB = W + β * (C - W)     the product is negative and rounds down, away from zero
  ///
  /// Without penalty it is `W` as it stands, with the full penalty `C`.
  ///
  /// - Source: yuma 9.1.
  @inline(__always)
  func weightBetween(_ weight: I32F32, and clipped: I32F32) -> I32F32 {
    let cut = penalty.multipliedRoundingDownSaturating(by: clipped.subtractingSaturating(weight))
    let value = weight.addingSaturating(cut)
    return value > .zero ? value : BondColumn.absent
  }
}

/// Smoothing with one factor for all pairs (`ema`).
struct FixedSmoothing {
  /// `α`: the share that moves. Negative for a moving average above one.
  let move: I32F32
  /// `α'`: the share that is kept.
  let keep: I32F32
  /// Whether both lie in 0...1, as any moving average up to one makes them.
  let isByShare: Bool

  init(move: I32F32) {
    self.move = move
    keep = I32F32.one.subtractingSaturating(move)
    isByShare = move >= .zero && keep >= .zero
  }

  /// `α * fresh + α' * old`; zero or less means the bond is not kept.
  ///
  /// Both products round down and saturate, and so does the sum.
  ///
  /// - Source: yuma 9.2.
  @inline(__always)
  func smoothed(fresh: I32F32, old: I32F32) -> I32F32 {
    move.multipliedRoundingDownSaturating(by: fresh)
      .addingSaturating(keep.multipliedRoundingDownSaturating(by: old))
  }

  /// The same where `isByShare`: two parts of one, so that no product and no sum can pass it or fall below zero.
  @inline(__always)
  func smoothedByShare(fresh: I32F32, old: I32F32) -> I32F32 {
    move.shareRoundingDown(of: fresh).addingWrapping(keep.shareRoundingDown(of: old))
  }
}

extension BondRule {
  /// Smoothing with a factor `a` of the pair's own: `min(1, (1 - a) * old + max(0, a * weight))`; products round down.
  ///
  /// - Source: yuma 9.4.3.
  @inline(__always)
  static func smoothed(weight: I32F32, old: I32F32, factor: I32F32) -> I32F32 {
    // All are shares, so neither product is below zero.
    let kept = I32F32(bits: I32F32.one.bits &- factor.bits).shareRoundingDown(of: old)
    return min(.one, kept.addingWrapping(factor.shareRoundingDown(of: weight)))
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
