import Daemon
import Keys
import Neurons
import Primitives
import SubnetKit
import Testing

@Suite struct ValidatorStateTests {
  private let owner = ValidatorState.Owner(
    chainID: Hash256(hashing: [1]), netuid: NetUID(1), mechid: .main,
    hotkey: Hotkey(KeyPair.development(name: "Validator").account))

  private func pending(_ number: UInt64, answerBytes: Int = 3) -> PendingRound {
    let hotkey = Hotkey(KeyPair.development(name: "A").account)
    let answer = AnswerBytes(
      miner: hotkey, uid: UID(1), response: [UInt8](repeating: 7, count: answerBytes), latency: .milliseconds(12),
      arrivals: [.milliseconds(3), .nanoseconds(12_000_001)])
    return PendingRound(
      mechanism: "probe",
      round: Round(
        number: number, block: BlockNumber(5), netuid: NetUID(1),
        pool: AlphaPool(taoIn: Rao(7_000), alphaIn: 9_000)),
      deadline: .seconds(3), task: PreparedTask(request: [1], challenge: [2, 3], scoredAfter: 10), answers: [answer],
      silent: [Hotkey(KeyPair.development(name: "B").account)])
  }

  private func filled() throws -> ValidatorState {
    var state = ValidatorState(owner: owner, scoreShare: 0.25)
    for name in ["A", "B"] {
      let hotkey = Hotkey(KeyPair.development(name: name).account)
      state.book.record(try Score(name == "A" ? 0.3 : 1), for: hotkey, at: BlockNumber(7))
      var tally = TaskTally()
      tally.sent = 5
      tally.timedOut = 2
      state.tallies[hotkey] = tally
    }
    state.nextRound = 12
    state.lastWeightsBlock = BlockNumber(6)
    let view = try metagraph(of: [(.development(name: "A"), false), (.development(name: "B"), false)])
    let weights = [MinerWeight(uid: UID(1), weight: 65535)]
    let row = try #require(WeightsRow(weights, own: UID(0), in: view))
    state.commits = [
      PendingCommit(
        hash: Hash256(hashing: [9]), row: row, salt: Array(0..<32), versionKey: 3, madeAt: BlockNumber(5),
        hasLanded: true)
    ]
    state.memory = MechanismMemory(mechanism: "probe", bytes: [1, 2, 3])
    _ = state.pending.add(pending(8))
    _ = state.pending.add(pending(9))
    return state
  }

  @Test func whatWasWrittenIsReadBack() throws {
    let state = try filled()
    #expect(try ValidatorState(serialized: state.serialized) == state)
    let empty = ValidatorState(owner: owner, scoreShare: 0.1)
    #expect(try ValidatorState(serialized: empty.serialized) == empty)
  }

  @Test func everyChangedByteAndEveryCutIsNoticed() throws {
    let bytes = try filled().serialized
    for position in bytes.indices {
      var changed = bytes
      changed[position] ^= 0x10
      #expect(throws: ValidatorStateError.self) { try ValidatorState(serialized: changed) }
      #expect(throws: ValidatorStateError.self) { try ValidatorState(serialized: Array(bytes[..<position])) }
    }
  }

