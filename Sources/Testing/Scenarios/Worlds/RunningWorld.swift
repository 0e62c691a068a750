package import Daemon
import Keys
package import Localnet
package import Neurons
package import Primitives
package import Transport

/// A network that is up already: it is watched, and its launcher is asked for faults.
///
/// Without a launcher that listens only lines are cut and delayed, through the files that the nodes look at.
package struct RunningWorld: ScenarioWorld {
  package let kind = WorldKind.running
  package let time = NodeTime.system
  package let plan: LocalnetPlan
  /// What is seen of the network; kept up to date by `watch`.
  package let watched: Watched<NetworkState>
  private let client: ChainClient
  private let launcher: KnownNetwork?

  /// - Parameters:
  ///   - scenario: Its groups name the network's nodes; its own network is not started.
  ///   - folder: That of the running network.
  package init(
    _ scenario: Scenario, in folder: StateFolder, over transport: any RequestSender, log: Logger
  ) throws {
    let plan = scenario.plan(folder: folder)
    self.plan = plan
    watched = Watched(NetworkState(plan))
    client = try ChainClient(
      of: folder.address(), over: transport, signingAs: .generate(), in: NodeSurroundings(log: log))
    launcher = folder.isRunning ? KnownNetwork(name: folder.launcher?.name ?? folder.path, folder: folder) : nil
    guard launcher == nil else { return }
    for fault in scenario.faults where !fault.action.isOfTheLine {
      throw WorldFailure(
        "line \(fault.line): no launcher listens in \(folder.path), and without one nobody can \(fault.action.name) a "
          + "node; disconnect, reconnect and delay work")
    }
  }

  package var state: NetworkState { watched.state }

  /// Follows the chain until cancelled.
  package func watch() async throws {
    let folder = plan.folder
    try await NetworkWatch(client: client, state: watched, time: time) { folder.opinions(of: $0) }.run()
  }

  package func open() async throws {
    let head = try await client.head().number
    watched.update { state in
      state.startHeight = head
      for name in state.nodes.keys {
        state.nodes[name]?.phase = .ready
        state.nodes[name]?.isWanted = true
      }
    }
    // Accounts of all blocks so far are needed for the books.
    let patience = Duration.seconds(120) + .milliseconds(20) * Double(head.value)
    guard try await state(after: head, within: patience) != nil else {
      throw WorldFailure("the chain of \(plan.folder.path) makes no blocks")
    }
    guard let metagraph = try await client.metagraph(of: plan.netuid) else {
      throw WorldFailure("the chain of \(plan.folder.path) has no subnet \(plan.netuid)")
    }
    let missing = plan.neurons.filter { metagraph.neuron(of: $0.hotkey) == nil }.map(\.name.description)
    guard missing.isEmpty else {
      throw WorldFailure(
        "the network in \(plan.folder.path) lacks \(missing.joined(separator: ", ")); start it with the groups of this "
          + "scenario, or scale it")
    }
    watched.update { $0.record.show(metagraph) }
  }

  package func state(after height: BlockNumber, within limit: Duration) async throws -> NetworkState? {
    try await watched.first(within: limit) { $0.record.height > height ? $0 : nil }
  }

  package func perform(_ action: ScenarioFault.Action, on node: NodeName) async throws {
    let request: ControlRequest
    switch action {
    case .kill: request = .act(.kill, [node])
    case .restart: request = .act(.restart, [node])
    case .pause: request = .act(.pause, [node])
    case .resume: request = .act(.resume, [node])
    case .disconnect: request = .act(.disconnect, [node])
    case .reconnect: request = .act(.reconnect, [node])
    case .delay(let delay): request = .delay([node], by: delay)
    }
    if let launcher {
      _ = try await launcher.ask(request)
    } else {
      try changeLine(of: node, action)
    }
  }

  private func changeLine(of node: NodeName, _ action: ScenarioFault.Action) throws(FileError) {
    let faults = watched.update { state -> LinkFaults in
      var faults = state.nodes[node]?.linkFaults ?? .none
      switch action {
      case .disconnect: faults.isCut = true
      case .reconnect: faults.isCut = false
      case .delay(let delay): faults = LinkFaults(isCut: faults.isCut, delay: delay)
      case .kill, .restart, .pause, .resume: break
      }
      state.nodes[node]?.linkFaults = faults
      return faults
    }
    try plan.folder.set(faults, of: node)
  }

  package func readBooks() async throws -> (isBalanced: Bool, words: String) {
    try await ChainBooks.read(of: plan.netuid, knowing: watched, from: client, by: time).sighting
  }
}

extension ScenarioFault.Action {
  /// Whether it only concerns a node's line to the network.
  fileprivate var isOfTheLine: Bool {
    switch self {
    case .disconnect, .reconnect, .delay: true
    case .kill, .restart, .pause, .resume: false
    }
  }
}

extension Scenario {
  /// Runs this against a network that is up.
  package func watch(
    _ world: RunningWorld, onBlock: @escaping @Sendable (UInt64, Int) -> Void = { _, _ in }
  ) async throws -> ScenarioVerdict {
    let start = ContinuousClock.now
    return try await withThrowingTaskGroup(of: ScenarioVerdict?.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        do {
          try await world.watch()
        } catch is ChainClientError {
          // The chain stays away; the run notices it itself.
        }
        return nil
      }
      group.addTask {
        var verdict = try await ScenarioRun(self, in: world, onBlock: onBlock).run()
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
