import Daemon
import Keys
import Neurons
import Primitives
import SubnetKit
import Synchronization
import Testing

/// Asks what is known only some blocks later, and keeps a diary of the rounds that it scored.
private struct Oracle: IncentiveMechanism {
  static let name = "oracle"

  struct Diary: Codable, Hashable, Sendable {
    var scored: [UInt64] = []
  }

  final class Desk: Sendable {
    let diary = Mutex(Diary())
  }

  let delay: UInt64
  var policy = MechanismPolicy.standard
  var isBroken = false
  let desk = Desk()

  init(delay: UInt64) { self.delay = delay }
  init(_ setup: MechanismSetup) { delay = 4 }

  func task(_ round: Round, random: inout SeededRandom) -> Challenge<UInt64, UInt64> {
    Challenge(round.number, expecting: round.block.value, scoredAfter: delay)
  }

  func forward(_ number: UInt64, _ context: ForwardContext) -> UInt64 { number &* 2 }

  func score(
    _ answers: [Answer<UInt64>], for challenge: Challenge<UInt64, UInt64>, _ context: ScoreContext
  ) throws -> [Score] {
    if isBroken { throw MechanismError(.failed, "no opinion") }
    desk.diary.withLock { $0.scored.append(context.round.number) }
    let isTrue =
      challenge.expected == context.round.block.value && context.block.value >= challenge.expected + delay
    return answers.map { isTrue && $0.response == challenge.request &* 2 ? .full : .zero }
  }

  func checkpoint() -> Diary { desk.diary.withLock { $0 } }
  func restore(_ diary: Diary) { desk.diary.withLock { $0 = diary } }
}

extension ValidatorState {
  fileprivate var diary: [UInt64] {
    memory.flatMap { try? MessageCoder.memories.decode(Oracle.Diary.self, from: $0.bytes).scored } ?? []
  }
}

