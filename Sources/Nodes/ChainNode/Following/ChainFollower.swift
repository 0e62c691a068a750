import Daemon
import Primitives

/// Replays another node's blocks: fetches each, checks all of it, stores it, and only then lets queries see it.
///
/// A follower without any block begins at the source's newest snapshot. Ends with `ChainNodeError.diverged` at the first
/// block that is not what these rules make of its parent, and when the source has another block, or none, at a height
/// that this node has. A source that is away is waited for.
///
/// Source: reliability 3.3.
struct ChainFollower: Sendable {
  /// How long the source is asked to hold a question for its next block.
  static let headWait: Duration = .seconds(4)
  /// Pause after a question that had no answer.
  static let retryDelay: Duration = .milliseconds(250)
  /// A source that is so many blocks ahead of a fresh follower is asked for a snapshot first.
  static let snapshotLead: UInt64 = 64

  let producer: BlockProducer
  let source: BlockSource
  let clock: any Clock<Duration>
  let logger: Logger

  /// Follows until cancelled.
  func run() async throws {
    let replay = ChainReplay(
      genesis: producer.genesis, log: producer.log, logger: logger, execution: producer.execution)
    var isCompared = false
    while true {
      let own = await producer.head
      guard let head = try await source.head(after: own.number, wait: ChainFollower.headWait) else {
        producer.metrics.sourceWasSilent()
        try await compareNetworks(at: own.number)
        logger.warning("the followed node does not answer", [.endpoint: .text(source.address)])
        isCompared = false
        try await clock.sleep(for: ChainFollower.retryDelay)
        continue
      }
      producer.metrics.sourceAnswered(head)
      guard head >= own.number else {
        throw ChainNodeError.diverged("it is at block \(head), before this node", height: own.number)
      }
      // A source that was away may be another one now.
      if !isCompared { isCompared = try await compare(own) }
      if own.number == .genesis, head.value > ChainFollower.snapshotLead, producer.beginsAtSnapshot {
        try await beginAtSnapshot()
      }
      try await catchUp(to: head, with: replay)
    }
  }

  /// A node of another network cannot be asked anything else: it takes no question of ours.
  private func compareNetworks(at height: BlockNumber) async throws {
    guard let network = try await source.network(), network != producer.genesis.chainID else { return }
    guard height > .genesis else {
      throw ChainNodeError.wrongNetwork(found: network, wanted: producer.genesis.chainID, at: source.address)
    }
    throw ChainNodeError.diverged("it is of the network with genesis \(network) now", height: height)
  }

  private func compare(_ own: KeptBlock) async throws -> Bool {
    guard own.number > .genesis else { return true }
    guard let hash = try await source.hash(of: own.number) else { return false }
    guard hash == own.hash else {
      throw ChainNodeError.diverged("it has another block there: \(hash)", height: own.number)
    }
    return true
  }

  private func beginAtSnapshot() async throws {
    guard let found = try await SnapshotDownload(source: source, genesis: producer.genesis).run() else {
      return logger.info("no snapshot to begin with: every block is fetched", [.endpoint: .text(source.address)])
    }
    try await producer.begin(at: found)
    logger.info(
      "began at a snapshot of the followed node",
      [.height: .of(found.block.number), .stateRoot: .of(found.block.stateRoot), .endpoint: .text(source.address)])
  }

  private func catchUp(to head: BlockNumber, with replay: ChainReplay) async throws {
    while true {
      let parent = await producer.head
      guard parent.number < head else { return }
      let next = BlockNumber(parent.number.value + 1)
      switch try await source.block(next) {
      case .block(let bytes): try await producer.follow(try await checked(bytes, after: parent, with: replay))
      case .absent:
        // It may have gone back meanwhile, which the next look at its head tells.
        guard let head = try await source.head(after: .genesis, wait: .zero), head >= next else { return }
        throw ChainNodeError.sourceBeginsLater(height: next, at: source.address)
      case .silent: return try await clock.sleep(for: ChainFollower.retryDelay)
      }
    }
  }

  /// A block that fails a check says something about the source, and nothing about what is stored here.
  private func checked(_ bytes: [UInt8], after parent: KeptBlock, with replay: ChainReplay) async throws -> KeptBlock {
    do {
      return try await replay.checked(bytes, after: parent)
    } catch ChainNodeError.damaged(let what, let height) {
      throw ChainNodeError.diverged("its block is refused: \(what)", height: height)
    }
  }
}
