import Ledger
import Primitives
import Testing

/// What calls leave behind, beyond their events.
@Suite struct CallEffectTests {
  private let one = NetUID(1)
  private let mechanism = MechanismKey(NetUID(1), .main)
  private let hot = LedgerFixture.hotkey

  @Test func aRestBelowTheExistentialDepositLeavesAndOneOfExactlyThatStays() throws {
    var fixture = LedgerFixture()
    let miner = LedgerFixture.account("miner")
    let owner = LedgerFixture.account("owner")
    try fixture.run(Transfer(to: owner, amount: Rao(Rao.tao(1_000_000).value - 500)), as: "miner")
    #expect(fixture.state.account(miner).balance == 500)
    try fixture.run(Transfer(to: owner, amount: Rao(1)), as: "miner")
    #expect(fixture.state.account(miner).balance == 0)
    #expect(fixture.state.chain.recycled == 499)
  }

  /// A deposit is owned and cannot be spent, so it is never dust, however large the existential deposit is.
  @Test func dustNeverTakesAHeldDeposit() throws {
    var fixture = LedgerFixture { $0.parameters.existentialDeposit = .tao(1) }
    let (miner, owner) = (LedgerFixture.account("miner"), LedgerFixture.account("owner"))
    try fixture.run(AddProxy(delegate: owner, type: .any), as: "miner")
    let held = fixture.state.account(miner).held
    let free = fixture.state.account(miner).free
    try fixture.run(Transfer(to: owner, amount: Rao(free - 7)), as: "miner")
    #expect(fixture.state.account(miner).balance == held)
    #expect(fixture.state.account(miner).free == 0)
    #expect(fixture.state.chain.recycled == 7)
    #expect(fixture.state.brokenInvariant() == nil)
    try fixture.run(RemoveProxies(), as: "miner")
    #expect(fixture.state.account(miner).free == held)
  }

  @Test func aReplacedSlotKeepsNothingOfItsHolder() throws {
    var fixture = try LedgerFixture.withSubnet { $0.parameters.newSubnet.maxAllowedUIDs = 3 }
    try fixture.run(ServeAxon(netuid: one, version: 1, ip: [10, 0, 0, 1], port: 1), as: "miner-hot")
    fixture.state.slots.modify(one) {
      $0.validatorPermit[2] = true
      $0.active[2] = false
      for values in [\NeuronSlots.consensus, \.dividends, \.validatorTrust, \.stakeWeight] {
        $0[keyPath: values][2] = 5
      }
      ($0.emission[1], $0.emission[2], $0.paidIncentive[2], $0.paidDividends[2]) = (9, 5, 5, 5)
    }
    let row = ScoreRow(uids: [1, 2], values: [3, 4])
    fixture.state.mechanisms.modify(mechanism) {
      ($0.weights[1], $0.weights[2], $0.bonds[2], $0.incentive[2]) = (row, row, row, 5)
    }
    fixture.advance(2)
    try fixture.run(RegisterNeuron(netuid: one, hotkey: hot("stranger")), as: "stranger")

    let slots = try #require(fixture.state.slots[one])
    let scores = try #require(fixture.state.mechanisms[mechanism])
    #expect(slots.uid(of: hot("stranger")) == UID(2) && slots.uid(of: hot("miner")) == nil)
    #expect(slots.registeredAt[2] == fixture.state.block && slots.active[2] && !slots.validatorPermit[2])
    #expect([slots.consensus[2], slots.dividends[2], slots.validatorTrust[2], slots.stakeWeight[2]] == [0, 0, 0, 0])
    #expect([slots.emission[2], slots.paidIncentive[2], slots.paidDividends[2]] == [0, 0, 0])
    #expect(slots.axons[2] == Axon())
    #expect(scores.weights[2] == ScoreRow() && scores.bonds[2] == ScoreRow() && scores.incentive[2] == 0)
    #expect(scores.weights[1] == ScoreRow(uids: [1, 2], values: [3, 0]))
    #expect(scores.lastUpdate[2] == fixture.state.block.value)
  }

