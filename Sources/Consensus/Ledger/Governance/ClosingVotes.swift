import Primitives

// How votes end: each elector's word is weighed once, in the block step. Source: registry 13.
extension LedgerState {
  /// Closes the votes whose block has come, and those that new votes have decided (step 14).
  ///
  /// - Complexity: O(open proposals), and O(electors) for each that is closing or was voted on.
  mutating func closeProposals() -> [LedgerEvent] {
    var events: [LedgerEvent] = []
    for id in chain.openProposals {
      guard let proposal = proposals[id], proposal.hasNewVotes || block >= proposal.close else { continue }
      let powers = powers(in: proposal)
      let tally = tally(powers, of: proposal)
      if let result = block >= proposal.close ? tally.result : tally.earlyResult {
        events += close(id, proposal, as: result, powers, recyclesDeposit: tally.recyclesDeposit(at: result))
      } else {
        proposals.modify(id) { $0.hasNewVotes = false }
      }
    }
    return events
  }

  /// The power behind each choice if the vote closed now.
  package func powers(in proposal: Proposal) -> VotePowers {
    var powers = VotePowers()
    for elector in proposal.electors {
      for choice in VoteChoice.allCases { powers[choice] += elector.overrides[choice] }
      if let choice = elector.choice { powers[choice] += delegatedPower(of: elector) }
    }
    return powers
  }

  /// What the owner of a hotkey votes for: its stake, then or now, whichever is less, without the nominators' own votes.
  func delegatedPower(of elector: Elector) -> UInt64 {
    let stake = min(elector.stake, poolValue(of: elector.hotkey, on: .root))
    return stake - min(stake, elector.overrides.total)
  }

  private func tally(_ powers: VotePowers, of proposal: Proposal) -> ProposalTally {
    let parameters = chain.parameters
    let quorum = proposal.proposalClass == .simple ? parameters.quorumSimple : parameters.quorumSuper
    return ProposalTally(
      proposalClass: proposal.proposalClass, quorumPermille: UInt64(quorum), totalPower: proposal.totalPower,
      aye: powers.aye, nay: powers.nay, veto: powers.veto, abstain: powers.abstain)
  }

  private mutating func close(
    _ id: ProposalID, _ proposal: Proposal, as result: ProposalResult, _ powers: VotePowers, recyclesDeposit: Bool
  ) -> [LedgerEvent] {
    if recyclesDeposit {
      forfeit(proposal.deposit, of: proposal.proposer.account)
    } else {
      release(proposal.deposit, of: proposal.proposer.account)
    }
    var closed = proposal
    closed.hasNewVotes = false
    closed.deposit = 0
    closed.close = block
    closed.counted = powers
    closed.result = result
    closed.electors = []
    closed.stage = result == .approved && !proposal.actions.isEmpty ? .queued : .closed
    if closed.stage == .queued { closed.enactAt = block.advanced(by: chain.parameters.enactmentDelay) }
    proposals[id] = closed
    votes.removeAll(inBucket: VoteKey(id, Hotkey(), Coldkey()).bucket)
    chain.openProposals.removeAll { $0 == id }
    var events = [
      LedgerEvent("ProposalClosed", ["id": .number(id.value), "result": .number(result.rawValue)])
    ]
    if closed.stage == .queued {
      chain.queuedProposals.insert(id, at: chain.queuedProposals.insertionIndex { $0 < id })
      events.append(LedgerEvent("ProposalQueued", ["id": .number(id.value), "block": .block(closed.enactAt)]))
    }
    return events
  }
}
