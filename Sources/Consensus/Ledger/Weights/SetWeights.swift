package import Primitives

/// Replaces the sender's row of weights. Source: registry 8.
package struct SetWeights: LedgerCall {
  package static let descriptor = CallDescriptor(
    8, "SetWeights", by: .hotkey, bearsFee: false, isWeightCall: true, "Rate the neurons of a subnet.")

  package var netuid = NetUID.root
  package var mechid = MechID.main
  package var uids: [UInt16] = []
  package var values: [UInt16] = []
  package var versionKey: UInt64 = 0

  package init() {}
  package init(netuid: NetUID, mechid: MechID = .main, uids: [UInt16], values: [UInt16], versionKey: UInt64 = 0) {
    self.netuid = netuid
    self.mechid = mechid
    self.uids = uids
    self.values = values
    self.versionKey = versionKey
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.mechid("mechid", &mechid)
    fields.numbers("uids", &uids, limit: CallLimits.weights)
    fields.numbers("values", &values, limit: CallLimits.weights)
    fields.number("version_key", &versionKey)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let hotkey = try origin.hotkey()
    let sent = SubmittedWeights(mechid: mechid, uids: uids, values: values, versionKey: versionKey)
    let row = try state.weightsRules(netuid, mechid, sender: hotkey).row(of: sent, arriving: .plain)
    let uid = try state.uid(of: hotkey, on: netuid)

    state.store(row, of: uid, in: MechanismKey(netuid, mechid))
    state.mechanisms.modify(MechanismKey(netuid, mechid)) { $0.lastUpdate[uid.index] = state.chain.block.value }
    return [.weightsSet(netuid, mechid, uid)]
  }
}

extension LedgerState {
  /// What the checks of a weight call look at, as it stands now.
  package func weightsRules(_ netuid: NetUID, _ mechid: MechID, sender: Hotkey) -> WeightsRules {
    guard let subnet = subnets[netuid] else { return WeightsRules(netuid: netuid, block: block) }
    let slots = slots[netuid] ?? NeuronSlots()
    let uid = slots.uid(of: sender)
    let parameters = subnet.parameters
    return WeightsRules(
      netuid: netuid, block: block, mechanismCount: parameters.mechanismCount,
      commitRevealEnabled: parameters.commitRevealWeightsEnabled, uidCount: slots.count,
      weightsVersion: parameters.weightsVersion, weightsRateLimit: parameters.weightsRateLimit,
      minAllowedWeights: Int(parameters.minAllowedWeights), maxWeightsLimit: parameters.maxWeightsLimit,
      stakeThreshold: chain.parameters.stakeThreshold, senderUID: uid, ownerUID: slots.uid(of: subnet.ownerHotkey),
      senderStake: stakeWeight(of: sender, on: netuid),
      senderHasPermit: uid.map { slots.validatorPermit[$0.index] } ?? false,
      lastUpdate: lastUpdate(of: uid, in: MechanismKey(netuid, mechid)),
      nextEpochBlock: subnet.clock.nextEpochBlock(tempo: parameters.tempo))
  }

  private func lastUpdate(of uid: UID?, in mechanism: MechanismKey) -> BlockNumber {
    guard let uid, let state = mechanisms[mechanism], state.lastUpdate.indices.contains(uid.index) else {
      return .genesis
    }
    return BlockNumber(state.lastUpdate[uid.index])
  }

  /// - Throws: `HotKeyNotRegisteredInSubNet`.
  package func uid(of hotkey: Hotkey, on netuid: NetUID) throws(LedgerError) -> UID {
    guard let uid = slots[netuid]?.uid(of: hotkey) else { throw .hotKeyNotRegisteredInSubNet.with("netuid", netuid) }
    return uid
  }

  package mutating func store(_ row: [WeightEntry], of uid: UID, in mechanism: MechanismKey) {
    let stored = ScoreRow(uids: row.map(\.uid.value), values: row.map(\.weight))
    mechanisms.modify(mechanism) { $0.weights[uid.index] = stored }
  }

  /// The epoch a transaction in this block belongs to, and when the next ones begin (registry 5).
  package func epochPosition(of subnet: Subnet) -> EpochPosition {
    EpochPosition(
      subnet.clock, at: block, tempo: subnet.parameters.tempo, maxOwnerTempo: chain.parameters.maxOwnerTempo)
  }
}

extension LedgerEvent {
  static func weightsSet(_ netuid: NetUID, _ mechid: MechID, _ uid: UID) -> LedgerEvent {
    LedgerEvent("WeightsSet", ["netuid": .netuid(netuid), "mechid": .mechid(mechid), "uid": .uid(uid)])
  }
}
