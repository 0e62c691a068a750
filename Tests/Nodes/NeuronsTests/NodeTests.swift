import Daemon
import Keys
import Ledger
import Neurons
import Primitives
import SubnetKit
import Synchronization
import Testing
import Transport

/// A scripted chain, a real miner and a real validator on one network with one hand-moved clock.
final class SubnetStand: Sendable {
  let clock = TestClock()
  let miner = KeyPair.development(name: "Miner")
  let validator = KeyPair.development(name: "Validator")
  let chain: ScriptedChain
  let network: LoopbackNetwork
  let store = StateStore.memory()
  let log = RecordedLog()
  let ready = Mutex<[String]>([])
  let status = StateStore.memory()
  /// What both nodes run; asked anew at each start, as a new process would be.
  let host: @Sendable (TestClock) -> MechanismHost
  /// Sets the random numbers of two runs of the same node apart, as real ones are.
  private let runs = Mutex<UInt64>(0)

  init(
    registered: Bool = true, permit: Bool = true,
    running host: @escaping @Sendable (TestClock) -> MechanismHost = { MechanismHost(Probe(clock: $0)) }
  ) {
    self.host = host
    chain = ScriptedChain(
      clock, hotkeys: registered ? [validator, miner] : [], permits: permit ? [validator] : [])
    network = LoopbackNetwork(clock: clock)
  }

  private var surroundings: NodeSurroundings {
    let run = runs.withLock { runs in
      runs += 1
      return runs
    }
    return clock.surroundings(log: log, seed: run)
  }

  func runMiner() async throws {
    let settings = MinerSettings(netuid: ScriptedChain.netuid)
    let node = network.node(named: "miner", key: .of(miner))
    try await run(MinerNode(of: parts(miner, over: node), settings: settings), over: node)
  }

  func runValidator() async throws {
    var settings = ValidatorSettings(netuid: ScriptedChain.netuid, seed: 11)
    settings.taskDeadline = .seconds(1)
    let node = network.node(named: "validator", key: .of(validator))
    let parts = try parts(validator, over: node, status: StatusFile(status, log: surroundings.log))
    try await run(ValidatorNode(of: parts, settings: settings, keeping: store), over: node)
  }

  private func parts(
    _ key: KeyPair, over node: any TransportNode, status: StatusFile? = nil
  ) throws -> NeuronParts {
    try NeuronParts(
      key: key, chain: chain.address, over: node, running: host(clock), status: status, in: surroundings,
      onReady: { [self] line in ready.withLock { $0.append(line.name) } })
  }

  private func run(_ service: any Service, over node: any TransportNode) async throws {
    do {
      try await service.run()
    } catch {
      await node.close()
      throw error
    }
    await node.close()
  }

  /// Runs the chain, with a block every 250 ms, beside the work.
  func withChain<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
    try await clock.beside({ try await self.chain.serve(on: self.network) }) {
      try await clock.beside({ try await self.chain.makeBlocks(every: .milliseconds(250)) }) { try await work() }
    }
  }

  func withMiner<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
    try await clock.beside({ try await self.runMiner() }, work)
  }

  func withValidator<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
    try await clock.beside({ try await self.runValidator() }, work)
  }

  var state: ValidatorState? {
    (try? store.read()).flatMap { $0 }.flatMap { try? ValidatorState(serialized: $0) }
  }

  var average: Double { state?.book.average(of: Hotkey(miner.account)) ?? 0 }
}

@Suite(.virtualTime) struct MinerNodeTests {
  @Test func aMinerWaitsForItsRegistrationThenServesAndSaysSo() async throws {
    let stand = SubnetStand(registered: false)
    try await stand.withChain {
      try await stand.withMiner {
        try await stand.clock.runs(until: "the miner says that it waits") {
          stand.log.lines.contains { $0.contains("waiting for this hotkey to be registered") }
        }
        #expect(stand.ready.withLock { $0 }.isEmpty)
        #expect(stand.chain.now.calls.isEmpty)
        stand.chain.change { $0.hotkeys = [stand.miner.account] }
        try await stand.clock.runs(until: "the miner is ready") { !stand.ready.withLock { $0 }.isEmpty }
      }
    }
    #expect(stand.chain.now.calls == ["ServeAxon"])
    #expect(stand.ready.withLock { $0 } == ["miner"])
    let axon = try #require(stand.chain.now.axons[stand.miner.account])
    #expect(axon.blob("ip") == [127, 0, 0, 1])
    #expect(axon.count("port") > 0)
  }

  @Test func aMinerWhoseRecordWasLostPublishesAgain() async throws {
    let stand = SubnetStand()
    try await stand.withChain {
      try await stand.withMiner {
        try await stand.clock.runs(until: "the miner is ready") { !stand.ready.withLock { $0 }.isEmpty }
        stand.chain.change { $0.axons = [:] }
        try await stand.clock.runs(until: "the axon is published again") { stand.chain.now.calls.count == 2 }
      }
    }
    #expect(stand.chain.now.calls == ["ServeAxon", "ServeAxon"])
    #expect(stand.ready.withLock { $0 } == ["miner"])
  }

  @Test func aMinerSurvivesAChainThatStartsAgain() async throws {
    let stand = SubnetStand()
    try await stand.withMiner {
      try await stand.withChain {
        try await stand.clock.runs(until: "the miner is ready") { !stand.ready.withLock { $0 }.isEmpty }
      }
      try await stand.clock.pass(.seconds(15))
      stand.chain.change { $0.axons = [:] }
      try await stand.withChain {
        try await stand.clock.runs(until: "the axon is published again") { stand.chain.now.calls.count == 2 }
      }
    }
  }
}

