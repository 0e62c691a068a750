import Ledger
import Primitives
import Testing

/// Two root validators with 600 and 300 TAO; `miner` has 200 of the first one's stake.
private func electorate(_ change: (inout Genesis) -> Void = { _ in }) throws -> LedgerFixture {
  var fixture = LedgerFixture(change)
  for name in ["validator", "owner"] {
    try fixture.run(RootRegister(hotkey: LedgerFixture.hotkey(name)), as: name)
    fixture.advance(1)
  }
  try fixture.stakeOnRoot(400, by: "validator", on: "validator")
  try fixture.stakeOnRoot(200, by: "miner", on: "validator")
  try fixture.stakeOnRoot(300, by: "owner", on: "owner")
  return fixture
}

extension LedgerFixture {
  mutating func stakeOnRoot(_ tao: UInt64, by name: String, on hotkey: String) throws {
    try run(AddStake(hotkey: Self.hotkey(hotkey), netuid: .root, amount: .tao(tao)), as: name)
  }

  mutating func propose(_ actions: [any LedgerCall] = [], as name: String = "stranger") throws -> ProposalID {
    let encoded = try actions.map { try Self.encoded($0) }
    let events = try run(SubmitProposal(actions: encoded, title: "title"), as: name)
    return ProposalID(try #require(events.first?.number("id")))
  }

  mutating func vote(_ choice: VoteChoice, on id: ProposalID, through hotkey: String, as name: String? = nil) throws {
    try run(Vote(id: id.value, choice: choice, hotkey: Self.hotkey(hotkey)), as: name ?? hotkey)
  }

  mutating func override(
    _ choice: VoteChoice, _ tao: UInt64, on id: ProposalID, through hotkey: String, as name: String
  ) throws {
    try run(Vote(id: id.value, choice: choice, hotkey: Self.hotkey(hotkey), amount: .tao(tao)), as: name)
  }

  /// The events of the governance steps of the next block.
  mutating func governanceStep() -> [String] {
    step().filter { $0.name.hasPrefix("Proposal") }.map { event in
      let values = ["result", "block", "error"].compactMap { event.number($0) }
      return ([event.name] + ([event.number("id") ?? 0] + values).map(String.init)).joined(separator: " ")
    }
  }

  func powers(in id: ProposalID) throws -> VotePowers { state.powers(in: try #require(state.proposals[id])) }
}

@Suite struct GovernanceTests {
  private static let lowMinimum = SetGlobalParameter(name: "min_stake", value: .u64(1))

  @Test func aProposalHoldsItsDepositAndTheStakeOfTheMoment() throws {
    var fixture = try electorate()
    let id = try fixture.propose()
    let proposal = try #require(fixture.state.proposals[id])
    #expect(id.value == 1)
    #expect(proposal.totalPower == Rao.tao(900).value)
    #expect(proposal.electors.map(\.stake) == [Rao.tao(600).value, Rao.tao(300).value])
    #expect(proposal.close == fixture.state.block.advanced(by: 60))
    #expect(fixture.state.account(LedgerFixture.account("stranger")).held == Rao.tao(1).value)
  }

  @Test func aDelegateVotesWithTheLesserOfThenAndNow() throws {
    var fixture = try electorate()
    let id = try fixture.propose()
    try fixture.vote(.aye, on: id, through: "validator")
    try fixture.stakeOnRoot(100, by: "validator", on: "validator")
    #expect(try fixture.powers(in: id).aye == Rao.tao(600).value)
    try fixture.run(
      RemoveStake(hotkey: LedgerFixture.hotkey("validator"), netuid: .root, amount: .tao(250)), as: "validator")
    #expect(try fixture.powers(in: id).aye == Rao.tao(450).value)
  }

  @Test func aNominatorTakesItsPartOutOfTheDelegatesVote() throws {
    var fixture = try electorate()
    let id = try fixture.propose()
    try fixture.vote(.aye, on: id, through: "validator")
    try fixture.override(.nay, 150, on: id, through: "validator", as: "miner")
    var powers = try fixture.powers(in: id)
    #expect((powers.aye, powers.nay) == (Rao.tao(450).value, Rao.tao(150).value))
    try fixture.override(.veto, 50, on: id, through: "validator", as: "miner")
    powers = try fixture.powers(in: id)
    #expect((powers.aye, powers.nay, powers.veto) == (Rao.tao(550).value, 0, Rao.tao(50).value))
    try fixture.override(.veto, 0, on: id, through: "validator", as: "miner")
    #expect(try fixture.powers(in: id).veto == 0)
    #expect(fixture.state.votes.isEmpty)
  }

  @Test func overridesOnAHotkeyStayWithinItsSnapshot() throws {
    var fixture = try electorate()
    let id = try fixture.propose()
    try fixture.override(.nay, 200, on: id, through: "validator", as: "miner")
    try fixture.override(.nay, 400, on: id, through: "validator", as: "validator")
    // Both have all of the snapshot now; what the chain pays later is beyond it.
    #expect(
      fixture.refusal(
        of: Vote(id: 1, choice: .nay, hotkey: LedgerFixture.hotkey("validator"), amount: .tao(401)), as: "validator")
        == .notEnoughStake)
  }

  @Test func votedStakeStaysOnRootUntilTheVoteCloses() throws {
    var fixture = try electorate()
    let hotkey = LedgerFixture.hotkey("validator")
    let first = try fixture.propose()
    let second = try fixture.propose()
    try fixture.override(.nay, 150, on: first, through: "validator", as: "miner")
    try fixture.override(.nay, 120, on: second, through: "validator", as: "miner")
    let miner = LedgerFixture.coldkey("miner")
    #expect(fixture.state.availableStake(of: miner, on: hotkey, in: .root) == Rao.tao(50).value)
    let move = MoveStake(
      hotkey: hotkey, netuid: .root, toHotkey: LedgerFixture.hotkey("owner"), toNetuid: .root, amount: .tao(51))
    #expect(fixture.refusal(of: move, as: "miner") == .notEnoughStakeToWithdraw)
    try fixture.run(RemoveStakeFull(hotkey: hotkey, netuid: .root), as: "miner")
    #expect(fixture.state.stake(of: miner, on: hotkey, in: .root) == Rao.tao(150).value)
    fixture.advance(60)
    #expect(fixture.state.availableStake(of: miner, on: hotkey, in: .root) == Rao.tao(150).value)
    #expect(fixture.state.votes.isEmpty)
  }

  @Test func stakeFromBeforeInTheSameBlockMayVote() throws {
    var fixture = try electorate()
    try fixture.stakeOnRoot(10, by: "sudo", on: "owner")
    let id = try fixture.propose()
    try fixture.override(.aye, 10, on: id, through: "owner", as: "sudo")
    try fixture.stakeOnRoot(1, by: "sudo", on: "owner")
    #expect(
      fixture.refusal(
        of: Vote(id: id.value, choice: .aye, hotkey: LedgerFixture.hotkey("owner"), amount: .tao(1)), as: "sudo")
        == .stakeTooRecent)
  }

  @Test func aDecidedVoteEndsInTheNextStepAndRunsAfterTheDelay() throws {
    var fixture = try electorate()
    let id = try fixture.propose([Self.lowMinimum])
    try fixture.vote(.aye, on: id, through: "owner")
    #expect(fixture.governanceStep() == [])
    try fixture.vote(.aye, on: id, through: "validator")
    let closing = fixture.state.block.value + 1
    #expect(fixture.governanceStep() == ["ProposalClosed 1 1", "ProposalQueued 1 \(closing + 10)"])
    #expect(fixture.state.account(LedgerFixture.account("stranger")).held == 0)
    fixture.advance(9)
    #expect(fixture.state.chain.parameters.minStake == .init(2_000_000))
    #expect(fixture.governanceStep() == ["ProposalExecuted 1 0"])
    #expect(fixture.state.chain.parameters.minStake == Rao(1))
    #expect(fixture.governanceStep() == [])
    #expect(fixture.state.proposals[id]?.stage == .executed)
    #expect(
      fixture.refusal(of: Vote(id: 1, choice: .nay, hotkey: LedgerFixture.hotkey("owner")), as: "owner")
        == .votingClosed)
  }

