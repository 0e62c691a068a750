package import Primitives

/// What the choice of a slot to clear looks at, for one neuron.
package struct SlotOccupant: Hashable, Sendable {
  package let uid: UID
  /// Alpha of the last epoch as stored, the score; not what was paid.
  package let emission: UInt64
  package let registeredAt: BlockNumber
  /// Whether the subnet owner's coldkey owns the hotkey in this slot.
  package let belongsToSubnetOwner: Bool

  package init(uid: UID, emission: UInt64, registeredAt: BlockNumber, belongsToSubnetOwner: Bool) {
    self.uid = uid
    self.emission = emission
    self.registeredAt = registeredAt
    self.belongsToSubnetOwner = belongsToSubnetOwner
  }
}

/// Which slots of a subnet are protected, and why.
///
/// Source: registry 6.
package struct SlotProtection: Sendable {
  package let block: BlockNumber
  /// Blocks after registration during which a neuron is immune.
  package let immunityPeriod: UInt64
  /// The slot of the subnet's owner hotkey, if registered.
  package let ownerUID: UID?
  /// How many slots of the owner's coldkey are never taken.
  package let immuneOwnerUIDsLimit: Int

  package init(block: BlockNumber, immunityPeriod: UInt64, ownerUID: UID?, immuneOwnerUIDsLimit: Int) {
    self.block = block
    self.immunityPeriod = immunityPeriod
    self.ownerUID = ownerUID
    self.immuneOwnerUIDsLimit = immuneOwnerUIDsLimit
  }

  /// Whether the neuron is too young to be taken while others can be.
  package func isImmune(_ occupant: SlotOccupant) -> Bool {
    block.blocks(since: occupant.registeredAt) < immunityPeriod
  }

  /// The slots that are never taken: the owner's oldest, the owner hotkey in front when it is not among them.
  package func immortalUIDs(of occupants: [SlotOccupant]) -> [UID] {
    let owned = occupants.filter(\.belongsToSubnetOwner)
      .sorted { ($0.registeredAt, $0.uid) < ($1.registeredAt, $1.uid) }
    var immortal = owned.prefix(immuneOwnerUIDsLimit).map(\.uid)
    if let ownerUID, !immortal.contains(ownerUID) {
      immortal.insert(ownerUID, at: 0)
      immortal = Array(immortal.prefix(immuneOwnerUIDsLimit))
    }
    return immortal
  }
}