  @Test func theRoundsThatWaitAreBoundedInNumberAndBytes() {
    var many = PendingRounds()
    for number in 0..<UInt64(PendingRounds.countLimit) { #expect(many.add(pending(number)) == nil) }
    #expect(many.refusal == .tooManyRounds(limit: PendingRounds.countLimit))
    #expect(many.add(pending(1000)) == .tooManyRounds(limit: PendingRounds.countLimit))
    #expect(many.rounds.count == PendingRounds.countLimit)
    many.remove(round: 7)
    #expect(many.refusal == nil)

    var large = PendingRounds()
    #expect(large.add(pending(0, answerBytes: PendingRounds.byteLimit / 2)) == nil)
    guard case .tooManyBytes = large.add(pending(1, answerBytes: PendingRounds.byteLimit / 2)) else {
      Issue.record("the bytes are not bounded")
      return
    }
    #expect(large.rounds.count == 1)
  }

  @Test func aRoundIsDueAtItsBlockAndNotBefore() {
    var rounds = PendingRounds()
    _ = rounds.add(pending(3))
    #expect(rounds.due(at: BlockNumber(14)).isEmpty)
    #expect(rounds.due(at: BlockNumber(15)).count == 1)
    let never = PendingRound(
      mechanism: "probe", round: Round(number: 1, block: BlockNumber(5), netuid: NetUID(1)), deadline: .seconds(1),
      task: PreparedTask(request: [], challenge: [], scoredAfter: .max), answers: [], silent: [])
    #expect(never.dueBlock == BlockNumber(.max))
  }

  @Test func aStateOfTheFirstVersionIsStillRead() throws {
    var state = try filled()
    state.memory = nil
    state.pending = PendingRounds()
    // The same bytes without what came with version 2: a flag, a count, and the checksum over both.
    var bytes = Array(state.serialized.dropLast(32 + 1 + 4))
    bytes[5] = 1
    #expect(try ValidatorState(serialized: bytes + Hash256(hashing: bytes).bytes) == state)
  }

  @Test func averagesOfThoseWhoWereNotAskedFallOnlyWhereThatWasChosen() throws {
    let asked = Hotkey(KeyPair.development(name: "A").account)
    let other = Hotkey(KeyPair.development(name: "B").account)
    for (decay, expected) in [(MovingAverage.Decay.untouched, 0.25), (.all, 0.1875)] {
      var state = ValidatorState(owner: owner, scoreShare: 0.25)
      state.book.record(.full, for: other, at: BlockNumber(1))
      state.record(RoundJudgement(scores: [asked: .full], block: BlockNumber(2)), decay: decay)
      #expect(state.book.average(of: asked) == 0.25)
      #expect(state.book.average(of: other) == expected)
    }
  }

  @Test func aRoundThatCouldNotBeScoredSaysNothingAboutThoseWhoAnswered() throws {
    var state = try filled()
    let (answered, silent) = (
      Hotkey(KeyPair.development(name: "A").account), Hotkey(KeyPair.development(name: "B").account)
    )
    let before = state.book.average(of: answered)
    let judgement = RoundJudgement(scores: [:], unscored: [answered], silent: [silent], block: BlockNumber(9))
    state.record(judgement, decay: .all)
    #expect(state.book.average(of: answered) == before)
    #expect(state.book.average(of: silent) == 0.1875)
  }

  @Test func aKeeperBeginsEmptyOnlyWhereNothingWasKept() async throws {
    let store = StateStore.memory()
    let keeper = try ScoreKeeper(loading: store, for: owner, averaging: .standard)
    #expect(await keeper.current.nextRound == 0)
    #expect(try store.read() == nil)
  }

  @Test func aDamagedStateStopsTheKeeperAndStaysAsItWas() throws {
    var bytes = try filled().serialized
    bytes[40] ^= 1
    let store = StateStore.memory(bytes)
    let error = #expect(throws: KeptStateError.self) {
      try ScoreKeeper(loading: store, for: owner, averaging: .standard)
    }
    #expect(error?.exitCode == .damagedData)
    #expect(try store.read() == bytes)
  }

  @Test func theStateOfAnotherHotkeyIsRefused() throws {
    let store = StateStore.memory(try filled().serialized)
    let other = ValidatorState.Owner(
      chainID: owner.chainID, netuid: owner.netuid, mechid: owner.mechid,
      hotkey: Hotkey(KeyPair.development(name: "Other").account))
    let error = #expect(throws: KeptStateError.self) {
      try ScoreKeeper(loading: store, for: other, averaging: .standard)
    }
    #expect(error == .unusable(name: "memory", .someoneElses(owner)))
  }
}
