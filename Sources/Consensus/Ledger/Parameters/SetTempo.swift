package import Primitives

/// Changes the blocks between two epochs and starts a full new cycle. Source: registry 5.
package struct SetTempo: LedgerCall {
  package static let descriptor = CallDescriptor(28, "SetTempo", by: .owner, "Change the tempo of a subnet.")

  package var netuid = NetUID.root
  package var tempo: UInt16 = 0

  package init() {}
  package init(netuid: NetUID, tempo: UInt16) {
    self.netuid = netuid
    self.tempo = tempo
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.number("tempo", &tempo)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let setter = try state.setter(of: netuid, origin)
    guard let subnet = state.subnets[netuid], let row = Hyperparameters.row(named: "tempo") else {
      throw .subnetNotExists.with("netuid", netuid)
    }
    let context = HyperparameterContext(
      netuid: netuid, current: subnet.parameters, globals: state.chain.parameters,
      uidCount: state.slots[netuid]?.count ?? 0, setter: setter)
    try row.check(.u64(UInt64(tempo)), in: context)
    try state.checkNotFrozen(netuid)
    try state.checkOwnerLimit(
      row.name, blocks: row.limit.blocks(tempo: tempo, globals: state.chain.parameters), on: netuid, for: setter)

    let block = state.block
    state.subnets.modify(netuid) { [tempo] in
      $0.parameters.tempo = tempo
      $0.clock.restart(at: block)
    }
    state.recordOwnerCall(row.name, on: netuid, by: setter)
    return [LedgerEvent("TempoSet", ["netuid": .netuid(netuid), "tempo": .number(tempo)])]
  }
}
