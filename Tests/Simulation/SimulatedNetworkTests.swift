import ExampleSubnets
import Ledger
import Primitives
import SubnetKit
import TestKit
import TestThreads
import Testing

/// A whole network in one process, twice.
@Suite(.computing) struct SimulatedNetworkTests {
  private static func adder(seed: UInt64) -> SimulatedNetwork {
    SimulatedNetwork(Adder.self, minerOptions: [[], [], []], seed: seed)
  }

  @Test func oneSeedGivesOneHistory() throws {
    let first = try Self.adder(seed: 7).run(blocks: 60)
    let second = try Self.adder(seed: 7).run(blocks: 60)
    #expect(first.stateRoots.count == 60)
    #expect(first.stateRoots == second.stateRoots)
    #expect(first.state.brokenInvariant() == nil)
  }

  @Test func validatorsPayMinersThatAnswer() throws {
    let ending = try Self.adder(seed: 11).run(blocks: 60)
    let miners = ending.neurons.hotkeys.indices.filter { ending.incentive[$0] > 0 }
    #expect(miners.count == 3, "\(ending.incentive)")
    #expect(ending.neurons.validatorPermit.filter { $0 }.count >= 2)
    #expect(ending.neurons.paidIncentive.contains { $0 > 0 })
  }
}
