package import Primitives

/// Opens emission and trading of a subnet's alpha. Source: registry 3.
package struct StartSubnet: LedgerCall {
  package static let descriptor = CallDescriptor(
    3, "StartSubnet", by: .ownerOnly, "Open emission and trading of your subnet.")

  package var netuid = NetUID.root

  package init() {}
  package init(netuid: NetUID) { self.netuid = netuid }

  package mutating func map(_ fields: inout FieldMapper) { fields.netuid("netuid", &netuid) }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    try state.requireOwner(of: netuid, origin)
    guard let subnet = state.subnets[netuid], !subnet.isStarted else { throw .alreadyStarted.with("netuid", netuid) }
    let earliest = subnet.registeredAt.advanced(by: state.chain.parameters.startCallDelay)
    guard state.block >= earliest else {
      throw LedgerError(.needWaitingMoreBlocksToStart, retryAt: earliest, now: state.block)
    }

    let first = state.block.advanced(by: 1)
    state.subnets.modify(netuid) {
      $0.firstEmissionBlock = first.value
      $0.parameters.subtokenEnabled = true
    }
    return [LedgerEvent("FirstEmissionBlockNumberSet", ["netuid": .netuid(netuid), "block": .block(first)])]
  }
}
