import Daemon
import JSONText
import Keys
import Localnet
import Neurons
import Primitives
import Testing
import Transport
import ZeroMQTransport

/// Nodes killed in the middle of a run, as a power cut would, and started again.
@Suite(.timeLimit(.minutes(30))) struct RestartTests {
  private static let limit: Duration = .seconds(600)

  @Test func aKilledMinerValidatorAndChainComeBackAndTheRunGoesOn() async throws {
    let folder = try TemporaryFolder()
    var plan = LocalnetPlan(
      subnet: "adder", executables: folderOfThisProgram(), folder: try StateFolder(making: folder.path + "/net"))
    plan.validatorCount = 1
    plan.minerCount = 2
    plan.seed = 11
    try await withNetwork(plan) { network in
      try await network.waitForSettlements(beyond: 0)
      try await killMiner(in: network)
      try await killValidator(in: network)
      try await killChain(in: network)
      let report = try await network.report()
      #expect(report.supply.sum == report.issuance.value)
    }
  }

  private func killMiner(in network: LocalNetwork) async throws {
    let miner = network.hotkey(of: .miner(1))
    await network.kill(.miner(1))
    #expect(network.state.state.nodes[.miner(1)]?.phase == .ended(.signalled(9)))
    let missed = network.state.state.tasks(of: miner)
    // The validator notices, and nothing else stops.
    _ = try await network.wait(for: "a task without answer", within: Self.limit) { state -> Bool? in
      state.tasks(of: miner).sent > missed.sent ? true : nil
    }
    try await network.restart(.miner(1))
    let answered = network.state.state.tasks(of: miner).answered
    _ = try await network.wait(for: "an answer of the restarted miner", within: Self.limit) { state -> Bool? in
      state.tasks(of: miner).answered > answered ? true : nil
    }
  }

  private func killValidator(in network: LocalNetwork) async throws {
    let miner = network.hotkey(of: .miner(2))
    _ = try await network.wait(for: "a good score", within: Self.limit) { state -> Bool? in
      (state.nodes[.validator(1)]?.opinions[miner]?.score ?? 0) > 0.4 ? true : nil
    }
    await network.kill(.validator(1))
    let status = network.plan.folder.status(of: .validator(1))
    let before = try #require(try Memory(of: miner, in: status))
    // What is there from now on is the word of the next process.
    try removeTree(status)
    try await network.restart(.validator(1))
    let after = try await network.wait(for: "a round of the restarted validator", within: Self.limit) { _ in
      try Memory(of: miner, in: status)
    }
    #expect(after.rounds >= before.rounds)
    #expect(after.opinion.tasks.sent >= before.opinion.tasks.sent)
    // Each round since then that brought no answer cost a tenth; a forgotten average begins at a tenth of a full score.
    let least = (before.rounds..<max(before.rounds, after.rounds)).reduce(before.opinion.score) { score, _ in
      score * 0.9
    }
    #expect(after.opinion.score >= least * 0.999)
    try await network.waitForSettlements(beyond: network.state.state.record.settledEpochs.count)
  }

  private func killChain(in network: LocalNetwork) async throws {
    let client = try network.client()
    await network.kill(.chain)
    let record = network.state.state.record
    try await network.restart(.chain)
    let replayed = try await client.heads(after: BlockNumber(record.height.value - 1), limit: 1).first
    #expect(replayed?.number == record.height)
    #expect(replayed?.header?.stateRoot == record.stateRoot)
    try await network.waitForSettlements(beyond: record.settledEpochs.count)
  }
}

/// What a validator's status document says of its memory.
private struct Memory: Sendable {
  let rounds: Int
  let opinion: MinerOpinion

  /// Nil when there is no document, or none that names the miner.
  init?(of miner: Hotkey, in path: String) throws {
    guard FileMark(path) != nil else { return nil }
    let bytes = try AtomicFile(path).read(limit: 1 << 20)
    rounds = try JSONValue(parsing: bytes).member("rounds").integer()
    guard let opinion = MinerOpinion.all(in: bytes)[miner] else { return nil }
    self.opinion = opinion
  }
}

/// Runs a network with its watch, and ends both with the body.
///
/// - Parameter startsNodes: Without, nothing runs and nobody watches before the body sees to it.
func withNetwork(
  _ plan: LocalnetPlan, startsNodes: Bool = true, _ body: @escaping @Sendable (LocalNetwork) async throws -> Void
) async throws {
  let pair = CurveKeyPair.generate()
  let keys = TransportKeyPair(publicKey: TransportKey(pair.publicKey.key), secretBytes: pair.withSecret { Array($0) })
  let node = try await ZeroMQNode.start(keys: #require(keys))
  let log = Logger(name: "test", level: .error, to: RecordedLog())
  do {
    try await LocalNetwork.run(plan, over: node, log: log) { network in
      if startsNodes { try await network.startAll() }
      try await withThrowingTaskGroup(of: Void.self) { group in
        if startsNodes { group.addTask { try await network.watch() } }
        group.addTask { try await body(network) }
        defer { group.cancelAll() }
        try await group.next()
      }
    }
  } catch {
    await node.close()
    throw error
  }
  await node.close()
}

extension LocalNetwork {
  fileprivate func hotkey(of name: NodeName) -> Hotkey {
    guard let neuron = plan.neurons.first(where: { $0.name == name }) else { preconditionFailure("no \(name)") }
    return neuron.hotkey
  }

  fileprivate func waitForSettlements(beyond count: Int) async throws {
    _ = try await wait(for: "settlement \(count + 1)", within: .seconds(600)) { state -> Bool? in
      state.record.settledEpochs.count > count ? true : nil
    }
  }
}
