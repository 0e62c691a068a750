package import Primitives

/// Asks for an epoch before its time. Source: registry 5.
package struct TriggerEpoch: LedgerCall {
  package static let descriptor = CallDescriptor(
    29, "TriggerEpoch", by: .ownerOnly, "Ask for an epoch before its time.")

  package var netuid = NetUID.root

  package init() {}
  package init(netuid: NetUID) { self.netuid = netuid }

  package mutating func map(_ fields: inout FieldMapper) { fields.netuid("netuid", &netuid) }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    try state.requireOwner(of: netuid, origin)
    guard var subnet = state.subnets[netuid] else { throw .subnetNotExists.with("netuid", netuid) }
    guard !subnet.parameters.commitRevealWeightsEnabled else { throw .dynamicTempoBlockedByCommitReveal }
    let tempo = subnet.parameters.tempo
    let firesAt = try subnet.clock.trigger(
      at: state.block, tempo: tempo, window: state.chain.parameters.adminFreezeWindow)
    let name = "trigger_epoch"
    try state.checkOwnerLimit(
      name, blocks: OwnerLimit.ownerTempos.blocks(tempo: tempo, globals: state.chain.parameters), on: netuid,
      for: .owner)

    state.subnets[netuid] = subnet
    state.recordOwnerCall(name, on: netuid, by: .owner)
    return [
      LedgerEvent(
        "EpochTriggered",
        ["netuid": .netuid(netuid), "by": .account(try origin.signer()), "fires_at": .block(firesAt)])
    ]
  }
}
