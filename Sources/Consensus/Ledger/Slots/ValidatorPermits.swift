import FixedPoint
package import Primitives
import Yuma

/// Who may rate others after an epoch, by stake weight.
///
/// Source: registry 7; vectors `registry/validator_permits`. Exact for whole stake weights; the epoch itself takes the
/// fraction bits along.
package struct ValidatorPermits: Sendable {
  /// Shares of the stake in Q32, floored; stakes nearer than 2⁻³² of the total are equal. Shape: `[n]`.
  package let shares: [UInt64]
  /// Shape: `[n]`.
  package let permits: [Bool]

  /// - Parameters:
  ///   - stakes: Stake weight by uid, in rao. Shape: `[n]`.
  ///   - threshold: Less than this counts as nothing, except for the owner.
  ///   - ownerUID: Has a permit in addition, without taking a place.
  package init(stakes: [UInt64], threshold: UInt64, maxValidators: UInt16, ownerUID: UID?) {
    let counted = stakes.enumerated().map { uid, stake in
      stake >= threshold || uid == ownerUID?.index ? stake : 0
    }
    let total = counted.reduce(UInt128(0)) { $0 + UInt128($1) }
    let shares = counted.map { total == 0 ? 0 : UInt64(UInt128($0) << 32 / total) }

    // The seats of the epoch itself; a share is at most one, 2³².
    var permits = TopSeats.mask(of: shares.map { I32F32(bits: Int64($0)) }, seats: maxValidators)
    if let owner = ownerUID?.index, permits.indices.contains(owner) { permits[owner] = true }
    self.shares = shares
    self.permits = permits
  }
}
