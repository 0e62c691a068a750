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

/// Whether the largest share of an upscaled row is within `limit` of 65535; an all-zero row is.
///
/// - Source: registry 8.
package func isMaxShareWithin(_ limit: UInt16, row: [UInt16]) -> Bool {
  let sum = row.reduce(UInt64(0)) { $0 + UInt64($1) }
  guard sum > 0, let most = row.max() else { return true }
  return UInt64(most) << 32 / sum <= UInt64(limit) << 32 / 65535
}