  private let hidden = SubmittedWeights(mechid: .main, uids: [1, 2, 3], values: [1, 2, 4], versionKey: 0)
  private let salt: [UInt8] = Array(1...8)

  private func commit() throws -> CommitWeights {
    let commitment = try WeightsCommitment(hotkey: hot("owner"), netuid: one, weights: hidden, salt: salt)
    return CommitWeights(netuid: one, hash: commitment.hash(by: LedgerFixture.host.hash))
  }

  private func lastUpdate(in fixture: LedgerFixture) -> UInt64? { fixture.state.mechanisms[mechanism]?.lastUpdate[0] }

  @Test func aCommitIsTheActivityAndItsRevealHidesNewcomers() throws {
    var fixture = try LedgerFixture.withSubnet { $0.parameters.newSubnet.commitRevealWeightsEnabled = true }
    fixture.advance(5)
    try fixture.run(commit(), as: "owner-hot")
    let committed = fixture.state.block.value
    #expect(lastUpdate(in: fixture) == committed)
    #expect(fixture.state.mechanisms[mechanism]?.weights[0] == ScoreRow())
    try fixture.run(RegisterNeuron(netuid: one, hotkey: hot("stranger")), as: "stranger")
    fixture.advance(10)
    let reveal = RevealWeights(netuid: one, uids: hidden.uids, values: hidden.values, salt: salt)
    let events = try fixture.run(reveal, as: "owner-hot")
    #expect(events.map(\.name) == ["WeightsRevealed", "WeightsSet"])
    #expect(lastUpdate(in: fixture) == committed)
    #expect(fixture.state.commits.isEmpty)
    // Uid 3 came in the block of the commit.
    #expect(
      fixture.state.mechanisms[mechanism]?.weights[0] == ScoreRow(uids: [1, 2, 3], values: [16384, 32768, 0]))
  }

  @Test func plainWeightsReplaceTheWholeRow() throws {
    var fixture = try LedgerFixture.withSubnet { $0.parameters.newSubnet.weightsRateLimit = 3 }
    fixture.advance(3)
    try fixture.run(SetWeights(netuid: one, uids: [2, 1], values: [10, 20]), as: "owner-hot")
    #expect(lastUpdate(in: fixture) == fixture.state.block.value)
    fixture.advance(2)
    let next = SetWeights(netuid: one, uids: [2], values: [1])
    #expect(fixture.refusal(of: next, as: "owner-hot") == .settingWeightsTooFast)
    fixture.advance(1)
    try fixture.run(next, as: "owner-hot")
    #expect(fixture.state.mechanisms[mechanism]?.weights[0] == ScoreRow(uids: [2], values: [65535]))
  }

  @Test func proxiesHoldADepositThatComesBack() throws {
    var fixture = LedgerFixture()
    func held() -> UInt64 { fixture.state.account(LedgerFixture.account("miner")).held }
    try fixture.run(AddProxy(delegate: LedgerFixture.account("owner"), type: .any), as: "miner")
    #expect(held() == 93_000_000)
    try fixture.run(AddProxy(delegate: LedgerFixture.account("owner"), type: .staking), as: "miner")
    #expect(held() == 126_000_000)
    try fixture.run(RemoveProxy(delegate: LedgerFixture.account("owner"), type: .any), as: "miner")
    #expect(held() == 93_000_000)
    try fixture.run(RemoveProxies(), as: "miner")
    #expect(held() == 0)
  }

  @Test func aBatchKeepsWhatItDidAndBatchAllNothing() throws {
    let good = try LedgerFixture.encoded(Transfer(to: LedgerFixture.account("pauper"), amount: .tao(1)))
    let bad = try LedgerFixture.encoded(Transfer(to: LedgerFixture.account("pauper"), amount: .tao(5_000_000)))
    func received(_ call: any LedgerCall) throws -> (tao: UInt64, events: [String]) {
      var fixture = LedgerFixture()
      let outcome = try fixture.send(call, as: "miner")
      let balance = fixture.state.account(LedgerFixture.account("pauper")).balance
      return (balance / Rao.perTAO, outcome.events.map(\.name))
    }
    let calls = [good, bad, good]
    let batch = try received(Batch(calls: calls))
    #expect(batch.tao == 1 && batch.events.last == "BatchInterrupted")
    #expect(try received(BatchAll(calls: calls)) == (0, []))
    let forced = try received(ForceBatch(calls: calls))
    #expect(forced.tao == 2 && forced.events.last == "BatchCompletedWithErrors")
    #expect(try received(BatchAll(calls: [good, good])).tao == 2)
  }

  /// One call for each way in which a table is written, then one that fails.
  @Test func aFailedBatchTakesBackWritesToEveryTable() throws {
    let before = try LedgerFixture.withSubnet()
    let calls: [any LedgerCall] = [
      SetHyperparameter(netuid: one, name: "rho", value: .u64(5)), SetTempo(netuid: one, tempo: 7),
      AddStake(hotkey: hot("miner"), netuid: one, amount: .tao(5)),
      RemoveStakeFull(hotkey: hot("miner"), netuid: one), RegisterNeuron(netuid: one, hotkey: hot("another")),
      SetChildren(hotkey: hot("owner"), netuid: one, children: [ChildShare(child: hot("miner"), proportion: 1)]),
      DecreaseTake(hotkey: hot("owner"), take: 5), RegisterSubnet(hotkey: hot("third")), SetIdentity(),
      AddProxy(delegate: LedgerFixture.account("miner"), type: .any), SubmitProposal(actions: [], title: "text"),
    ]
    let encoded = try calls.map { try LedgerFixture.encoded($0) }
    for count in 1...calls.count {
      var fixture = before
      #expect(try fixture.send(BatchAll(calls: Array(encoded.prefix(count))), as: "owner").error == nil)
      fixture = before
      #expect(try fixture.send(BatchAll(calls: encoded.prefix(count) + [[0]]), as: "owner").error?.code == .malformed)
      #expect(fixture.state.canonicalBytes == before.afterFailure(of: "owner").canonicalBytes, "\(count) calls")
      #expect(fixture.state.brokenInvariant() == nil)
    }
  }

  @Test func aTriggeredEpochRunsAfterTheWindow() throws {
    var fixture = try LedgerFixture.withSubnet {
      ($0.parameters.adminFreezeWindow, $0.parameters.newSubnet.tempo) = (3, 50)
    }
    try fixture.run(TriggerEpoch(netuid: one), as: "owner")
    let asked = fixture.state.block.value
    var ran: [UInt64] = []
    for _ in 0..<10 {
      if fixture.step().contains(where: { $0.name == "EpochRan" }) { ran.append(fixture.state.block.value) }
    }
    #expect(ran == [asked + 3])
    #expect(fixture.state.subnets[one]?.clock.lastStepBlock.value == asked + 3)
  }

  @Test func aNewTempoStartsAFullCycle() throws {
    var fixture = try LedgerFixture.withSubnet()
    fixture.advance(7)
    try fixture.run(SetTempo(netuid: one, tempo: 6), as: "owner")
    var ran: [UInt64] = []
    let changed = fixture.state.block.value
    for _ in 0..<12 {
      if fixture.step().contains(where: { $0.name == "EpochRan" }) { ran.append(fixture.state.block.value) }
    }
    #expect(ran == [changed + 6, changed + 12])
  }

  @Test func theFaucetMintsNothing() throws {
    var fixture = LedgerFixture()
    let issuance = fixture.state.chain.issuance
    try fixture.run(Faucet(amount: .tao(1000)), as: "pauper")
    #expect(fixture.state.chain.issuance == issuance)
    #expect(fixture.state.account(LedgerFixture.account("faucet")).balance == Rao.tao(999_000).value)
    #expect(fixture.refusal(of: Faucet(amount: .tao(1001)), as: "pauper") == .invalidValue)
  }
}
