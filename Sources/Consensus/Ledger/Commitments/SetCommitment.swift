package import Primitives

/// Publishes a few bytes under a hotkey on a subnet, in the place of what it published before. Source: registry 12.
package struct SetCommitment: LedgerCall {
  package static let descriptor = CallDescriptor(
    17, "SetCommitment", by: .hotkey, bearsFee: false, "Publish a few bytes under your hotkey.")

  package var netuid = NetUID.root
  package var published: [CommitmentField] = []

  package init() {}
  package init(netuid: NetUID, fields published: [CommitmentField]) {
    self.netuid = netuid
    self.published = published
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    // More fields than allowed are an error of the row, not of the encoding.
    fields.groups("fields", &published, limit: CallLimits.bytes)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let hotkey = try origin.hotkey()
    guard let subnet = state.subnets[netuid] else { throw .subnetNotExists.with("netuid", netuid) }
    guard state.slots[netuid]?.uid(of: hotkey) != nil else { throw .accountNotAllowedCommit.with("netuid", netuid) }
    for field in published where CommitmentKind(rawValue: field.kind)?.isSupported != true {
      throw .callNotSupported.with("commitment_kind", UInt64(field.kind))
    }
    let key = HotkeyOnSubnet(netuid, hotkey)
    var commitment = state.commitments[key] ?? Commitment()
    // The quota follows the stored epoch number, which a deferred epoch has not raised yet.
    let position = EpochPosition(storedIn: subnet.clock, at: state.block, tempo: subnet.parameters.tempo)
    try commitment.quota.charge(
      fieldLengths: published.map(\.data.count), at: position, maxSpace: state.chain.parameters.commitmentMaxSpace)

    commitment.fields = published
    commitment.block = state.block
    state.commitments[key] = commitment
    return [LedgerEvent("Commitment", ["netuid": .netuid(netuid), "hotkey": .hotkey(hotkey)])]
  }
}
