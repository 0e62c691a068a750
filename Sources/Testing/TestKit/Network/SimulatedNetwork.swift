import ChainNode
package import Ledger
import Localnet
package import Primitives
import Scenarios
import Storage
package import SubnetKit
package import Transport

/// A simulated world of honest nodes that runs for so many blocks, described by its mechanism and its miners' options.
///
/// Everything that a node takes from the world follows from the seed, so two runs of one description end in the
/// same state, block for block.
package struct SimulatedNetwork: Sendable {
  package var mechanism: any IncentiveMechanism.Type
  /// Options of each miner, `name=value`; as many miners as there are lists.
  package var minerOptions: [[String]]
  package var validatorOptions: [String] = []
  package var validatorCount = 2
  package var seed: UInt64
  package var faults = LoopbackFaults.none

  package init(_ mechanism: any IncentiveMechanism.Type, minerOptions: [[String]], seed: UInt64) {
    self.mechanism = mechanism
    self.minerOptions = minerOptions
    self.seed = seed
  }

  /// What a run ended with.
  package struct Ending: Sendable {
    /// State roots by height, from block 1.
    package let stateRoots: [Hash256]
    package let state: LedgerState
    /// Neurons of the subnet by uid.
    package let neurons: NeuronSlots
    /// Incentive of each uid in 1/65535, as the last epoch left it.
    package let incentive: [UInt16]
  }

  /// Runs the network until the chain has so many blocks.
  ///
  /// - Throws: What a node ended with, or that the simulation got stuck.
  package func run(blocks: UInt64) throws -> Ending {
    let mechanism = mechanism
    let world = SimulatedWorld(plan, faults: faults) { role, options in
      try await MechanismHost(mechanism, role: role, arguments: options)
    }
    defer { world.simulation.settle() }
    return try world.simulation.run { _ in
      try await world.open()
      let limit = plan.blockTime * Double(blocks) * 4
      let reached = try await world.watched.first(within: limit, by: world.time) { state in
        state.record.height.value >= blocks || state.failedNode != nil ? state : nil
      }
      await world.close()
      if let state = reached, let (name, status) = state.failedNode {
        throw WorldFailure("\(name) ended with \(status): \(state.nodes[name]?.endReason ?? "nobody knows why")")
      }
      guard reached != nil else { throw WorldFailure("block \(blocks) did not come within \(limit)") }
      return try await ending(of: world, at: BlockNumber(blocks))
    }
  }

  private var plan: LocalnetPlan {
    var plan = LocalnetPlan(subnet: mechanism.name, executables: "", folder: StateFolder(existing: ""))
    (plan.validatorCount, plan.minerCount) = (validatorCount, minerOptions.count)
    plan.seed = seed
    plan.gradesMiners = false
    for neuron in plan.neurons {
      let isValidator = neuron.name.role == .validator
      plan.nodeOptions[neuron.name] = isValidator ? validatorOptions : minerOptions[neuron.name.number - 1]
    }
    return plan
  }

  /// What the chain was at a block, from its log alone.
  private func ending(of world: SimulatedWorld, at block: BlockNumber) async throws -> Ending {
    try await world.chainLog.rewind(to: block)
    let state = try await ChainReplay(genesis: world.genesis, log: world.chainLog, logger: world.logger).run().newest
      .state
    var roots: [Hash256] = []
    while roots.count < Int(block.value) {
      let batch = await world.chainLog.blocks(from: BlockNumber(UInt64(roots.count) + 1), limit: 64)
      guard !batch.isEmpty else { break }
      roots += batch.map(\.stateRoot)
    }
    return Ending(
      stateRoots: roots, state: state, neurons: state.slots[plan.netuid] ?? NeuronSlots(),
      incentive: state.mechanisms[MechanismKey(plan.netuid, .main)]?.incentive ?? [])
  }
}
