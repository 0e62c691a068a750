import Daemon
import Primitives

/// Replays another node's blocks: fetches each, checks all of it, stores it, and only then lets queries see it.
///
/// Ends with `ChainNodeError.damaged` at the first block that is not what these rules make of its parent, and when the
/// source has another block, or none, at a height that this node has. A source that is away is waited for.
///
/// Source: reliability 3.3.
struct ChainFollower: Sendable {
  /// How long the source is asked to hold a question for its next block.
  static let headWait: Duration = .seconds(4)
  /// Pause after a question that had no answer.
  static let retryDelay: Duration = .milliseconds(250)

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
        logger.warning("the followed node does not answer", [.endpoint: .text(source.address)])
        isCompared = false
        try await clock.sleep(for: ChainFollower.retryDelay)
        continue
      }
      guard head >= own.number else {
        throw ChainNodeError.damaged("the followed node is at block \(head), before this one", height: own.number)
      }
      // A source that was away may be another one now.
      if !isCompared { isCompared = try await compare(own) }
      try await catchUp(to: head, with: replay)
    }
  }

  private func compare(_ own: KeptBlock) async throws -> Bool {
    guard own.number > .genesis else { return true }
    guard let hash = try await source.hash(of: own.number) else { return false }
    guard hash == own.hash else {
      throw ChainNodeError.damaged("the followed node has another block there: \(hash)", height: own.number)
    }
    return true
  }

  private func catchUp(to head: BlockNumber, with replay: ChainReplay) async throws {
    while true {
      let parent = await producer.head
      guard parent.number < head else { return }
      guard let bytes = try await source.block(BlockNumber(parent.number.value + 1)) else { return }
      try await producer.follow(try await replay.checked(bytes, after: parent))
    }
  }
}
