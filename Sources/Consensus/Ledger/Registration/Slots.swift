package import Primitives

/// Where a newcomer goes: the next free uid, or one that is taken from its holder.
enum Slot: Hashable, Sendable {
  case append
  case replace(UID)
}

// Taking and giving uids. Source: registry 6.
extension LedgerState {
  /// The slot a registration would get.
  ///
  /// - Throws: `NoNeuronIdAvailable` when the subnet is full and every uid is protected.
  func nextSlot(on netuid: NetUID) throws(LedgerError) -> Slot {
    guard let subnet = subnets[netuid], let slots = slots[netuid] else { throw .subnetNotExists.with("netuid", netuid) }
    if slots.count < Int(subnet.parameters.maxAllowedUIDs) { return .append }
    guard let uid = prunedUID(on: netuid) else { throw .noNeuronIdAvailable.with("netuid", netuid) }
    return .replace(uid)
  }

  /// The uid that the next registration on a full subnet would replace.
  package func prunedUID(on netuid: NetUID) -> UID? {
    guard let subnet = subnets[netuid], let slots = slots[netuid] else { return nil }
    let protection = SlotProtection(
      block: block, immunityPeriod: UInt64(subnet.parameters.immunityPeriod),
      ownerUID: slots.uid(of: subnet.ownerHotkey), immuneOwnerUIDsLimit: Int(subnet.parameters.immuneOwnerUIDsLimit))
    let occupants = slots.hotkeys.enumerated().map { index, hotkey in
      SlotOccupant(
        uid: UID(UInt16(index)), emission: slots.emission[index], registeredAt: slots.registeredAt[index],
        belongsToSubnetOwner: owner(of: hotkey) == subnet.owner)
    }
    return protection.prunedUID(of: occupants, minNonImmuneUIDs: Int(subnet.parameters.minNonImmuneUIDs))
  }

  /// Puts a hotkey into a slot and returns its uid.
  mutating func occupy(_ slot: Slot, on netuid: NetUID, with hotkey: Hotkey) -> UID {
    let block = block
    let count = subnets[netuid]?.parameters.mechanismCount ?? 0
    let uid: UID
    switch slot {
    case .append:
      uid = slots.modify(netuid) { $0.append(hotkey, at: block) } ?? UID(0)
      for mechid in 0..<count { mechanisms.modify(MechanismKey(netuid, MechID(mechid))) { $0.append(at: block) } }
    case .replace(let taken):
      uid = taken
      if let loser = slots[netuid]?.hotkeys[taken.index] { noteSlotLost(by: loser) }
      slots.modify(netuid) { $0.replace(taken, with: hotkey, at: block) }
      for mechid in 0..<count {
        mechanisms.modify(MechanismKey(netuid, MechID(mechid))) { $0.clear(taken, at: block) }
      }
    }
    if let owner = owner(of: hotkey) { coldkeys.modify(owner) { $0.slotsHeld += 1 } }
    return uid
  }

  /// Counts a uid off that a hotkey no longer holds.
  mutating func noteSlotLost(by hotkey: Hotkey) {
    if let owner = owner(of: hotkey) { coldkeys.modify(owner) { $0.slotsHeld -= 1 } }
  }

  /// Whether the hotkey holds a uid on any subnet, root included.
  package func isRegistered(_ hotkey: Hotkey) -> Bool {
    chain.netuids.contains { slots[$0]?.uid(of: hotkey) != nil }
  }
}
