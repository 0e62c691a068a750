package import Primitives

/// One proposal with its text and its actions.
package struct ProposalQuery: StateQuery {
  package static let name = "proposal"

  package var id: UInt64 = 0

  package init() {}
  package init(id: UInt64) { self.id = id }

  package mutating func map(_ fields: inout FieldMapper) { fields.number("id", &id) }

  /// - Throws: `ProposalNotFound`.
  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> ProposalAnswer {
    guard let proposal = state.proposals[ProposalID(id)] else { throw .proposalNotFound.with("id", id) }
    var answer = ProposalAnswer(id, proposal, in: state)
    answer.text = proposal.text
    answer.actions = proposal.actions
    return answer
  }
}

/// All proposals by ascending number, without their texts and actions.
package struct ProposalsQuery: StateQuery {
  package static let name = "proposals"

  package var page = PageRequest()
  /// Leaves out those whose vote is over.
  package var onlyOpen = false

  package init() {}
  package init(onlyOpen: Bool, page: PageRequest = PageRequest()) {
    self.onlyOpen = onlyOpen
    self.page = page
  }

  package mutating func map(_ fields: inout FieldMapper) {
    page.map(&fields)
    fields.flag("only_open", &onlyOpen)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> ProposalPageAnswer {
    var page = QueryPage<ProposalAnswer>(page)
    var cursor = try CursorKeys(self.page.cursor, count: 8)
    let last = cursor?.wideNumber() ?? 0
    if onlyOpen {
      // In the order of their numbers, as they were opened.
      for id in state.chain.openProposals where id.value > last {
        guard state.add(id.value, to: &page) else { break }
      }
    } else if last < state.chain.nextProposal {
      for id in (last + 1)..<state.chain.nextProposal {
        guard state.add(id, to: &page) else { break }
      }
    }
    var answer = ProposalPageAnswer()
    answer.proposals = page.rows
    answer.nextCursor = page.nextCursor
    return answer
  }
}

extension LedgerState {
  /// False when the page is full.
  fileprivate func add(_ id: UInt64, to page: inout QueryPage<ProposalAnswer>) -> Bool {
    guard let proposal = proposals[ProposalID(id)] else { return true }
    return page.append(ProposalAnswer(id, proposal, in: self), cursor: CursorKeys().with(id).bytes)
  }
}

package struct ProposalPageAnswer: FieldMapped {
  package var proposals: [ProposalAnswer] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("proposals", &proposals, limit: AnswerLimits.items)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

package struct ProposalAnswer: FieldMapped {
  package var id: UInt64 = 0
  package var proposer = Coldkey()
  /// Number of the class: 1 simple, 2 super.
  package var proposalClass: UInt8 = 0
  package var title: [UInt8] = []
  package var text: [UInt8] = []
  /// Encoded calls.
  package var actions: [[UInt8]] = []
  package var opened = BlockNumber.genesis
  /// The block whose step closes the vote, or closed it.
  package var close = BlockNumber.genesis
  /// Root stake of the electorate at the opening, rao.
  package var totalPower: UInt64 = 0
  /// Power behind each choice, rao: as it would count now, or as it counted when the vote closed.
  package var powers = VotePowers()
  /// Held from the proposer; zero once the vote is over.
  package var deposit = Rao.zero
  /// Number of the result; 0 while open.
  package var result: UInt8 = 0
  /// From which its actions run; nil unless they were approved.
  package var executeAt: BlockNumber?
  package var executed = false
  /// Code of the error that stopped the actions; 0 for none.
  package var error: UInt16 = 0

  package init() {}

  /// Without text and actions.
  init(_ id: UInt64, _ proposal: Proposal, in state: LedgerState) {
    self.id = id
    proposer = proposal.proposer
    proposalClass = proposal.proposalClass.rawValue
    title = proposal.title
    opened = proposal.openedAt
    close = proposal.close
    totalPower = proposal.totalPower
    powers = proposal.stage == .open ? state.powers(in: proposal) : proposal.counted
    deposit = Rao(proposal.deposit)
    result = proposal.result?.rawValue ?? 0
    executeAt = proposal.stage == .queued || proposal.stage == .executed ? proposal.enactAt : nil
    executed = proposal.stage == .executed
    error = proposal.error
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.number("id", &id)
    fields.coldkey("proposer", &proposer)
    fields.number("class", &proposalClass)
    fields.bytes("title", &title, limit: AnswerLimits.bytes)
    fields.bytes("text", &text, limit: AnswerLimits.bytes)
    fields.bytesList("actions", &actions, limit: AnswerLimits.items, each: AnswerLimits.bytes)
    fields.block("opened", &opened)
    fields.block("close", &close)
    fields.number("total_power", &totalPower)
    fields.number("aye", &powers.aye)
    fields.number("nay", &powers.nay)
    fields.number("veto", &powers.veto)
    fields.number("abstain", &powers.abstain)
    fields.amount("deposit", &deposit)
    fields.number("result", &result)
    fields.optionalBlock("execute_at", &executeAt)
    fields.flag("executed", &executed)
    fields.number("error", &error)
    // Guardians and owners' objections are not part of this ledger.
    fields.constantFlag("cancelled", false)
    fields.constantFlag("objected", false)
  }
}
