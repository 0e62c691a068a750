import FixedPoint

/// Submitted weights become stored weights: scaled so that the largest is 65535. Ratios are kept, not sums.
package enum WeightUpscaling {
  /// - Parameter weights: As submitted, any order. Shape `[entries]`.
  /// - Returns: Each weight times `65535 / max`, to the nearest integer, halves up; all zeros stay zeros.
  /// - Source: yuma 3 (end), registry 8. For a maximum above 32768 the factor is rounded before it is used, else after: the
  ///   reference takes this turn to stay inside its number type.
  package static func largestBecomesFull(_ weights: [UInt16]) -> [UInt16] {
    guard let largest = weights.max(), largest > 0 else { return weights }
    let full = I32F32(UInt16.max)
    let top = I32F32(largest)
    let factor = full.dividedTowardZeroOrZero(by: top)
    return weights.map { weight in
      let scaled =
        largest > 32768
        ? I32F32(weight).multipliedRoundingDownSaturating(by: factor)
        : I32F32(weight).multipliedRoundingDownSaturating(by: full).dividedTowardZeroOrZero(by: top)
      // A weight never passes the largest, so neither does this pass 65535, and it fits.
      return (scaled.roundedHalfAwayFromZero ?? .max).wholeRoundingDown()
    }
  }
}

extension SparseRows {
  /// One row of submitted weights as it is stored; see ``WeightUpscaling``.
  package static func upscaled(_ row: [(UInt16, UInt16)]) -> [(UInt16, UInt16)] {
    zip(row, WeightUpscaling.largestBecomesFull(row.map(\.1))).map { ($0.0, $1) }
  }
}
