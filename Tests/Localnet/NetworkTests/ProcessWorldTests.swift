import Localnet
import Neurons
import Scenarios
import Testing

/// The world of real processes, before a scenario begins.
@Suite(.timeLimit(.minutes(30))) struct ProcessWorldTests {
  /// Otherwise the blocks of the start count as blocks of the run, in which nobody is registered yet.
  @Test func aRunBeginsWhenItsRecordHasComeUpToTheChain() async throws {
    let folder = try TemporaryFolder()
    var plan = LocalnetPlan(
      subnet: "adder", executables: folderOfThisProgram(), folder: try StateFolder(making: folder.path + "/net"))
    (plan.validatorCount, plan.minerCount) = (1, 1)
    try await withNetwork(plan, startsNodes: false) { network in
      let world = ProcessWorld(network)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await world.open() }
        group.addTask {
          // Who watches is so late that every node is ready before it sees a first block.
          _ = try await network.state.first { $0.record.times.ready == nil ? nil : true }
          try await network.watch()
        }
        defer { group.cancelAll() }
        try await group.next()
      }
      let miner = try #require(world.plan.neurons.first { $0.name == .miner(1) })
      let metagraph = try #require(world.state.record.metagraph)
      #expect(metagraph.neurons.count == 3)
      #expect(metagraph.neuron(of: miner.hotkey)?.axon.isServing == true)
    }
  }
}
