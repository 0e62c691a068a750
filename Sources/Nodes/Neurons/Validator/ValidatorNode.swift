package import Daemon
package import Keys
import Primitives
package import SubnetKit
package import Transport

/// A validator: it follows the chain, sets tasks, scores answers, remembers, and sends weights before each epoch.
///
/// Survives a chain that restarts, and its own end at any moment: what it knew is on the disk.
package struct ValidatorNode: Service {
  private let key: KeyPair
  private let client: ChainClient
  private let transport: any TransportNode
  private let host: MechanismHost
  private let settings: ValidatorSettings
  private let store: StateStore
  private let status: StatusFile?
  private let surroundings: NodeSurroundings
  private let onReady: @Sendable (ReadyLine) -> Void

  /// - Parameters:
  ///   - key: The hotkey; its converted form must be the transport's key.
  ///   - store: What was kept before, and where to keep what comes.
  ///   - onReady: Called once, when the hotkey is registered.
  package init(
    key: KeyPair, chain: ChainAddress, over transport: any TransportNode, running host: MechanismHost,
    settings: ValidatorSettings, keeping store: StateStore, status: StatusFile? = nil,
    in surroundings: NodeSurroundings, onReady: @escaping @Sendable (ReadyLine) -> Void = { _ in }
  ) throws(ChainClientError) {
    self.key = key
    client = try ChainClient(of: chain, over: transport, signingAs: key, in: surroundings)
    self.transport = transport
    self.host = host
    self.settings = settings
    self.store = store
    self.status = status
    self.surroundings = surroundings
    self.onReady = onReady
  }

  package func run() async throws {
    do {
      try await work()
    } catch ChainClientError.cancelled {
      // The name that the services' runner knows an asked-for end by.
      throw CancellationError()
    }
  }

  private func work() async throws {
    // A damaged state stops the node before it speaks to anybody.
    try ScoreKeeper.check(store)
    let session = try await client.connect()
    let owner = ValidatorState.Owner(
      chainID: session.chainID, netuid: settings.netuid, mechid: settings.mechid, hotkey: Hotkey(key.account))
    let keeper = try ScoreKeeper(loading: store, for: owner, averaging: host.policy.averaging)
    try await restore(await keeper.current.memory)
    let report = RoundReport()
    let dendrite = Dendrite(
      over: transport, key: key, chainID: session.chainID, netuid: settings.netuid, in: surroundings)
    let board = SubnetBoard()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await follow(board, keeper, report) }
      // Whoever does not judge by answers needs none.
      guard settings.behaviour.kind == .honest else {
        surroundings.log.warning("UNSAFE: this validator misbehaves, for tests", [.behaviour: .of(settings.behaviour)])
        return try await group.waitForAll()
      }
      group.addTask {
        try await runRounds(
          board, keeper, dendrite, report, interval: max(settings.roundInterval, session.blockTime))
      }
      // Neither returns by itself; the first to throw ends the other.
      try await group.next()
      group.cancelAll()
    }
  }

  /// Gives the mechanism back what it remembered before this start.
  private func restore(_ memory: MechanismMemory?) async throws(MechanismError) {
    guard let memory else { return }
    guard memory.mechanism == host.name else {
      surroundings.log.warning(
        "the saved memory is another mechanism's and is not used",
        [.mechanism: .text(host.name), .given: .text(memory.mechanism)])
      return
    }
    try await host.restore(memory.bytes)
  }

  /// Keeps the board in step with the chain, and sends weights at their time.
  private func follow(_ board: SubnetBoard, _ keeper: ScoreKeeper, _ report: RoundReport) async throws {
    var heads = HeadFollower(of: client)
    var weights = WeightsDesk(
      client: client, key: key, keeper: keeper, settings: settings, pipeline: host.policy.weights, report: report,
      surroundings: surroundings)
    var standing = Standing.unknown
    var isReady = false
    while true {
      _ = try await heads.next()
      let metagraph: MetagraphView?
      do throws(ChainClientError) {
        metagraph = try await client.metagraph(of: settings.netuid, mechid: settings.mechid)
      } catch {
        guard error.isRetriable else { throw error }
        surroundings.log.warning("the chain could not be asked", [.reason: .of(error)])
        continue
      }
      board.replace(with: metagraph)
      let now = Standing(of: Hotkey(key.account), in: metagraph)
      if now != standing { self.report(now) }
      standing = now
      guard let metagraph, let own = metagraph.neuron(of: Hotkey(key.account)) else { continue }
      if !isReady {
        isReady = true
        onReady(readyLine(own.uid))
      }
      try await weights.attend(to: metagraph, own: own)
    }
  }

  /// One round after another, each on the newest metagraph.
  private func runRounds(
    _ board: SubnetBoard, _ keeper: ScoreKeeper, _ dendrite: Dendrite, _ report: RoundReport, interval: Duration
  ) async throws {
    let time = surroundings.time
    let desk = RoundDesk(
      host: host, dendrite: dendrite, keeper: keeper, settings: settings, report: report, log: surroundings.log)
    let own = Hotkey(key.account)
    while true {
      let start = time.elapsed
      if let metagraph = board.metagraph, metagraph.neuron(of: own) != nil {
        try await desk.settle(in: metagraph)
        _ = try await desk.run(in: metagraph, asking: own)
        status?.write(await keeper.current.statusDocument(in: metagraph, own: own, report))
      }
      // Always a pause, so that a round that fails at once cannot spin.
      try await time.sleep(for: max(interval - (time.elapsed - start), ValidatorNode.shortestPause))
    }
  }

  private static let shortestPause: Duration = .milliseconds(10)

  private enum Standing: Hashable {
    case unknown, noSubnet, notRegistered
    case registered(UID)

    init(of hotkey: Hotkey, in metagraph: MetagraphView?) {
      guard let metagraph else {
        self = .noSubnet
        return
      }
      self = metagraph.neuron(of: hotkey).map { .registered($0.uid) } ?? .notRegistered
    }
  }

  private func report(_ standing: Standing) {
    let fields: LogFields = [.netuid: .number(settings.netuid.value), .hotkey: .text(key.account.address)]
    switch standing {
    case .unknown: break
    case .noSubnet: surroundings.log.info("waiting for the subnet to be created", fields)
    case .notRegistered: surroundings.log.info("waiting for this hotkey to be registered", fields)
    case .registered(let uid):
      surroundings.log.info("registered", [.netuid: .number(settings.netuid.value), .uid: .number(uid.value)])
    }
  }

  private func readyLine(_ uid: UID) -> ReadyLine {
    ReadyLine(
      "validator",
      [
        .netuid: .number(settings.netuid.value), .uid: .number(uid.value), .hotkey: .text(key.account.address),
        .mechanism: .text(host.name),
      ])
  }
}
