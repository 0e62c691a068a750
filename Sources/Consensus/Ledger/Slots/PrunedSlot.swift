package import Primitives

extension SlotProtection {
  /// The slot that a newcomer takes when the subnet is full; nil when every slot is protected.
  ///
  /// The least by (emission, registration, uid) among those past immunity, while more than `minNonImmuneUIDs` of them
  /// exist; otherwise the least among the immune. Immortal slots are never taken.
  ///
  /// - Complexity: O(n).
  /// - Source: registry 6; vectors `registry/pruning`.
  package func prunedUID(of occupants: [SlotOccupant], minNonImmuneUIDs: Int) -> UID? {
    let immortal = immortalUIDs(of: occupants)
    var free: SlotOccupant?
    var immune: SlotOccupant?
    var freeCount = 0
    for occupant in occupants where !immortal.contains(occupant.uid) {
      if isImmune(occupant) {
        immune = lesser(immune, occupant)
      } else {
        freeCount += 1
        free = lesser(free, occupant)
      }
    }
    return freeCount > minNonImmuneUIDs ? free?.uid : immune?.uid
  }

  private func lesser(_ best: SlotOccupant?, _ other: SlotOccupant) -> SlotOccupant {
    guard let best else { return other }
    let otherIsLess =
      (other.emission, other.registeredAt, other.uid) < (best.emission, best.registeredAt, best.uid)
    return otherIsLess ? other : best
  }
}
