package import Primitives

/// One subnet's neurons at one block.
package struct MetagraphQuery: StateQuery {
  package static let name = "metagraph"

  package var netuid = NetUID.root
  package var mechid = MechID.main
  /// Indices of registry 16, from 0; all when empty.
  package var selection: [UInt32] = []

  package init() {}
  package init(netuid: NetUID, mechid: MechID = .main, selection: [UInt32] = []) {
    self.netuid = netuid
    self.mechid = mechid
    self.selection = selection
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.mechid("mechid", &mechid)
    fields.numbers("fields", &selection, limit: MetagraphQuery.fieldNames.count)
  }

  /// By index.
  private static let fieldNames = MetagraphAnswer.fieldDescriptions.map(\.name)

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> MetagraphAnswer {
    let subnet = try state.subnet(netuid)
    let slots = try state.neurons(of: netuid)
    let scores = try state.scores(of: netuid, mechid)
    if let index = selection.first(where: { $0 >= MetagraphQuery.fieldNames.count }) {
      throw .malformed.with("field", "fields").with("index", index)
    }
    var answer = MetagraphAnswer()
    answer.describe(subnet, netuid, in: state)
    answer.parameters = MetagraphParameters(subnet, uidCount: slots.count)
    answer.list(slots, scores)
    answer.setSchedule(subnet, netuid)
    answer.coldkeys = slots.hotkeys.map { state.owner(of: $0) ?? Coldkey() }
    if wants(MetagraphQuery.stakeIndices) {
      answer.weigh(state, netuid, slots, stakeThreshold: state.chain.parameters.stakeThreshold)
    }
    if wants(MetagraphQuery.identityIndex...MetagraphQuery.identityIndex) {
      answer.identities = state.identityRows(of: answer.coldkeys)
    }
    if wants(MetagraphQuery.commitmentIndex...MetagraphQuery.commitmentIndex) {
      guard let rows = state.commitmentRows(on: netuid) ?? (selection.isEmpty ? [] : nil) else {
        throw .tooLarge.with("limit", AnswerLimits.uids)
      }
      answer.commitments = rows
    }
    return answer
  }

  private static let identityIndex: UInt32 = 54
  /// Stakes and validators.
  static let stakeIndices: ClosedRange<UInt32> = 67...72
  private static let commitmentIndex: UInt32 = 73

  private func wants(_ indices: ClosedRange<UInt32>) -> Bool {
    selection.isEmpty || selection.contains { indices.contains($0) }
  }

  /// Only what was asked for. Identities and commitments are left out of an answer to "all" that they would make
  /// larger than a reply; asked for by themselves they are refused then.
  package func reply(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> Fields {
    var reply = try answer(from: state, with: host).fields
    let wanted = Set(selection.map { MetagraphQuery.fieldNames[Int($0)] })
    if !wanted.isEmpty { reply.entries.removeAll { !wanted.contains($0.name) } }
    for name in ["identities", "commitments"] where !reply.fitsReply {
      guard selection.isEmpty else { break }
      reply.entries.removeAll { $0.name == name }
    }
    guard reply.fitsReply else { throw .tooLarge.with("limit", ReplyRoom.bytes) }
    return reply
  }
}

extension Fields {
  fileprivate var fitsReply: Bool {
    var room = ReplyRoom()
    return room.takes(self)
  }
}

extension LedgerState {
  /// What coldkeys say of themselves, blank for those that say nothing; no rows when none says anything.
  func identityRows(of coldkeys: [Coldkey]) -> [IdentityRow] {
    let rows = coldkeys.map { IdentityRow(coldkeyRecord($0).identity) }
    return rows.contains { $0 != IdentityRow() } ? rows : []
  }
}
