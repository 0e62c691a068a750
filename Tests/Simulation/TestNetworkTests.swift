import ExampleSubnets
import Primitives
import SubnetKit
import TestKit
import TestThreads
import Testing

/// The network that authors hold in their own tests.
@Suite(.computing) struct TestNetworkTests {
  private static func network(seed: UInt64 = 5) async throws -> TestNetwork {
    try await TestNetwork(
      Adder.self, validators: [.group("auditors", 2)],
      miners: [.group("honest", 2), .group("liars", 1, behaviour: .garbage)], seed: seed)
  }

  @Test func whoeverAnswersNonsenseEarnsNothing() async throws {
    let network = try await Self.network()
    try await network.advance(epochs: 2)
    #expect(try await network.earnings(of: "liars") == .zero)
    #expect(try await network.earnings(of: "honest") > .zero)
    let metagraph = try await network.metagraph
    #expect(metagraph["honest-1"].map { $0.incentive > 0.3 } == true)
    #expect(metagraph["liars-1"]?.incentive == 0)
    #expect(metagraph["auditors-1"]?.hasValidatorPermit == true)
    #expect(metagraph["nobody"] == nil)
    let score = try await network.score(of: "honest-1")
    #expect(score.map { $0 > 0.4 } == true, "\(String(describing: score))")
    #expect(try await network.isSupplyConserved)
  }

  @Test func blocksAreMadeOnlyWhileTheTestAdvances() async throws {
    let network = try await Self.network()
    let start = await network.height
    try await network.advance(blocks: 7)
    #expect(await network.height.value == start.value + 7)
    #expect(await network.height.value == start.value + 7)
    try await network.advance(toNextEpoch: NetUID(1))
    #expect(await network.height.value > start.value + 7)
    await #expect(throws: TestNetworkError.self) { try await network.advance(toNextEpoch: NetUID(9)) }
  }

  @Test func oneSeedGivesOneChain() async throws {
    var roots: [String] = []
    for _ in 0..<2 {
      let network = try await Self.network()
      try await network.advance(blocks: 30)
      roots.append(await network.stateRoot)
    }
    #expect(roots[0] == roots[1])
  }

  @Test func aSnapshotBringsChainAndMemoriesBack() async throws {
    let network = try await Self.network()
    try await network.advance(epochs: 1)
    let height = await network.height
    let root = await network.stateRoot
    let earned = try await network.earnings(of: "honest")
    let snapshot = try await network.snapshot()
    try await network.advance(epochs: 1)
    #expect(try await network.earnings(of: "honest") > earned)
    try await network.restore(snapshot)
    #expect(await network.height == height)
    #expect(await network.stateRoot == root)
    #expect(try await network.earnings(of: "honest") == earned)
    // It goes on from there, more than once.
    try await network.advance(epochs: 1)
    #expect(try await network.earnings(of: "honest") > earned)
    try await network.restore(snapshot)
    #expect(await network.stateRoot == root)
    try await network.advance(blocks: 3)
  }

  @Test func nodesDieAndComeBack() async throws {
    let network = try await Self.network()
    try await network.advance(epochs: 1)
    try await network.kill("honest-2")
    try await network.pause("auditors-2")
    try await network.advance(blocks: 25)
    let away = try await network.metagraph["honest-2"]?.incentive ?? 1
    #expect(away < 0.45)
    try await network.restart("honest-2")
    try await network.resume("auditors-2")
    try await network.advance(blocks: 60)
    let back = try await network.metagraph["honest-2"]?.incentive ?? 0
    #expect(back > away)
    await #expect(throws: TestNetworkError.self) { try await network.kill("nobody") }
  }

  @Test func aChainThatIsAwayIsToldFromOneThatIsSlow() async throws {
    let network = try await Self.network()
    try await network.kill("chain")
    await #expect(throws: TestNetworkError.self) { try await network.advance(blocks: 3) }
    try await network.restart("chain")
    try await network.advance(blocks: 3)
    try await network.disconnect("miners")
    try await network.delay("auditors-1", by: .milliseconds(20))
    try await network.advance(blocks: 3)
    try await network.reconnect("miners")
    try await network.advance(epochs: 1)
  }

  @Test func aScenarioFileCanBeRunOrWalkedThrough() async throws {
    let path = SimulatedScenarioTests.folder + "/Tests/Scenarios/adder.json5"
    let verdict = try TestVerdict(scenario: path, running: Adder.self)
    #expect(verdict.hasPassed, "\(verdict)")
    #expect(verdict.failures.isEmpty)
    let network = try await TestNetwork(scenario: path, running: Adder.self)
    try await network.advance(blocks: 2)
    #expect(try await network.metagraph["noise-1"] != nil)
  }

  @Test func whatCannotBeIsRefused() async throws {
    await #expect(throws: TestNetworkError.self) {
      _ = try await TestNetwork(Adder.self, miners: [.group("a", 1), .group("a", 1)])
    }
    await #expect(throws: TestNetworkError.self) {
      _ = try await TestNetwork(Adder.self, miners: [.group("a", 1, behaviour: .copycat(of: "b"))])
    }
    await #expect(throws: TestNetworkError.self) {
      _ = try await TestNetwork(
        Adder.self, validators: [.group("v", 1, behaviour: .slow(.seconds(1)))], miners: [.group("a", 1)])
    }
  }
}
