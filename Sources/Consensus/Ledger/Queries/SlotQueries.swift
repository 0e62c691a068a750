package import Primitives

/// The uid of a hotkey on a subnet.
package struct UidOfQuery: StateQuery {
  package static let name = "uid_of"

  package var netuid = NetUID.root
  package var hotkey = Hotkey()

  package init() {}
  package init(netuid: NetUID, hotkey: Hotkey) {
    self.netuid = netuid
    self.hotkey = hotkey
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.hotkey("hotkey", &hotkey)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> SlotAnswer {
    SlotAnswer(try state.neurons(of: netuid).uid(of: hotkey))
  }
}

/// The uid that the next registration on a full subnet would replace.
package struct NeuronToPruneQuery: StateQuery {
  package static let name = "neuron_to_prune"

  package var netuid = NetUID.root

  package init() {}
  package init(netuid: NetUID) { self.netuid = netuid }

  package mutating func map(_ fields: inout FieldMapper) { fields.netuid("netuid", &netuid) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> SlotAnswer {
    let slots = try state.neurons(of: netuid)
    guard netuid == .root else { return SlotAnswer(state.prunedUID(on: netuid)) }
    guard slots.count > 0 else { return SlotAnswer(nil) }
    let stakes = slots.hotkeys.map { Rao(state.poolValue(of: $0, on: .root)) }
    return SlotAnswer(try replacedRootUID(memberStakes: stakes, newcomer: Rao(.max)))
  }
}

/// A uid, or none.
package struct SlotAnswer: FieldMapped {
  package var uid: UID?

  package init() {}
  package init(_ uid: UID?) { self.uid = uid }

  package mutating func map(_ fields: inout FieldMapper) { fields.optionalUID("uid", &uid) }
}

/// What a registration on a subnet costs now.
package struct RegistrationCostQuery: StateQuery {
  package static let name = "registration_cost"

  package var netuid = NetUID.root

  package init() {}
  package init(netuid: NetUID) { self.netuid = netuid }

  package mutating func map(_ fields: inout FieldMapper) { fields.netuid("netuid", &netuid) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> CostAnswer {
    CostAnswer(Rao(try state.subnet(netuid).burn))
  }
}

/// What the next subnet costs now.
package struct SubnetCreationCostQuery: StateQuery {
  package static let name = "subnet_creation_cost"

  package init() {}
  package mutating func map(_ fields: inout FieldMapper) {}

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> CostAnswer {
    CostAnswer(Rao(state.subnetCreationCost))
  }
}

package struct CostAnswer: FieldMapped {
  package var amount = Rao.zero

  package init() {}
  package init(_ amount: Rao) { self.amount = amount }

  package mutating func map(_ fields: inout FieldMapper) { fields.amount("amount", &amount) }
}

/// The subnet that a new one would push out once all places are taken.
package struct SubnetToPruneQuery: StateQuery {
  package static let name = "subnet_to_prune"

  package init() {}
  package mutating func map(_ fields: inout FieldMapper) {}

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> SubnetToPruneAnswer {
    var answer = SubnetToPruneAnswer()
    answer.netuid = state.subnetToPrune
    return answer
  }
}

package struct SubnetToPruneAnswer: FieldMapped {
  /// Nil when every subnet is immune.
  package var netuid: NetUID?

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) { fields.optionalNetuid("netuid", &netuid) }
}

extension LedgerState {
  /// - Throws: `SubnetNotExists`.
  func subnet(_ netuid: NetUID) throws(LedgerError) -> Subnet {
    guard let subnet = subnets[netuid] else { throw .subnetNotExists.with("netuid", netuid) }
    return subnet
  }

  /// - Throws: `SubnetNotExists`.
  func neurons(of netuid: NetUID) throws(LedgerError) -> NeuronSlots {
    guard let slots = slots[netuid] else { throw .subnetNotExists.with("netuid", netuid) }
    return slots
  }

  /// The scores of a mechanism, filled up to every uid; blank on root, which has no mechanism.
  ///
  /// - Throws: `SubnetNotExists`, `MechanismDoesNotExist`.
  func scores(of netuid: NetUID, _ mechid: MechID) throws(LedgerError) -> MechanismState {
    let subnet = try subnet(netuid)
    guard mechid.value < max(subnet.parameters.mechanismCount, 1) else {
      throw .mechanismDoesNotExist.with("netuid", netuid).with("mechid", mechid.value)
    }
    if let scores = mechanisms[MechanismKey(netuid, mechid)] { return scores }
    var blank = MechanismState()
    for _ in 0..<(slots[netuid]?.count ?? 0) { blank.append(at: .genesis) }
    return blank
  }
}
