package import Primitives

/// Shows the weights behind a commit in its reveal epoch. Source: registry 8.1.
package struct RevealWeights: LedgerCall {
  package static let descriptor = CallDescriptor(
    10, "RevealWeights", by: .hotkey, bearsFee: false, isWeightCall: true, "Show the weights promised by a commit.")

  package var netuid = NetUID.root
  package var mechid = MechID.main
  package var uids: [UInt16] = []
  package var values: [UInt16] = []
  package var salt: [UInt8] = []
  package var versionKey: UInt64 = 0

  package init() {}
  package init(
    netuid: NetUID, mechid: MechID = .main, uids: [UInt16], values: [UInt16], salt: [UInt8], versionKey: UInt64 = 0
  ) {
    self.netuid = netuid
    self.mechid = mechid
    self.uids = uids
    self.values = values
    self.salt = salt
    self.versionKey = versionKey
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.mechid("mechid", &mechid)
    fields.numbers("uids", &uids, limit: CallLimits.weights)
    fields.numbers("values", &values, limit: CallLimits.weights)
    // A salt of a wrong length is an error of the row, not of the encoding.
    fields.bytes("salt", &salt, limit: CallLimits.bytes)
    fields.number("version_key", &versionKey)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let hotkey = try origin.hotkey()
    let sent = SubmittedWeights(mechid: mechid, uids: uids, values: values, versionKey: versionKey)
    let commitment = try WeightsCommitment(hotkey: hotkey, netuid: netuid, weights: sent, salt: salt)
    let rules = state.weightsRules(netuid, mechid, sender: hotkey)
    try rules.checkMechanism(mechid)
    guard let subnet = state.subnets[netuid], subnet.parameters.commitRevealWeightsEnabled else {
      throw .commitRevealDisabled.with("netuid", netuid)
    }
    try rules.checkStake()
    let key = CommitKey(MechanismKey(netuid, mechid), hotkey)
    guard let queue = state.commits[key] else { throw .noWeightsCommitFound }
    let opened = try queue.opened(
      by: commitment.hash(by: host.hash), at: state.epochPosition(of: subnet),
      period: subnet.parameters.commitRevealPeriod)
    let row = try rules.row(of: sent, arriving: .revealed)
    let uid = try state.uid(of: hotkey, on: netuid)

    state.commits[key] = opened.rest.isEmpty ? nil : opened.rest
    let visible = concealingNewcomers(
      row, registeredAt: state.slots[netuid]?.registeredAt ?? [], committedAt: opened.commit.block)
    state.store(visible, of: uid, in: MechanismKey(netuid, mechid))
    return [
      .weightsHashed("WeightsRevealed", netuid, mechid, hotkey, opened.commit.hash), .weightsSet(netuid, mechid, uid),
    ]
  }
}
