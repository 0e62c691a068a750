/// How much of an epoch's space a hotkey has used on one subnet.
///
/// Source: registry 12; vectors `registry/commitment_quota`.
package struct CommitmentQuota: Hashable, Sendable {
  /// Fields that one commitment may have.
  package static let fieldLimit = 3
  /// What the smallest commitment is charged.
  package static let minimumCharge: UInt64 = 100

  /// The epoch that `used` counts for.
  package private(set) var epoch: UInt64
  package private(set) var used: UInt64

  package init(epoch: UInt64 = 0, used: UInt64 = 0) {
    self.epoch = epoch
    self.used = used
  }

  /// Charges a commitment with these field lengths, in bytes.
  ///
  /// - Throws: `tooManyFieldsInCommitmentInfo`, `spaceLimitExceeded`; the quota is then unchanged.
  package mutating func charge(fieldLengths: [Int], at position: EpochPosition, maxSpace: UInt64) throws(LedgerError) {
    guard fieldLengths.count <= CommitmentQuota.fieldLimit else {
      throw .tooManyFieldsInCommitmentInfo.with("fields", fieldLengths.count)
    }
    let charge = max(CommitmentQuota.minimumCharge, fieldLengths.reduce(UInt64(0)) { $0 + UInt64(clamping: $1) })
    let before = position.epoch == epoch ? used : 0
    let (after, overflow) = before.addingReportingOverflow(charge)
    guard !overflow, after <= maxSpace else {
      let next = position.epoch == .max ? nil : position.firstBlock(of: position.epoch + 1)
      throw .spaceLimitExceeded.with("used", before).with("charge", charge).with("commitment_max_space", maxSpace)
        .retrying(at: charge <= maxSpace ? next : nil, now: position.block)
    }
    epoch = position.epoch
    used = after
  }
}
