import Primitives

// Who may do what to a subnet. Source: registry 1, 4, 20.
extension LedgerState {
  /// For calls that only the owner coldkey may send.
  ///
  /// - Throws: `NotAuthorized` for root, which is not the owner; `SubnetNotExists`, then `NotSubnetOwner`.
  func requireOwner(of netuid: NetUID, _ origin: Origin) throws(LedgerError) {
    guard origin != .root else { throw .notAuthorized }
    guard let subnet = subnets[netuid] else { throw .subnetNotExists.with("netuid", netuid) }
    guard netuid != .root, origin == .signed(subnet.owner.account) else { throw .notSubnetOwner.with("netuid", netuid) }
  }

  /// For calls of the owner coldkey or root.
  ///
  /// - Returns: In which of the two roles.
  /// - Throws: `NotAuthorized` for anybody else, and for a signer where there is no such subnet.
  func setter(of netuid: NetUID, _ origin: Origin) throws(LedgerError) -> ParameterSetter {
    if origin == .root { return .root }
    guard netuid != .root, let subnet = subnets[netuid], origin == .signed(subnet.owner.account) else {
      throw .notAuthorized
    }
    return .owner
  }

  /// A limit in blocks on one kind of call by the owner; root is neither checked nor recorded.
  func checkOwnerLimit(
    _ name: String, blocks: UInt64, on netuid: NetUID, for setter: ParameterSetter
  ) throws(LedgerError) {
    guard setter == .owner, let subnet = subnets[netuid] else { return }
    try RateLimit.inclusive.check(
      limit: blocks, last: BlockNumber(subnet.ownerCallBlock(name)), now: block, else: .txRateLimitExceeded)
  }

  mutating func recordOwnerCall(_ name: String, on netuid: NetUID, by setter: ParameterSetter) {
    guard setter == .owner else { return }
    let block = block
    subnets.modify(netuid) { $0.recordOwnerCall(name, at: block) }
  }

  /// Root runs no epochs, so nothing ever opens a window on it again: there is none.
  func checkNotFrozen(_ netuid: NetUID) throws(LedgerError) {
    guard netuid != .root, let subnet = subnets[netuid] else { return }
    try subnet.clock.checkNotFrozen(
      at: block, tempo: subnet.parameters.tempo, window: chain.parameters.adminFreezeWindow)
  }
}
