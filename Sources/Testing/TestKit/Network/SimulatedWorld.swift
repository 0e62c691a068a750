import ChainNode
import Daemon
import Keys
package import Localnet
package import Neurons
package import Primitives
package import Scenarios
package import SubnetKit
import Synchronization
package import Transport

/// A whole network in one thread: the real chain, validators and miners over Loopback, under a virtual clock.
///
/// Everything that a node takes from the world follows from the plan and its seed, so two runs of one plan end in the
/// same state, block for block. Nodes are killed, paused and cut off as processes are. Everything here runs inside
/// its `Simulation`.
package final class SimulatedWorld: ScenarioWorld {
  /// Makes what a node runs, from its role and its options.
  package typealias HostMaker = @Sendable (MechanismRole, [String]) async throws -> MechanismHost

  package let kind = WorldKind.simulated
  package let plan: LocalnetPlan
  package let simulation: Simulation
  package let time: NodeTime
  package let watched: Watched<NetworkState>
  let network: LoopbackNetwork
  let logger: Logger
  let log = RecordedLog()
  let makeHost: HostMaker
  let genesis: ChainGenesis
  let authority = KeyPair.development(name: "authority")
  /// What outlives its node, as a disk does.
  let chainLog = MemoryBlockLog()
  let disks = Mutex<[NodeName: SimulatedDisk]>([:])
  let running = Mutex<[NodeName: RunningNode]>([:])
  let lines = Mutex<[NodeName: LinkFaults]>([:])
  private let onlookers = Mutex<[Task<Void, Never>]>([])

  /// A node that runs, and what ends it.
  struct RunningNode: Sendable {
    let task: Task<Void, Never>
    let executor: SimulatedExecutor
    let transport: LoopbackNode
  }

  /// What a validator keeps, and what any node shows.
  struct SimulatedDisk: Sendable {
    var memory = StateStore.memory()
    let status = StateStore.memory()
  }

  /// - Parameter faults: Of every message, beside those of single nodes.
  package init(
    _ plan: LocalnetPlan, in simulation: Simulation = Simulation(), faults: LoopbackFaults = .none,
    makeHost: @escaping HostMaker
  ) {
    self.plan = plan
    self.simulation = simulation
    self.makeHost = makeHost
    let wall = VirtualWallClock(simulation.clock)
    time = NodeTime(simulation.clock, wall: wall)
    network = LoopbackNetwork(clock: simulation.clock, seed: plan.seed ?? 0, faults: faults)
    logger = Logger(name: "simulation", level: .error, form: .json, to: log, clock: wall)
    watched = Watched(NetworkState(plan))
    genesis = ChainGenesis(.local, authority: authority.account)
  }

  package var state: NetworkState { watched.state }

  /// Starts everything, creates the subnet, and waits until every node is ready.
  package func open() async throws {
    try await startChain()
    for neuron in plan.neurons { try await start(neuron) }
    try startWatch()
    try await NetworkFounding(plan, on: client(named: "founder")).run()
    for node in plan.nodes { try await waitUntilReady(node) }
  }

  /// Follows the chain into `watched`, beside the trades that the plan wants, until `stopWatch`.
  func startWatch() throws {
    let watch = NetworkWatch(client: try client(named: "watch"), state: watched, time: time) { [self] node in
      disks.withLock { $0[node] }.flatMap { try? $0.status.read() }.map(MinerOpinion.all) ?? [:]
    }
    let task = Task(executorPreference: simulation.executor()) {
      // It ends with the world, or with a chain that stays away; the run notices either.
      _ = try? await watch.run()
    }
    onlookers.withLock { $0.append(task) }
    if plan.hasTraffic { try startTraffic() }
  }

  private func startTraffic() throws {
    let client = try client(named: "trader")
    let task = Task(executorPreference: simulation.executor()) { [plan, logger] in
      var traffic = MarketTraffic(of: plan, on: client, log: logger)
      _ = try? await traffic.run()
    }
    onlookers.withLock { $0.append(task) }
  }

  func stopWatch() async {
    let tasks = onlookers.withLock { onlookers in
      defer { onlookers = [] }
      return onlookers
    }
    for task in tasks {
      task.cancel()
      await task.value
    }
  }

  package func state(after height: BlockNumber, within limit: Duration) async throws -> NetworkState? {
    try await watched.first(within: limit, by: time) { $0.record.height > height ? $0 : nil }
  }

  package func readBooks() async throws -> (isBalanced: Bool, words: String) {
    try await ChainBooks.read(of: plan.netuid, knowing: watched, from: client(named: "auditor"), by: time).sighting
  }

  /// Ends every node and everybody who looks on.
  package func close() async {
    for node in running.withLock({ $0.keys.sorted() }) { await stop(node) }
    await stopWatch()
  }

  // MARK: Parts

  /// A client of the chain that is no node: nothing cuts its line.
  package func client(named name: String) throws -> ChainClient {
    let key = KeyPair.development(name: name)
    let node = network.node(named: name, key: TransportKeyPair(converting: key).publicKey)
    return try ChainClient(of: chainAddress, over: node, signingAs: key, in: surroundings(name, start: 0))
  }

  var chainAddress: ChainAddress {
    ChainAddress(endpoint: SimulatedWorld.chainEndpoint, authority: authority.account)
  }

  static let chainEndpoint = Endpoint.loop("chain")

  /// Of a node that starts for the `start`th time; what is random differs from start to start.
  func surroundings(_ name: String, start: Int) -> NodeSurroundings {
    let seed = name.utf8.reduce(plan.seed ?? 0) { $0 &* 31 &+ UInt64($1) }
    return NodeSurroundings(
      time: NodeTime(simulation.clock, wall: VirtualWallClock(simulation.clock)),
      random: .seeded(seed ^ UInt64(start) << 48), log: logger)
  }

  private func waitUntilReady(_ node: NodeName) async throws {
    let phase = try await watched.first(within: LocalNetwork.readyLimit, by: time) { state -> NodeStatus.Phase? in
      switch state.nodes[node]?.phase {
      case .ready: .ready
      case .ended(let status): .ended(status)
      case .starting, .notStarted, nil: nil
      }
    }
    switch phase {
    case .ready: return
    case .ended(let status):
      let reason = state.nodes[node]?.endReason ?? "nobody knows why"
      throw WorldFailure("\(node) ended with \(status) before it was ready: \(reason)")
    default: throw WorldFailure("\(node) was not ready after \(LocalNetwork.readyLimit.text) of virtual time")
    }
  }
}
