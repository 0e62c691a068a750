package import Daemon
import JSONText
import Keys
package import Neurons
import Primitives
import Synchronization
package import Transport

/// A running local network: real processes, started, watched, killed and started again from one place.
///
/// It exists inside `run`: whatever way that ends, every child has ended when it returns. If this process is killed,
/// the children die with it.
package final class LocalNetwork: Sendable {
  /// How long a node may take until its ready line; one that cannot start ends, so only one that hangs waits for this.
  package static let readyLimit: Duration = .seconds(240)
  /// How long a child has between SIGTERM and SIGKILL: more than it gives itself.
  package static let stopGrace: Duration = .seconds(15)

  private let planned: Mutex<LocalnetPlan>
  /// Processes and blocks; wait on it for conditions.
  package let state: Watched<NetworkState>
  /// Since this the times of the report count.
  package let start: ContinuousClock.Instant
  let children: Children
  /// Of commands that stop and start nodes.
  let turns = Turns()
  private let transport: any RequestSender
  private let log: Logger

  /// - Parameters:
  ///   - transport: Of this process, for asking the chain.
  ///   - start: When the command began.
  ///   - log: Of this process.
  ///   - body: Works with the network; its processes are not started yet.
  /// - Throws: What `body` throws.
  package static func run<Result: Sendable>(
    _ plan: LocalnetPlan, over transport: any RequestSender, since start: ContinuousClock.Instant = .now, log: Logger,
    _ body: @escaping @Sendable (LocalNetwork) async throws -> Result
  ) async throws -> Result {
    let network = LocalNetwork(plan, transport: transport, start: start, log: log)
    return try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask {
        await network.children.attend()
        return nil
      }
      group.addTask {
        do {
          let result = try await body(network)
          await network.children.stopAll()
          return result
        } catch {
          await network.children.stopAll()
          throw error
        }
      }
      while let outcome = try await group.next() {
        if let outcome { return outcome }
      }
      throw CancellationError()
    }
  }

  private init(
    _ plan: LocalnetPlan, transport: any RequestSender, start: ContinuousClock.Instant, log: Logger
  ) {
    planned = Mutex(plan)
    self.transport = transport
    self.start = start
    self.log = log
    state = Watched(NetworkState(plan))
    children = Children(state: state)
  }

  /// What the network consists of now; it grows while the network runs.
  package var plan: LocalnetPlan { planned.withLock { $0 } }

  func changePlan(_ change: (inout LocalnetPlan) -> Void) { planned.withLock { change(&$0) } }

  // MARK: Starting

  /// Starts everything and creates the subnet; returns when blocks flow and every node has said that it is ready.
  package func startAll() async throws {
    // A fault of an earlier run ended with it.
    for node in plan.nodes { try plan.folder.set(.none, of: node) }
    let address = try await startChain(endpoint: nil)
    let height = state.state.nodes[.chain]?.readyLine?[.height].flatMap { UInt64($0) } ?? 0
    state.update { $0.startHeight = BlockNumber(height) }
    try plan.folder.write(address, of: plan)
    for neuron in plan.neurons { try makeFolders(plan.folder.state(of: neuron.name)) }
    let client = try client(of: address)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for neuron in plan.neurons {
        group.addTask { try await self.children.start(self.plan.command(of: neuron, chain: address), as: neuron.name) }
      }
      group.addTask { try await NetworkFounding(self.plan, on: client).run() }
      try await group.waitForAll()
    }
    for neuron in plan.neurons { try await waitUntilReady(neuron.name) }
    let elapsed = start.duration(to: .now)
    state.update { $0.record.times.ready = elapsed }
  }

  func startChain(endpoint: String?) async throws -> ChainAddress {
    try await children.start(plan.chainCommand(endpoint: endpoint), as: .chain)
    try await waitUntilReady(.chain)
    return try chainAddress()
  }

  /// Waits for a node's ready line.
  ///
  /// - Throws: `nodeEnded` or `nodeNotReady`, with the end of its log.
  package func waitUntilReady(_ name: NodeName) async throws {
    let isReady: Bool? = try await state.first(within: LocalNetwork.readyLimit) { [plan] state in
      try LocalNetwork.throwFailure(in: state, of: plan)
      switch state.nodes[name]?.phase {
      case .ready: return true
      // Where the network outlives its nodes the line above says nothing.
      case .ended(let status):
        let log = plan.folder.log(of: name)
        throw LocalnetError.nodeEnded(name, status, log: log, tail: logTail(of: log))
      case .starting, .notStarted, nil: return nil
      }
    }
    guard isReady == nil else { return }
    let log = plan.folder.log(of: name)
    throw LocalnetError.nodeNotReady(name, after: LocalNetwork.readyLimit, log: log, tail: logTail(of: log))
  }

  /// Where the chain is, as its ready line says.
  package func chainAddress() throws(LocalnetError) -> ChainAddress {
    guard let line = state.state.nodes[.chain]?.readyLine else { throw .badReadyLine(.chain, field: "endpoint") }
    guard let endpoint = line[.endpoint].flatMap({ Endpoint($0) }) else {
      throw .badReadyLine(.chain, field: "endpoint")
    }
    guard let key = line.text("key").flatMap(ChainAddress.account) else { throw .badReadyLine(.chain, field: "key") }
    guard let genesis = line[.genesis].flatMap({ Bytes32(hex: $0) }) else {
      throw .badReadyLine(.chain, field: "genesis")
    }
    return ChainAddress(endpoint: endpoint, authority: key, genesis: Hash256(genesis))
  }

  /// A client of the chain under a key of its own.
  package func client() throws -> ChainClient { try client(of: chainAddress()) }

  func client(of address: ChainAddress) throws -> ChainClient {
    try ChainClient(
      of: address, over: transport, signingAs: .generate(), in: NodeSurroundings(log: log.named("client")))
  }

  // MARK: Watching

  /// Follows the chain into `state`, beside the trades that the plan wants, until cancelled.
  package func watch() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [self] in
        let folder = plan.folder
        let time = NodeTime(ContinuousClock(), startingAt: start, wall: SystemWallClock())
        try await NetworkWatch(client: client(), state: state, time: time) { folder.opinions(of: $0) }.run()
      }
      if plan.hasTraffic {
        group.addTask { [self] in
          var traffic = MarketTraffic(of: plan, on: try client(), log: log.named("trader"))
          try await traffic.run()
        }
      }
      // Neither returns by itself; the first to throw ends the other.
      try await group.next()
      group.cancelAll()
    }
  }

  /// Waits for a condition.
  ///
  /// - Parameter what: Completes the sentence "… did not happen".
  /// - Throws: `timeout`; `nodeEnded` as soon as a node ends that should run.
  package func wait<Found: Sendable>(
    for what: String, within limit: Duration, _ find: @escaping @Sendable (NetworkState) throws -> Found?
  ) async throws -> Found {
    let found: Found? = try await state.first(within: limit) { [plan] state in
      try LocalNetwork.throwFailure(in: state, of: plan)
      return try find(state)
    }
    guard let found else { throw LocalnetError.timeout(what, after: limit) }
    return found
  }

  /// Throws when a node ended that should run.
  package func throwFailure(in state: NetworkState) throws(LocalnetError) {
    try LocalNetwork.throwFailure(in: state, of: plan)
  }

  private static func throwFailure(in state: NetworkState, of plan: LocalnetPlan) throws(LocalnetError) {
    guard let (name, status) = state.failedNode else { return }
    let log = plan.folder.log(of: name)
    throw .nodeEnded(name, status, log: log, tail: logTail(of: log))
  }

  /// The report on the network as it stands; while `watch` runs, it knows all accounts of its moment.
  package func report() async throws -> RunReport {
    let books = try await ChainBooks.read(of: plan.netuid, knowing: state, from: client(), by: .system)
    return RunReport(plan, state.state, books)
  }
}

extension ReadyLine {
  /// A field that is a text, by its name on the line.
  fileprivate func text(_ name: String) -> String? {
    guard case .text(let text)? = fields.first(where: { $0.name == name })?.value else { return nil }
    return text
  }
}
