import Ledger
import Primitives
import Testing
import Wire

@Suite struct ProposalQueryTests {
  @Test func anOpenProposalShowsItsTextAndThePowerBehindEachChoice() throws {
    var network = try QueryNetwork()
    let action = try encoded(SetHyperparameter(netuid: QueryNetwork.netuid, name: "immunity_period", value: .u64(7)))
    try network.call(SubmitProposal(actions: [action], title: "Seven", text: "Why seven."), by: proposer)
    try vote(.nay, .tao(10), &network)
    try network.call(Vote(id: 1, choice: .aye, hotkey: QueryNetwork.validator), by: QueryNetwork.coldkey.account)

    let proposal = try network.ask(ProposalQuery(id: 1))
    #expect(proposal.id == 1)
    #expect(proposal.proposer == QueryNetwork.owner)
    #expect(proposal.proposalClass == ProposalClass.simple.rawValue)
    #expect(String(decoding: proposal.title, as: UTF8.self) == "Seven")
    #expect(String(decoding: proposal.text, as: UTF8.self) == "Why seven.")
    #expect(proposal.actions == [action])
    #expect(proposal.opened == BlockNumber(5))
    #expect(proposal.close == BlockNumber(5 + network.state.chain.parameters.votingPeriod))
    #expect(proposal.totalPower == Rao.tao(30).value)
    #expect(proposal.powers.aye == Rao.tao(20).value)
    #expect(proposal.powers.nay == Rao.tao(10).value)
    #expect(proposal.powers.veto == 0 && proposal.powers.abstain == 0)
    #expect(proposal.deposit == network.state.chain.parameters.proposalDeposit)
    #expect(proposal.deposit > .zero)
    #expect(proposal.result == 0)
    #expect(proposal.executeAt == nil && !proposal.executed && proposal.error == 0)
  }

  @Test func aPassedProposalSaysWhenItsActionsRunAndThatTheyRan() throws {
    var network = try QueryNetwork()
    let action = try encoded(SetHyperparameter(netuid: QueryNetwork.netuid, name: "immunity_period", value: .u64(7)))
    try network.call(SubmitProposal(actions: [action]), by: proposer)
    try network.call(Vote(id: 1, choice: .aye, hotkey: QueryNetwork.validator), by: QueryNetwork.coldkey.account)
    network.run(blocks: 1)

    let queued = try network.ask(ProposalQuery(id: 1))
    #expect(queued.result == ProposalResult.approved.rawValue)
    #expect(queued.close == BlockNumber(6))
    #expect(queued.powers.aye == Rao.tao(30).value)
    #expect(queued.deposit == .zero)
    let executeAt = try #require(queued.executeAt)
    #expect(executeAt == BlockNumber(6 + network.state.chain.parameters.enactmentDelay))
    #expect(!queued.executed)

    network.run(blocks: Int(executeAt.value - 6))
    let executed = try network.ask(ProposalQuery(id: 1))
    #expect(executed.executed && executed.error == 0)
    #expect(executed.executeAt == executeAt)
    #expect(executed.powers == queued.powers)
    #expect(network.state.subnets[QueryNetwork.netuid]?.parameters.immunityPeriod == 7)
  }

  @Test func anActionThatFailedLeavesItsError() throws {
    var network = try QueryNetwork()
    let action = try encoded(SetHyperparameter(netuid: NetUID(9), name: "immunity_period", value: .u64(7)))
    try network.call(SubmitProposal(actions: [action]), by: proposer)
    try network.call(Vote(id: 1, choice: .aye, hotkey: QueryNetwork.validator), by: QueryNetwork.coldkey.account)
    network.run(blocks: 1 + Int(network.state.chain.parameters.enactmentDelay))
    let proposal = try network.ask(ProposalQuery(id: 1))
    #expect(proposal.executed)
    #expect(proposal.error == LedgerErrorCode.subnetNotExists.rawValue)
  }

