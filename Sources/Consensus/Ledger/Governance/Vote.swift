package import Primitives

/// Votes on an open proposal: for a root validator by its owner, or with one's own root stake against it.
///
/// Source: registry 13.
package struct Vote: LedgerCall {
  package static let descriptor = CallDescriptor(
    55, "Vote", by: .coldkey, bearsFee: false, "Vote on a proposal with root stake.")

  package var id: UInt64 = 0
  package var choice: UInt8 = 0
  package var hotkey = Hotkey()
  /// Rao of the signer's own stake on the hotkey, 0 to take it back; nil for the delegate's vote.
  package var amount: Rao?

  package init() {}
  package init(id: UInt64, choice: VoteChoice, hotkey: Hotkey, amount: Rao? = nil) {
    self.id = id
    self.choice = choice.rawValue
    self.hotkey = hotkey
    self.amount = amount
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.number("id", &id)
    fields.enumerator("choice", &choice, of: VoteChoice.self)
    fields.hotkey("hotkey", &hotkey)
    fields.optionalAmount("amount", &amount)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    guard let choice = VoteChoice(rawValue: choice) else { throw .malformed.with("choice", UInt64(choice)) }
    let id = ProposalID(id)
    guard var proposal = state.proposals[id] else { throw .proposalNotFound.with("id", id.value) }
    guard proposal.stage == .open else { throw .votingClosed.with("id", id.value).with("close", proposal.close) }
    guard let index = proposal.electors.firstIndex(where: { $0.hotkey == hotkey }) else { throw .notInElectorate }
    let power: UInt64
    if let amount {
      power = amount.value
      try state.override(VoteKey(id, hotkey, coldkey), choice, amount.value, at: &proposal.electors[index])
    } else {
      guard state.owner(of: hotkey) == coldkey else { throw .notInElectorate }
      proposal.electors[index].choice = choice
      power = state.delegatedPower(of: proposal.electors[index])
    }

    proposal.hasNewVotes = true
    state.proposals[id] = proposal
    return [
      LedgerEvent(
        "Voted",
        [
          "id": .number(id.value), "coldkey": .coldkey(coldkey), "hotkey": .hotkey(hotkey),
          "choice": .number(choice.rawValue), "power": .number(power),
        ])
    ]
  }
}

extension LedgerState {
  /// Records a nominator's own vote in the place of its earlier one.
  ///
  /// - Throws: `StakeTooRecent`; `NotEnoughStake` without stake, above it, or above the hotkey's room.
  fileprivate mutating func override(
    _ key: VoteKey, _ choice: VoteChoice, _ amount: UInt64, at elector: inout Elector
  ) throws(LedgerError) {
    let share = shares[ShareKey(.root, key.hotkey, key.coldkey)]
    if let share, share.proposalsBeforeIncrease >= key.proposal.value { throw .stakeTooRecent }
    let own = stake(of: key.coldkey, on: key.hotkey, in: .root)
    guard own > 0, amount <= own else { throw .notEnoughStake.with("amount", amount).with("stake", own) }
    var overrides = elector.overrides
    if let earlier = votes[key] { overrides[earlier.choice] -= earlier.amount }
    let room = elector.stake - min(elector.stake, overrides.total)
    guard amount <= room else { throw .notEnoughStake.with("amount", amount).with("room", room) }

    overrides[choice] += amount
    elector.overrides = overrides
    votes[key] = amount == 0 ? nil : NominatorVote(choice: choice, amount: amount)
  }

  /// Root stake that open votes keep a coldkey from taking off a hotkey, rao.
  ///
  /// One coin may stand behind votes on several proposals, so the largest counts, not the sum.
  package func lockedRootStake(of coldkey: Coldkey, on hotkey: Hotkey) -> UInt64 {
    chain.openProposals.reduce(0) { max($0, votes[VoteKey($1, hotkey, coldkey)]?.amount ?? 0) }
  }
}