  @Test func votesCountUntilTheBlockBeforeTheClose() throws {
    var fixture = try electorate()
    let id = try fixture.propose([Self.lowMinimum])
    fixture.advance(59)
    try fixture.vote(.aye, on: id, through: "owner")
    #expect(fixture.governanceStep() == ["ProposalClosed 1 1", "ProposalQueued 1 \(fixture.state.block.value + 10)"])
  }

  @Test func aProposalNobodyVotedOnLosesItsDeposit() throws {
    var fixture = try electorate()
    _ = try fixture.propose()
    let recycled = fixture.state.chain.recycled
    fixture.advance(59)
    #expect(fixture.governanceStep() == ["ProposalClosed 1 4"])
    #expect(fixture.state.chain.recycled == recycled + Rao.tao(1).value)
    #expect(fixture.state.account(LedgerFixture.account("stranger")).held == 0)
    #expect(fixture.state.brokenInvariant() == nil)
  }

  @Test func aVetoedProposalLosesItsDepositAndARefusedOneDoesNot() throws {
    var fixture = try electorate()
    let vetoed = try fixture.propose()
    let refused = try fixture.propose()
    try fixture.vote(.veto, on: vetoed, through: "validator")
    try fixture.vote(.nay, on: refused, through: "validator")
    let before = fixture.state.account(LedgerFixture.account("stranger"))
    #expect(fixture.governanceStep() == ["ProposalClosed 1 3", "ProposalClosed 2 2"])
    let after = fixture.state.account(LedgerFixture.account("stranger"))
    #expect(before.balance - after.balance == Rao.tao(1).value)
    #expect(after.held == 0)
  }

