import Daemon

extension LocalNetwork {
  /// Makes so many miners, or validators, run: stops those with higher numbers, starts and registers those that lack.
  ///
  /// Who was stopped keeps its uid and its memory; it is the first to come back.
  ///
  /// - Throws: `LocalnetError`; those that run by then go on.
  package func scale(_ role: NodeRole, to count: Int) async throws {
    precondition(role != .chain && (0...LocalnetPlan.neuronLimit).contains(count), "a network has one chain")
    for name in state.state.nodes.keys.sorted().reversed() where name.role == role && name.number > count {
      await stop(name)
    }
    try await enlist(role, count)
    let missing = plan.neurons.filter { neuron in
      neuron.name.role == role && neuron.name.number <= count && state.state.nodes[neuron.name]?.isWanted != true
    }
    try await start(missing)
  }

  /// Gives a plan, a folder and a uid to those that the network never had.
  private func enlist(_ role: NodeRole, _ count: Int) async throws {
    changePlan { plan in
      switch role {
      case .miner: plan.minerCount = max(plan.minerCount, count)
      case .validator: plan.validatorCount = max(plan.validatorCount, count)
      case .chain: break
      }
    }
    let plan = plan
    for neuron in plan.neurons { try makeFolders(plan.folder.state(of: neuron.name)) }
    state.update { $0.add(plan.neurons) }
    try await NetworkFounding(plan, on: client()).run()
  }

  private func start(_ neurons: [PlannedNeuron]) async throws {
    let plan = plan
    let address = try chainAddress()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for neuron in neurons {
        group.addTask {
          try await self.children.start(plan.command(of: neuron, chain: address), as: neuron.name)
          try await self.waitUntilReady(neuron.name)
        }
      }
      try await group.waitForAll()
    }
  }
}