@Suite(.virtualTime) struct DelayedTruthTests {
  @Test func aTruthThatComesLaterIsScoredOnceWhereverTheValidatorIsKilled() async throws {
    let stand = SubnetStand { _ in MechanismHost(Oracle(delay: 12)) }
    let hotkey = Hotkey(stand.miner.account)
    try await stand.withChain {
      try await stand.withMiner {
        var scored = 0
        for _ in 0..<4 {
          var killed: [UInt8]?
          try await stand.withValidator {
            try await stand.clock.runs(until: "rounds that wait, and some that were scored") {
              let state = stand.state
              // What is on the disk is of one moment: the mechanism's memory, the scores and the rounds that wait.
              #expect(state?.book.entries[hotkey]?.scoreCount ?? 0 == UInt64(state?.diary.count ?? 0))
              return (state?.pending.rounds.count ?? 0) > 2 && (state?.diary.count ?? 0) > scored + 3
            }
            killed = try stand.store.read()
            // What it goes on to do is lost with it, as after kill -9.
            try await stand.clock.pass(.seconds(2))
          }
          try stand.store.write(try #require(killed))
          scored = stand.state?.diary.count ?? 0
        }
      }
    }
    let state = try #require(stand.state)
    #expect(state.diary == Array(0..<UInt64(state.diary.count)))
    // Each round was scored or waits, in order and none of them twice.
    #expect(state.diary + state.pending.rounds.map(\.round.number) == Array(0..<state.nextRound))
    #expect(stand.average > 0.5)
  }

  @Test func nothingIsScoredBeforeItsBlock() async throws {
    let stand = SubnetStand { _ in MechanismHost(Oracle(delay: 1_000_000)) }
    try await stand.withChain {
      try await stand.withMiner {
        try await stand.withValidator {
          try await stand.clock.runs(until: "rounds") { (stand.state?.nextRound ?? 0) >= 5 }
        }
      }
    }
    let state = try #require(stand.state)
    #expect(state.pending.rounds.count == Int(state.nextRound))
    #expect(state.book.entries.isEmpty)
    #expect(state.tallies[Hotkey(stand.miner.account)]?.sent == state.nextRound)
  }

  @Test func noMoreRoundsWaitThanThereIsRoomForAndTheLogSaysSo() async throws {
    let stand = SubnetStand { _ in MechanismHost(Oracle(delay: 1_000_000)) }
    var full = ValidatorState(owner: stand.owner, scoreShare: 0.1)
    for number in 0..<UInt64(PendingRounds.countLimit) { _ = full.pending.add(stand.pendingRound(number)) }
    full.nextRound = UInt64(PendingRounds.countLimit)
    try stand.store.write(full.serialized)
    try await stand.withChain {
      try await stand.withMiner {
        try await stand.withValidator {
          try await stand.clock.runs(until: "the refusal") {
            stand.log.lines.contains { $0.contains("too_many_pending_rounds") }
          }
          try await stand.clock.runs(until: "the status") { stand.statusText.contains("\"refused_rounds\":") }
        }
      }
    }
    #expect(stand.state == full)
    #expect(!stand.statusText.contains("\"refused_rounds\":0"))
    #expect(stand.statusText.contains("\"pending_rounds\":\(PendingRounds.countLimit)"))
  }

  @Test func whatAnotherMechanismLeftIsNotUsedAndTheLogSaysSo() async throws {
    let stand = SubnetStand { _ in MechanismHost(Oracle(delay: 2)) }
    var left = ValidatorState(owner: stand.owner, scoreShare: 0.1)
    _ = left.pending.add(stand.pendingRound(0, of: "other", after: 1))
    left.nextRound = 1
    left.memory = MechanismMemory(mechanism: "other", bytes: [1])
    try stand.store.write(left.serialized)
    try await stand.withChain {
      try await stand.withMiner {
        try await stand.withValidator {
          try await stand.clock.runs(until: "a round of its own") { (stand.state?.diary.count ?? 0) > 0 }
        }
      }
    }
    #expect(stand.state?.diary.first == 1)
    #expect(stand.log.lines.contains { $0.contains("the saved memory is another mechanism's") })
    #expect(stand.log.lines.contains { $0.contains("a waiting round of another mechanism is dropped") })
  }

  @Test func aMemoryThatIsNotReadableStopsTheValidatorAndStaysAsItWas() async throws {
    let stand = SubnetStand { _ in MechanismHost(Oracle(delay: 2)) }
    var state = ValidatorState(owner: stand.owner, scoreShare: 0.1)
    state.memory = MechanismMemory(mechanism: Oracle.name, bytes: [0xff])
    try stand.store.write(state.serialized)
    try await stand.withChain {
      _ = await #expect(throws: MechanismError.self) { try await stand.runValidator() }
    }
    #expect(stand.state == state)
  }

  @Test func aRoundThatCannotBeScoredChangesNoAverageAndIsCounted() async throws {
    let stand = SubnetStand { _ in
      var oracle = Oracle(delay: 0)
      oracle.isBroken = true
      return MechanismHost(oracle)
    }
    try await stand.withChain {
      try await stand.withMiner {
        try await stand.clock.runs(until: "the miner serves") { !stand.ready.withLock { $0 }.isEmpty }
        try await stand.withValidator {
          try await stand.clock.runs(until: "rounds") { (stand.state?.nextRound ?? 0) >= 3 }
        }
      }
    }
    let state = try #require(stand.state)
    #expect(state.book.entries.isEmpty)
    #expect(state.tallies[Hotkey(stand.miner.account)]?.answered == state.nextRound)
    #expect(stand.log.lines.contains { $0.contains("could not be scored") && $0.contains("no opinion") })
    #expect(!stand.statusText.contains("\"unscored_rounds\":0"))
  }

  @Test func aFallbackOfTheWeightsStandsInTheLogAndInTheStatus() async throws {
    let stand = SubnetStand { _ in
      var oracle = Oracle(delay: 0)
      oracle.policy.weights.clip = 0.5
      return MechanismHost(oracle)
    }
    try await stand.withChain {
      try await stand.withMiner {
        try await stand.withValidator {
          try await stand.clock.runs(until: "weights") { stand.chain.now.weights.count >= 2 }
          try await stand.clock.runs(until: "the status") { stand.statusText.contains("clip_too_tight") }
        }
      }
    }
    let said = stand.log.lines.filter { $0.contains("weights are not as asked") && $0.contains("clip_too_tight") }
    #expect(said.count == 1)
  }
}

extension SubnetStand {
  fileprivate var owner: ValidatorState.Owner {
    ValidatorState.Owner(
      chainID: ScriptedChain.chainID, netuid: ScriptedChain.netuid, mechid: .main, hotkey: Hotkey(validator.account))
  }

  fileprivate var statusText: String { ((try? status.read()) ?? nil).map { String(decoding: $0, as: UTF8.self) } ?? "" }

  fileprivate func pendingRound(
    _ number: UInt64, of mechanism: String = Oracle.name, after blocks: UInt64 = 1_000_000
  ) -> PendingRound {
    PendingRound(
      mechanism: mechanism, round: Round(number: number, block: BlockNumber(1), netuid: ScriptedChain.netuid),
      deadline: .seconds(1), task: PreparedTask(request: [1], challenge: [1], scoredAfter: blocks), answers: [],
      silent: [])
  }
}
