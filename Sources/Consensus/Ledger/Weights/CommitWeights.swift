package import Primitives

/// Promises weights by their hash; the commit is the sender's activity. Source: registry 8.1.
package struct CommitWeights: LedgerCall {
  package static let descriptor = CallDescriptor(
    9, "CommitWeights", by: .hotkey, bearsFee: false, isWeightCall: true, "Promise weights by their hash.")

  package var netuid = NetUID.root
  package var mechid = MechID.main
  package var hash = Hash256.zero

  package init() {}
  package init(netuid: NetUID, mechid: MechID = .main, hash: Hash256) {
    self.netuid = netuid
    self.mechid = mechid
    self.hash = hash
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.mechid("mechid", &mechid)
    fields.hash("hash", &hash)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let hotkey = try origin.hotkey()
    let rules = state.weightsRules(netuid, mechid, sender: hotkey)
    try rules.checkMechanism(mechid)
    guard let subnet = state.subnets[netuid], subnet.parameters.commitRevealWeightsEnabled else {
      throw .commitRevealDisabled.with("netuid", netuid)
    }
    let uid = try rules.checkRegistered()
    try rules.checkStake()
    try rules.checkRate(else: .committingWeightsTooFast)
    let key = CommitKey(MechanismKey(netuid, mechid), hotkey)
    var queue = state.commits[key] ?? CommitQueue()
    try queue.append(hash, at: state.epochPosition(of: subnet), period: subnet.parameters.commitRevealPeriod)

    state.commits[key] = queue
    state.mechanisms.modify(MechanismKey(netuid, mechid)) { $0.lastUpdate[uid.index] = state.chain.block.value }
    return [.weightsHashed("WeightsCommitted", netuid, mechid, hotkey, hash)]
  }
}

extension LedgerEvent {
  static func weightsHashed(
    _ name: String, _ netuid: NetUID, _ mechid: MechID, _ hotkey: Hotkey, _ hash: Hash256
  ) -> LedgerEvent {
    LedgerEvent(
      name,
      ["netuid": .netuid(netuid), "mechid": .mechid(mechid), "hotkey": .hotkey(hotkey), "hash": .hash(hash)])
  }
}
