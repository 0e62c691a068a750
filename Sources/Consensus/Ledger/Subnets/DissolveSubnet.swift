import Economy
package import Primitives

/// Removes a subnet and pays its holders out. Source: registry 3, economy 7.5.
package struct DissolveSubnet: LedgerCall {
  package static let descriptor = CallDescriptor(
    48, "DissolveSubnet", by: .root, "Remove a subnet, paying its holders.")

  package var netuid = NetUID.root

  package init() {}
  package init(netuid: NetUID) { self.netuid = netuid }

  package mutating func map(_ fields: inout FieldMapper) { fields.netuid("netuid", &netuid) }

  package var proposalClass: ProposalClass? { .strict }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    try origin.requireRoot()
    guard netuid != .root, state.subnets.contains(netuid) else { throw .subnetNotExists.with("netuid", netuid) }
    return state.dissolve(netuid)
  }
}

extension LedgerState {
  /// Pays the pot of a subnet's pool to its holders and forgets all of the subnet.
  ///
  /// - Complexity: O(holders log holders), by whole buckets: taking entries out one by one would be quadratic.
  mutating func dissolve(_ netuid: NetUID) -> [LedgerEvent] {
    guard let subnet = subnets[netuid] else { return [] }
    payOut(subnet, netuid)
    let hadIdentity = subnet.identity != nil
    removeState(of: netuid)
    chain.netuids.removeAll { $0 == netuid }
    var events = [LedgerEvent("NetworkRemoved", ["netuid": .netuid(netuid)])]
    if hadIdentity { events.append(LedgerEvent("SubnetIdentityRemoved", ["netuid": .netuid(netuid)])) }
    return events
  }

  private mutating func payOut(_ subnet: Subnet, _ netuid: NetUID) {
    let holders = HotkeyOnSubnet.buckets(of: netuid).flatMap { shares.keys(inBucket: $0) }.sorted()
    let stakes = holders.map { stake(of: $0.coldkey, on: $0.hotkey, in: netuid) }
    let parts = Dissolution(pot: subnet.taoReserve, stakes: stakes, poolAlpha: subnet.alphaIn)
    for (holder, amount) in zip(holders, parts.paid) { credit(amount, to: holder.coldkey) }
    recycle(parts.recycled)
  }

  private mutating func removeState(of netuid: NetUID) {
    for bucket in HotkeyOnSubnet.buckets(of: netuid) {
      shares.removeAll(inBucket: bucket)
      pools.removeAll(inBucket: bucket)
      relations.removeAll(inBucket: bucket)
      commitments.removeAll(inBucket: bucket)
    }
    mechanisms.removeAll(inBucket: UInt32(netuid.value))
    commits.removeAll(inBucket: UInt32(netuid.value))
    for hotkey in slots[netuid]?.hotkeys ?? [] { noteSlotLost(by: hotkey) }
    slots[netuid] = nil
    subnets[netuid] = nil
  }
}
