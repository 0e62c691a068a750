import Daemon
import Keys
import Primitives
import SubnetKit
import Transport

/// A validator: it follows the chain, sets tasks, scores answers, remembers, and sends weights before each epoch.
///
/// Survives a chain that restarts, and its own end at any moment: what it knew is on the disk.
package struct ValidatorNode: Service {
  private let parts: NeuronParts
  private let settings: ValidatorSettings
  private let store: StateStore

  /// - Parameter store: What was kept before, and where to keep what comes.
  package init(of parts: NeuronParts, settings: ValidatorSettings, keeping store: StateStore) {
    self.parts = parts
    self.settings = settings
    self.store = store
  }

  package func run() async throws { try await parts.run(work) }

  private func work() async throws {
    // A damaged state stops the node before it speaks to anybody.
    try ScoreKeeper.check(store)
    let session = try await parts.client.connect()
    let owner = ValidatorState.Owner(
      chainID: session.chainID, netuid: settings.netuid, mechid: settings.mechid, hotkey: parts.hotkey)
    let keeper = try ScoreKeeper(loading: store, for: owner, averaging: parts.host.policy.averaging)
    try await restore(await keeper.current.memory)
    let report = RoundReport()
    let dendrite = parts.dendrite(on: settings.netuid, of: session.chainID)
    let board = SubnetBoard()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await follow(board, keeper, report) }
      // Whoever does not judge by answers needs none.
      guard settings.behaviour.kind == .honest else {
        parts.log.warning("UNSAFE: this validator misbehaves, for tests", [.behaviour: .of(settings.behaviour)])
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
    guard memory.mechanism == parts.host.name else {
      parts.log.warning(
        "the saved memory is another mechanism's and is not used",
        [.mechanism: .text(parts.host.name), .given: .text(memory.mechanism)])
      return
    }
    try await parts.host.restore(memory.bytes)
  }

  /// Keeps the board in step with the chain, and sends weights at their time.
  private func follow(_ board: SubnetBoard, _ keeper: ScoreKeeper, _ report: RoundReport) async throws {
    var heads = HeadFollower(of: parts.client)
    var weights = WeightsDesk(
      client: parts.client, key: parts.key, keeper: keeper, settings: settings, pipeline: parts.host.policy.weights,
      report: report, surroundings: parts.surroundings)
    var standing = Standing.unknown
    var isReady = false
    while true {
      _ = try await heads.next()
      let metagraph: MetagraphView?
      do throws(ChainClientError) {
        metagraph = try await parts.client.metagraph(of: settings.netuid, mechid: settings.mechid)
      } catch {
        guard error.isRetriable else { throw error }
        parts.log.warning("the chain could not be asked", [.reason: .of(error)])
        continue
      }
      board.replace(with: metagraph)
      let now = Standing(of: parts.hotkey, in: metagraph)
      if now != standing { self.report(now) }
      standing = now
      guard let metagraph, let own = metagraph.neuron(of: parts.hotkey) else { continue }
      if !isReady {
        isReady = true
        parts.onReady(readyLine(own.uid))
      }
      try await weights.attend(to: metagraph, own: own)
    }
  }

  /// One round after another, each on the newest metagraph.
  private func runRounds(
    _ board: SubnetBoard, _ keeper: ScoreKeeper, _ dendrite: Dendrite, _ report: RoundReport, interval: Duration
  ) async throws {
    let time = parts.surroundings.time
    let desk = RoundDesk(
      host: parts.host, dendrite: dendrite, keeper: keeper, settings: settings, report: report, log: parts.log)
    let own = parts.hotkey
    while true {
      let start = time.elapsed
      if let metagraph = board.metagraph, metagraph.neuron(of: own) != nil {
        try await desk.settle(in: metagraph)
        _ = try await desk.run(in: metagraph, asking: own)
        parts.status?.write(await keeper.current.statusDocument(in: metagraph, own: own, report))
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
    let fields: LogFields = [.netuid: .number(settings.netuid.value), .hotkey: .text(parts.key.account.address)]
    switch standing {
    case .unknown: break
    case .noSubnet: parts.log.info("waiting for the subnet to be created", fields)
    case .notRegistered: parts.log.info("waiting for this hotkey to be registered", fields)
    case .registered(let uid):
      parts.log.info("registered", [.netuid: .number(settings.netuid.value), .uid: .number(uid.value)])
    }
  }

  private func readyLine(_ uid: UID) -> ReadyLine {
    ReadyLine(
      "validator",
      [
        .netuid: .number(settings.netuid.value), .uid: .number(uid.value), .hotkey: .text(parts.key.account.address),
        .mechanism: .text(parts.host.name),
      ])
  }
}
