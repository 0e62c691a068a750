import Primitives

/// Puts actions, or a text, to the vote of root stake. Source: registry 13.
package struct SubmitProposal: LedgerCall {
  package static let descriptor = CallDescriptor(
    54, "SubmitProposal", by: .coldkey, "Put actions to the vote of root stake.")

  /// Actions of one proposal.
  static let actionLimit = 8
  /// Bytes.
  static let titleLimit = 256
  /// Bytes.
  static let textLimit = 4096

  /// Encoded calls.
  package var actions: [[UInt8]] = []
  package var title: [UInt8] = []
  package var text: [UInt8] = []

  package init() {}
  package init(actions: [[UInt8]], title: String = "", text: String = "") {
    self.actions = actions
    self.title = Array(title.utf8)
    self.text = Array(text.utf8)
  }

  // What is too long is an error of the row, not of the encoding.
  package mutating func map(_ fields: inout FieldMapper) {
    fields.bytesList("actions", &actions, limit: CallLimits.bytes, each: CallLimits.bytes)
    fields.bytes("title", &title, limit: CallLimits.bytes)
    fields.bytes("text", &text, limit: CallLimits.bytes)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try state.requireRoomForProposal(of: coldkey)
    let proposalClass = try judge(with: host)
    let deposit = state.chain.parameters.proposalDeposit.value
    try state.hold(deposit, of: coldkey.account, shortage: .notEnoughBalanceToStake)

    let id = ProposalID(state.chain.nextProposal)
    var proposal = Proposal()
    proposal.proposer = coldkey
    proposal.proposalClass = proposalClass
    proposal.actions = actions
    proposal.title = title
    proposal.text = text
    proposal.deposit = deposit
    proposal.openedAt = state.block
    proposal.close = state.block.advanced(by: state.chain.parameters.votingPeriod)
    proposal.electors = state.rootElectors
    proposal.totalPower = proposal.electors.reduce(0) { $0 + $1.stake }
    state.proposals[id] = proposal
    state.chain.openProposals.append(id)
    state.chain.nextProposal += 1
    return [
      LedgerEvent(
        "ProposalSubmitted",
        [
          "id": .number(id.value), "coldkey": .coldkey(coldkey), "class": .number(proposalClass.rawValue),
          "close": .block(proposal.close),
        ])
    ]
  }

  /// Decodes every action without running it and returns the strictest class among them.
  private func judge(with host: HostFunctions) throws(LedgerError) -> ProposalClass {
    guard actions.count <= SubmitProposal.actionLimit else { throw .invalidProposal.with("actions", actions.count) }
    var strictest = ProposalClass.simple
    for (index, action) in actions.enumerated() {
      guard let proposalClass = decodedClass(of: action, with: host) else {
        throw .invalidProposal.with("action", index)
      }
      if proposalClass == .strict { strictest = .strict }
    }
    guard title.count <= SubmitProposal.titleLimit else { throw .invalidProposal.with("title", title.count) }
    guard text.count <= SubmitProposal.textLimit else { throw .invalidProposal.with("text", text.count) }
    return strictest
  }

  private func decodedClass(of action: [UInt8], with host: HostFunctions) -> ProposalClass? {
    do throws(LedgerError) {
      return try CallTable.call(from: host.decodeCall(action)).proposalClass
    } catch {
      return nil
    }
  }
}

extension LedgerState {
  /// - Throws: `TooManyProposals`, then `TooManyProposalsByAccount`.
  fileprivate func requireRoomForProposal(of coldkey: Coldkey) throws(LedgerError) {
    let open = chain.openProposals
    guard open.count < Int(chain.parameters.maxOpenProposals) else {
      throw .tooManyProposals.with("open", open.count).retrying(at: earliestClose(of: open), now: block)
    }
    let own = open.filter { proposals[$0]?.proposer == coldkey }
    guard own.count < Int(chain.parameters.maxProposalsPerAccount) else {
      throw .tooManyProposalsByAccount.with("open", own.count).retrying(at: earliestClose(of: own), now: block)
    }
  }

  private func earliestClose(of open: [ProposalID]) -> BlockNumber? { open.compactMap { proposals[$0]?.close }.min() }

  /// Root's members and their root stake at this moment.
  fileprivate var rootElectors: [Elector] {
    (slots[.root]?.hotkeys ?? []).map { Elector(hotkey: $0, stake: poolValue(of: $0, on: .root)) }
  }
}