@Suite(.virtualTime) struct ValidatorNodeTests {
  @Test func miningRaisesTheScoreAndWeightsAreSetBeforeEachEpoch() async throws {
    let stand = SubnetStand()
    try await stand.withChain {
      try await stand.withMiner {
        try await stand.withValidator {
          try await stand.clock.runs(until: "weights of three epochs") { stand.chain.now.weights.count >= 4 }
        }
      }
    }
    let sent = stand.chain.now.weights
    #expect(sent.allSatisfy { $0.uids == [1] && $0.values == [65535] && $0.signer == stand.validator.account })
    // The first come as soon as they may; the later ones in the three blocks before an epoch block.
    for weights in sent.dropFirst() {
      let epoch = try #require((stand.epochBlocks(after: weights.block)).first)
      #expect((1...3).contains(epoch - weights.block))
    }
    #expect(stand.average > 0.3)
    let tally = try #require(stand.state?.tallies[Hotkey(stand.miner.account)])
    #expect(tally.answered > 0)
    #expect(tally.sent == tally.answered + tally.refused + tally.timedOut)
  }

  @Test func scoresOutliveTheValidator() async throws {
    let stand = SubnetStand()
    try await stand.withChain {
      try await stand.withMiner {
        try await stand.withValidator {
          try await stand.clock.runs(until: "a few rounds") { (stand.state?.nextRound ?? 0) >= 5 }
        }
        let before = try #require(stand.state)
        try await stand.withValidator {
          try await stand.clock.runs(until: "more rounds") { (stand.state?.nextRound ?? 0) >= before.nextRound + 2 }
        }
        let after = try #require(stand.state)
        let hotkey = Hotkey(stand.miner.account)
        #expect(after.book.average(of: hotkey) > before.book.average(of: hotkey))
        #expect(after.tallies[hotkey]?.sent ?? 0 > before.tallies[hotkey]?.sent ?? 0)
      }
    }
  }

  @Test func aMinerThatGoesAwayLosesItsScoreAndComesBack() async throws {
    let stand = SubnetStand()
    try await stand.withChain {
      try await stand.withValidator {
        try await stand.withMiner {
          try await stand.clock.runs(until: "the miner has a score") { stand.average > 0.4 }
        }
        try await stand.clock.runs(until: "the score falls") { stand.average < 0.2 }
        try await stand.withMiner {
          try await stand.clock.runs(until: "the score rises") { stand.average > 0.4 }
        }
      }
    }
  }

  @Test func withoutAPermitNothingIsSentAndTheLogSaysWhy() async throws {
    let stand = SubnetStand(permit: false)
    try await stand.withChain {
      try await stand.withMiner {
        try await stand.withValidator {
          try await stand.clock.runs(until: "an epoch without permit") { stand.chain.now.epochIndex >= 2 }
          #expect(stand.chain.now.weights.isEmpty)
          #expect(stand.log.lines.contains { $0.contains("waiting for a validator permit") })
          stand.chain.change { $0.permits = [stand.validator.account] }
          try await stand.clock.runs(until: "weights") { !stand.chain.now.weights.isEmpty }
        }
      }
    }
  }

  @Test func aPromiseIsRevealedInItsEpochEvenByAValidatorThatStartedAgain() async throws {
    let stand = SubnetStand()
    stand.chain.change { $0.commitReveal = true }
    try await stand.withChain {
      try await stand.withMiner {
        try await stand.withValidator {
          try await stand.clock.runs(until: "a promise") {
            !stand.chain.now.commits.isEmpty && stand.state?.lastWeightsBlock != nil
          }
        }
        let promise = try #require(stand.chain.now.commits.first)
        #expect(stand.state?.commits.map(\.hash) == [promise.hash])
        #expect(stand.chain.now.weights.isEmpty)
        try await stand.withValidator {
          try await stand.clock.runs(until: "the reveal") { !stand.chain.now.weights.isEmpty }
        }
        let revealed = try #require(stand.chain.now.weights.first)
        #expect(revealed.uids == [1])
        #expect(revealed.block >= stand.epochBlocks(after: promise.block).first ?? .max)
        #expect(!stand.chain.now.commits.contains { $0.hash == promise.hash })
      }
    }
  }

  @Test func theSameSeedsGiveTheSameRunBitForBit() async throws {
    func run() async throws -> (state: [UInt8]?, weights: [ScriptedChain.SentWeights], submissions: [[UInt8]]) {
      let stand = SubnetStand()
      stand.chain.change { $0.commitReveal = true }
      try await stand.withChain {
        try await stand.withMiner {
          try await stand.withValidator { try await stand.clock.pass(.seconds(30)) }
        }
      }
      return (try stand.store.read(), stand.chain.now.weights, stand.chain.now.submissions)
    }
    let (first, second) = (try await run(), try await run())
    #expect(first.state != nil)
    #expect(first.weights.count > 2)
    #expect(first == second)
  }

  @Test func aDamagedStateStopsTheValidatorBeforeItSavesAnything() async throws {
    let stand = SubnetStand()
    let damaged = Array("SKVS".utf8) + [0, 1, 2, 3]
    try stand.store.write(damaged)
    await #expect(throws: KeptStateError.self) { try await stand.runValidator() }
    #expect(try stand.store.read() == damaged)
  }
}

extension SubnetStand {
  /// The blocks of the scripted epochs after one, of which the first is at block 10.
  func epochBlocks(after block: UInt64) -> [UInt64] { (1...1000).map { $0 * 10 }.filter { $0 > block } }
}
