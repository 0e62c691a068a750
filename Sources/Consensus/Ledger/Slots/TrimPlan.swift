package import Primitives

/// Which slots a trim removes, and where the others move.
///
/// Source: registry 6; vectors `registry/uid_trim`.
package struct TrimPlan: Hashable, Sendable {
  /// The slots to clear, ascending.
  package let removed: [UID]
  /// The slots that stay, ascending: the one at index i becomes uid i.
  package let kept: [UID]

  /// Plans a trim to `maxUIDs`, from the lowest emission up, on ties the higher uid first, immune slots left alone.
  ///
  /// - Parameters:
  ///   - occupants: All neurons of the subnet, in order of uid.
  ///   - allowed: `min_allowed_uids` to `max_allowed_uids` as they stand.
  /// - Throws: `invalidValue`, `trimmingWouldExceedMaxImmunePercentage`.
  package init(
    of occupants: [SlotOccupant], to maxUIDs: Int, allowed: (least: Int, most: Int), protection: SlotProtection
  ) throws(LedgerError) {
    guard maxUIDs >= allowed.least, maxUIDs <= allowed.most else {
      throw .invalidValue.with("max_n", maxUIDs).with("min_allowed_uids", allowed.least)
        .with("max_allowed_uids", allowed.most)
    }
    guard occupants.count > maxUIDs else {
      self.removed = []
      self.kept = occupants.map(\.uid)
      return
    }
    let immortal = protection.immortalUIDs(of: occupants)
    let removable = occupants.filter { !immortal.contains($0.uid) && !protection.isImmune($0) }
    let immuneCount = occupants.count - removable.count
    guard 5 * immuneCount < 4 * maxUIDs else {
      throw .trimmingWouldExceedMaxImmunePercentage.with("immune", immuneCount).with("max_n", maxUIDs)
    }
    // Less than four fifths of what stays are immune, so there are always enough to remove.
    let leaving = removable.sorted { ($0.emission, $1.uid) < ($1.emission, $0.uid) }
      .prefix(occupants.count - maxUIDs).map(\.uid).sorted()
    self.removed = leaving
    self.kept = occupants.map(\.uid).filter { !leaving.contains($0) }
  }

  /// Old and new number of every slot that stays, ascending.
  package var mapping: [(old: UID, new: UID)] {
    kept.enumerated().map { (old: $1, new: UID(UInt16($0))) }
  }
}
