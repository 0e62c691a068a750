import Economy
package import Primitives

/// Creates a subnet with the hotkey as uid 0. Source: registry 3, economy 7.
package struct RegisterSubnet: LedgerCall {
  package static let descriptor = CallDescriptor(2, "RegisterSubnet", by: .coldkey, "Create a subnet.")

  package var hotkey = Hotkey()
  package var identity: SubnetIdentityFields?

  package init() {}
  package init(hotkey: Hotkey, identity: SubnetIdentityFields? = nil) {
    self.hotkey = hotkey
    self.identity = identity
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.optionalGroup("identity", &identity)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    try state.requireUnownedOrOwned(hotkey, by: coldkey)
    try host.requireHotkeyAccount(hotkey)
    let parameters = state.chain.parameters
    guard state.block >= parameters.networkRegistrationStartBlock else {
      throw LedgerError(
        .subNetRegistrationDisabled, retryAt: parameters.networkRegistrationStartBlock, now: state.block)
    }
    try RateLimit.inclusive.check(
      limit: parameters.networkRateLimit, last: BlockNumber(state.chain.lastLockBlock), now: state.block,
      else: .networkTxRateLimitExceeded)
    let pruned = try state.subnetToMakeRoom()
    try identity?.check()
    let cost = state.subnetCreationCost
    guard cost <= state.freeBalance(of: coldkey) else {
      throw .cannotAffordLockCost.with("cost", cost).with("free", state.freeBalance(of: coldkey))
    }

    var events: [LedgerEvent] = []
    if let pruned { events += state.dissolve(pruned) }
    let netuid = pruned ?? smallestFreeNetUID(existing: state.chain.netuids)
    try state.debit(cost, from: coldkey, shortage: .cannotAffordLockCost)
    state.pairIfUnowned(hotkey, with: coldkey)
    state.createSubnet(netuid, owner: coldkey, hotkey: hotkey, cost: cost, identity: identity?.identity)
    state.chain.lastLock = cost
    state.chain.lastLockBlock = state.block.value
    return events + createdEvents(netuid)
  }

  private func createdEvents(_ netuid: NetUID) -> [LedgerEvent] {
    var events = [LedgerEvent("NetworkAdded", ["netuid": .netuid(netuid)])]
    if identity != nil { events.append(LedgerEvent("SubnetIdentitySet", ["netuid": .netuid(netuid)])) }
    events.append(LedgerEvent("SubnetOwnerHotkeySet", ["netuid": .netuid(netuid), "hotkey": .hotkey(hotkey)]))
    return events
  }
}

extension LedgerState {
  /// Rao that the next subnet costs.
  package var subnetCreationCost: UInt64 {
    LockCost.cost(
      lastLock: chain.lastLock, lastLockBlock: chain.lastLockBlock, now: block.value,
      minLock: chain.parameters.minLockCost.value, reductionInterval: chain.parameters.lockReductionInterval,
      issuance: chain.issuance)
  }

  /// The subnet that a new one would push out now; nil when all are immune.
  package var subnetToPrune: NetUID? {
    RemovalCandidate.weakest(
      of: chain.netuids.map { netuid in
        let subnet = subnets[netuid]!
        return RemovalCandidate(
          netUID: netuid, registeredAt: subnet.registeredAt.value, movingPrice: subnet.emaPrice)
      },
      now: block.value, immunity: chain.parameters.networkImmunityPeriod)
  }

  /// - Returns: The subnet to remove, nil while there is room.
  /// - Throws: `SubnetLimitReached` when every place is taken by an immune subnet.
  fileprivate func subnetToMakeRoom() throws(LedgerError) -> NetUID? {
    guard chain.netuids.count > Int(chain.parameters.subnetLimit) else { return nil }
    guard let weakest = subnetToPrune else {
      let oldest = chain.netuids.filter { $0 != .root }.map { subnets[$0]!.registeredAt }.min() ?? block
      throw LedgerError(
        .subnetLimitReached, retryAt: oldest.advanced(by: chain.parameters.networkImmunityPeriod), now: block
      ).with("subnet_limit", UInt64(chain.parameters.subnetLimit))
    }
    return weakest
  }

  /// Adds a subnet whose price has been paid: parameters, seeded pool, schedule, and the hotkey as uid 0.
  mutating func createSubnet(_ netuid: NetUID, owner: Coldkey, hotkey: Hotkey, cost: UInt64, identity: Identity?) {
    let seed = PoolSeed.minLockAtOne(cost: cost, minLock: chain.parameters.minLockCost.value)
    recycle(seed.recycled)
    var subnet = Subnet()
    subnet.parameters = Hyperparameters(newSubnet: chain.parameters)
    subnet.clock = EpochClock(createdAt: block, netuid: netuid, tempo: subnet.parameters.tempo)
    subnet.owner = owner
    subnet.ownerHotkey = hotkey
    subnet.identity = identity
    subnet.symbol = Array(subnetSymbol(netuid).utf8)
    subnet.registeredAt = block
    subnet.lockPaid = cost
    subnet.taoReserve = seed.pool.tao
    subnet.alphaIn = seed.pool.alpha
    subnet.burn = chain.parameters.burnInitial.value
    if chain.parameters.autoStart { subnet.firstEmissionBlock = block.value + 1 }
    subnets[netuid] = subnet
    slots[netuid] = NeuronSlots()
    for mechid in 0..<subnet.parameters.mechanismCount {
      mechanisms[MechanismKey(netuid, MechID(mechid))] = MechanismState()
    }
    let place = chain.netuids.firstIndex { $0 > netuid } ?? chain.netuids.count
    chain.netuids.insert(netuid, at: place)
    _ = occupy(.append, on: netuid, with: hotkey)
  }
}

/// The sign of a subnet's alpha: lower-case Greek letters for 1 to 24, then `s25`, `s26` … Source: registry 3.
func subnetSymbol(_ netuid: NetUID) -> String {
  let letters = "\u{03A4}αβγδεζηθικλμνξοπρστυφχψω".map(String.init)
  return Int(netuid.value) < letters.count ? letters[Int(netuid.value)] : "s\(netuid.value)"
}