  @Test func proposalsComeInPagesWithoutTheirTexts() throws {
    var network = try QueryNetwork()
    #expect(try network.ask(ProposalsQuery()) == ProposalPageAnswer())
    for number in 1...4 {
      try network.call(SubmitProposal(actions: [], title: "Title \(number)", text: "A text"), by: proposer)
    }
    try network.call(Vote(id: 2, choice: .nay, hotkey: QueryNetwork.validator), by: QueryNetwork.coldkey.account)
    network.run(blocks: 1)

    let all = try network.ask(ProposalsQuery()).proposals
    #expect(all.map(\.id) == [1, 2, 3, 4])
    #expect(all.map(\.result) == [0, ProposalResult.rejected.rawValue, 0, 0])
    #expect(all.allSatisfy { $0.text.isEmpty && $0.actions.isEmpty && !$0.title.isEmpty })
    #expect(all[1].executeAt == nil)
    let open = try network.ask(ProposalsQuery(onlyOpen: true)).proposals
    #expect(open == all.filter { $0.id != 2 })
    for (isOpen, expected) in [(false, all), (true, open)] {
      for limit in [1, 2, 3] {
        #expect(try paged(limit: UInt32(limit), onlyOpen: isOpen, network) == expected, "\(limit) \(isOpen)")
      }
    }
  }

  @Test func aPageBehindTheLastProposalIsEmpty() throws {
    var network = try QueryNetwork()
    try network.call(SubmitProposal(actions: [], title: "Title"), by: proposer)
    for byte in [UInt8(1), 255] {
      for isOpen in [false, true] {
        let page = PageRequest(after: Array(repeating: byte, count: 8))
        #expect(try network.ask(ProposalsQuery(onlyOpen: isOpen, page: page)) == ProposalPageAnswer())
      }
    }
    #expect(throws: LedgerError.proposalNotFound) {
      try ProposalQuery(id: 2).answer(from: network.state, with: QueryNetwork.host)
    }
  }

  @Test func rootStakeBehindAVoteIsShownAsLockedUntilTheVoteCloses() throws {
    var network = try QueryNetwork()
    try network.call(SubmitProposal(actions: [], title: "Title"), by: proposer)
    try vote(.nay, .tao(12), &network)
    #expect(try locked(network) == Rao.tao(12).value)
    let root = try #require(try availability(network).first { $0.netuid == .root })
    #expect(root.total == Rao.tao(30).value)
    #expect(root.locked == Rao.tao(12).value)
    #expect(root.available == Rao.tao(18).value)
    #expect(try availability(network).first { $0.netuid == QueryNetwork.netuid }?.locked == 0)

    // What is said to be available is what may be taken out, to the last rao.
    let remove = RemoveStake(hotkey: QueryNetwork.validator, netuid: .root, amount: Rao(root.available + 1))
    #expect(throws: LedgerError.notEnoughStakeToWithdraw) {
      try network.call(remove, by: QueryNetwork.nominator.account)
    }
    try network.call(
      RemoveStake(hotkey: QueryNetwork.validator, netuid: .root, amount: Rao(root.available)),
      by: QueryNetwork.nominator.account)
    #expect(try availability(network).first { $0.netuid == .root }?.available == 0)

    network.run(blocks: Int(network.state.chain.parameters.votingPeriod))
    #expect(try locked(network) == 0)
    #expect(try availability(network).first { $0.netuid == .root }?.locked == 0)
  }

  private var proposer: AccountID { QueryNetwork.owner.account }

  private func encoded(_ call: any LedgerCall) throws -> [UInt8] { try WireCodec.encode(call.message, as: .call) }

  private func vote(_ choice: VoteChoice, _ amount: Rao, _ network: inout QueryNetwork) throws {
    try network.call(
      Vote(id: 1, choice: choice, hotkey: QueryNetwork.validator, amount: amount), by: QueryNetwork.nominator.account)
  }

  private func locked(_ network: QueryNetwork) throws -> UInt64 {
    try network.ask(
      StakeInfoQuery(hotkey: QueryNetwork.validator, coldkey: QueryNetwork.nominator, netuid: .root)
    ).locked
  }

  private func availability(_ network: QueryNetwork) throws -> [StakeAvailabilityRow] {
    try network.ask(StakeAvailabilityQuery([QueryNetwork.nominator])).stakes
  }

  private func paged(limit: UInt32, onlyOpen: Bool, _ network: QueryNetwork) throws -> [ProposalAnswer] {
    var rows: [ProposalAnswer] = []
    var cursor: [UInt8] = []
    repeat {
      let page = PageRequest(after: cursor, limit: limit)
      let answer = try network.ask(ProposalsQuery(onlyOpen: onlyOpen, page: page))
      #expect(answer.proposals.count <= Int(limit))
      rows += answer.proposals
      cursor = answer.nextCursor
    } while !cursor.isEmpty
    return rows
  }
}