  @Test func governanceParametersNeedTheStrictMajority() throws {
    var fixture = try electorate()
    let simple = try fixture.propose([Self.lowMinimum])
    let strict = try fixture.propose([Self.lowMinimum, SetGlobalParameter(name: "voting_period", value: .u64(5))])
    // 400 for and 200 against: more than half, and exactly two thirds, which is not more.
    for id in [simple, strict] {
      try fixture.vote(.aye, on: id, through: "validator")
      try fixture.override(.nay, 200, on: id, through: "validator", as: "miner")
    }
    fixture.advance(59)
    let closing = fixture.state.block.value + 1
    #expect(
      fixture.governanceStep()
        == ["ProposalClosed 1 1", "ProposalQueued 1 \(closing + 10)", "ProposalClosed 2 2"])
    #expect(fixture.state.proposals[strict]?.proposalClass == .strict)
    #expect(fixture.state.proposals[strict]?.counted.aye == Rao.tao(400).value)
  }

  @Test func atMostFourAreEnactedInABlockInTheOrderOfTheirNumbers() throws {
    var fixture = try electorate { $0.parameters.maxProposalsPerAccount = 10 }
    for number in 1...6 {
      let id = try fixture.propose([SetGlobalParameter(name: "min_stake", value: .u64(UInt64(number)))])
      try fixture.vote(.aye, on: id, through: "owner")
      try fixture.vote(.aye, on: id, through: "validator")
    }
    fixture.advance(10)
    #expect(fixture.governanceStep() == (1...4).map { "ProposalExecuted \($0) 0" })
    #expect(fixture.governanceStep() == (5...6).map { "ProposalExecuted \($0) 0" })
    #expect(fixture.state.chain.parameters.minStake == Rao(6))
  }

  @Test func aFailingActionTakesItsProposalBackAndIsNotRepeated() throws {
    var fixture = try electorate()
    let id = try fixture.propose([Self.lowMinimum, DissolveSubnet(netuid: NetUID(7))])
    try fixture.vote(.aye, on: id, through: "owner")
    try fixture.vote(.aye, on: id, through: "validator")
    fixture.advance(10)
    #expect(fixture.governanceStep() == ["ProposalExecuted 1 209"])
    #expect(fixture.state.chain.parameters.minStake == Rao(2_000_000))
    #expect(fixture.governanceStep() == [])
    #expect(fixture.state.proposals[id]?.error == 209)
  }

  @Test func onlyListedKindsOfCallsCanBeProposed() throws {
    let fixture = LedgerFixture()
    let classes = CallTable.all.map { type in (type.descriptor.name, type.init().proposalClass) }
    let named = classes.filter { $0.1 != nil }.map(\.0)
    #expect(named == ["DissolveSubnet", "SetAuthorities", "Pause", "SetSudoKey", "RemoveSudoKey"])
    #expect(SetHyperparameter(netuid: .root, name: "kappa", value: .u64(1)).proposalClass == .simple)
    #expect(SetHyperparameter(netuid: .root, name: "tempo", value: .u64(1)).proposalClass == nil)
    #expect(SetGlobalParameter(name: "quorum_super", value: .u64(1)).proposalClass == .strict)
    #expect(SetGlobalParameter(name: "faucet_enabled", value: .flag(true)).proposalClass == nil)
    #expect(fixture.state.chain.nextProposal == 1)
  }

  @Test func tooLongAndTooManyAreInvalid() throws {
    var fixture = LedgerFixture()
    let action = try LedgerFixture.encoded(Self.lowMinimum)
    let long = String(repeating: "x", count: 4097)
    #expect(fixture.refusal(of: SubmitProposal(actions: [], text: long), as: "owner") == .invalidProposal)
    #expect(
      fixture.refusal(of: SubmitProposal(actions: [], title: String(long.prefix(257))), as: "owner")
        == .invalidProposal)
    #expect(
      fixture.refusal(of: SubmitProposal(actions: Array(repeating: action, count: 9)), as: "owner") == .invalidProposal)
    try fixture.run(
      SubmitProposal(
        actions: Array(repeating: action, count: 8), title: String(long.prefix(256)), text: String(long.dropLast())),
      as: "owner")
  }
}
