import ExampleSubnets
import Localnet
import Neurons
import Primitives
import SubnetKit
import TestKit
import TestThreads
import Testing

/// Who follows a chain, and comes late.
@Suite(.computing) struct NetworkWatchTests {
  @Test func whoComesSoLateThatStatesAreGoneMissesEpochsAndSeesTheRest() throws {
    var plan = LocalnetPlan(subnet: "adder", executables: "/nowhere", folder: StateFolder(existing: "/nowhere"))
    (plan.validatorCount, plan.minerCount, plan.seed) = (1, 1, 3)
    let world = SimulatedWorld(plan) { role, options in
      try await MechanismHost(Adder.self, role: role, arguments: options)
    }
    defer { world.simulation.settle() }
    let late = Watched(NetworkState(plan))
    try world.simulation.run { _ in
      try await world.open()
      // States are kept for 256 blocks.
      _ = try await world.state(after: BlockNumber(300), within: .seconds(3600))
      let client = try world.client(named: "late")
      let watch = NetworkWatch(client: client, state: late, time: world.time) { _ in [:] }
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await watch.run() }
        group.addTask { _ = try await late.first { $0.record.height.value > 310 ? true : nil } }
        try await group.next()
        group.cancelAll()
      }
      await world.close()
    }
    let (seen, all) = (late.state.record, world.state.record)
    #expect(seen.missedEpochs > 0)
    #expect(all.missedEpochs == 0)
    #expect(seen.epochs.count + seen.missedEpochs == all.epochs.filter { $0.block <= seen.height }.count)
    #expect(seen.epochs.last == all.epochs.last { $0.block <= seen.height })
    #expect(seen.metagraph?.neurons.count == all.metagraph?.neurons.count)
  }
}
