package import Primitives

/// One stored weight of a row.
package struct WeightEntry: Hashable, Sendable {
  package let uid: UID
  /// Relative to the row's largest, which is 65535; ratios are kept, not sums.
  package let weight: UInt16

  package init(uid: UID, weight: UInt16) {
    self.uid = uid
    self.weight = weight
  }
}

/// Raises values so that the largest becomes 65535, ratios kept; an all-zero row stays as it is.
///
/// Above 32768 one factor serves the whole row, below it every value has its own quotient; both in Q32, floored, then
/// rounded half up. Source: registry 8; vectors `registry/weight_normalization`.
package func upscaled(_ values: [UInt16]) -> [UInt16] {
  guard let most = values.max().map(UInt64.init), most > 0 else { return values }
  // 48 bits; times a value of 16 bits it still fits in 64.
  let whole: UInt64 = 65535 << 32
  let half: UInt64 = 1 << 31
  let factor = whole / most
  return values.map { value in
    let raised = most > 32768 ? UInt64(value) * factor : UInt64(value) * whole / most
    return UInt16((raised + half) >> 32)
  }
}

/// Whether the largest share of an upscaled row is within `limit` of 65535; an all-zero row is.
///
/// - Source: registry 8.
package func isMaxShareWithin(_ limit: UInt16, row: [UInt16]) -> Bool {
  let sum = row.reduce(UInt64(0)) { $0 + UInt64($1) }
  guard sum > 0, let most = row.max() else { return true }
  return UInt64(most) << 32 / sum <= UInt64(limit) << 32 / 65535
}
