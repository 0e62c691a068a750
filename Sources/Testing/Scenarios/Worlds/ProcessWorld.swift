import Daemon
package import Localnet
package import Neurons
package import Primitives

/// Real processes on this machine, over real sockets.
///
/// The network is the caller's: it ends when the caller's `LocalNetwork.run` does.
package struct ProcessWorld: ScenarioWorld {
  package let kind = WorldKind.process
  package let time = NodeTime.system
  private let network: LocalNetwork

  package init(_ network: LocalNetwork) { self.network = network }

  package var plan: LocalnetPlan { network.plan }
  package var state: NetworkState { network.state.state }

  package func open() async throws {
    do {
      try await network.startAll()
    } catch let error as LocalnetError {
      throw WorldFailure(error.description)
    }
    // A node that ends is something to judge, not the end of the network.
    network.state.update { $0.outlivesNodes = true }
    // The record may lag behind by all blocks of the start, and those would count as blocks of the run.
    let head = try await network.client().head().number
    guard try await state(after: BlockNumber(max(head.value, 1) - 1), within: LocalNetwork.readyLimit) != nil else {
      throw WorldFailure("nobody saw block \(head) within \(LocalNetwork.readyLimit.text)")
    }
  }

  package func state(after height: BlockNumber, within limit: Duration) async throws -> NetworkState? {
    try await network.state.first(within: limit) { $0.record.height > height ? $0 : nil }
  }

  package func perform(_ action: ScenarioFault.Action, on node: NodeName) async throws {
    switch action {
    case .kill: await network.kill(node)
    case .restart:
      guard state.nodes[node]?.isRunning == false else { return }
      // Others may be away too, so only the chain is waited for: without it nobody gets ready.
      if node == .chain { try await network.restart(node) } else { try await network.relaunch(node) }
    case .pause: network.pause(node)
    case .resume: network.resume(node)
    case .disconnect: try network.disconnect(node)
    case .reconnect: try network.reconnect(node)
    case .delay(let delay): try network.delay(node, by: delay)
    }
  }

  package func readBooks() async throws -> (isBalanced: Bool, words: String) {
    try await ChainBooks.read(of: plan.netuid, knowing: network.state, from: network.client(), by: time).sighting
  }
}

extension Scenario {
  /// Runs this with real processes.
  ///
  /// - Parameters:
  ///   - network: Made with this scenario's plan; nothing of it runs yet.
  ///   - onBlock: Told of every block and paid epoch, for whoever watches.
  package func run(
    in network: LocalNetwork, onBlock: @escaping @Sendable (UInt64, Int) -> Void = { _, _ in }
  ) async throws -> ScenarioVerdict {
    let start = ContinuousClock.now
    return try await withThrowingTaskGroup(of: ScenarioVerdict?.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        try await network.watchOnceStarted()
        return nil
      }
      group.addTask {
        var verdict = try await ScenarioRun(self, in: ProcessWorld(network), onBlock: onBlock).run()
        verdict.elapsed = .now - start
        return verdict
      }
      while let outcome = try await group.next() {
        if let outcome { return outcome }
      }
      throw CancellationError()
    }
  }
}

extension LocalNetwork {
  /// Follows the chain as soon as there is one; returns when it stays away, which the run then notices itself.
  fileprivate func watchOnceStarted() async throws {
    _ = try await state.first { $0.nodes[.chain]?.phase == .ready ? true : nil }
    do {
      try await watch()
    } catch is ChainClientError {
      return
    }
  }
}
