import Metrics
package import Primitives
import Synchronization

/// What a chain node counts about itself for whoever watches it; cheap to note, and never asked by the node itself.
///
/// Source: reliability 7.
package final class ChainMetrics: Sendable {
  /// What the node knew when it last noted something.
  struct Counts: Sendable {
    var height = BlockNumber.genesis
    var isProducer = true
    var headMilliseconds: UInt64 = 0
    var included: UInt64 = 0
    var pooled = 0
    var append = Histogram()
    var interval = Histogram()
    var refused: [String: UInt64] = [:]
    var snapshot: (height: BlockNumber, milliseconds: UInt64)?
    var start: ChainStart?
    var source: Source?
    /// Since when an append has been under way; nil while none is.
    var appending: ContinuousClock.Instant?
  }

  /// The followed node, as it answered last.
  struct Source: Sendable {
    var height = BlockNumber.genesis
    var isAnswering = false
  }

  private let counts = Mutex(Counts())
  /// Reasons that are told apart; names come from the rules, so there are not more.
  private static let reasonLimit = 256

  package init() {}

  var now: Counts { counts.withLock { $0 } }

  func adopted(_ block: KeptBlock, pooled: Int, isProducer: Bool) {
    counts.withLock { counts in
      if counts.headMilliseconds > 0, block.timestampMilliseconds > counts.headMilliseconds {
        counts.interval.add(
          .milliseconds(Int64(clamping: block.timestampMilliseconds - counts.headMilliseconds)))
      }
      counts.height = block.number
      counts.headMilliseconds = block.timestampMilliseconds
      counts.included += UInt64(block.executed.extrinsics.count)
      counts.pooled = pooled
      counts.isProducer = isProducer
    }
  }

  /// Another head without the blocks before it: a snapshot, or a local network that went back.
  func moved(to block: KeptBlock) {
    counts.withLock { counts in
      counts.height = block.number
      counts.headMilliseconds = block.timestampMilliseconds
    }
  }

  /// A failed append stays under way: the node is ending, and until then it is not well.
  func appending(since start: ContinuousClock.Instant) { counts.withLock { $0.appending = start } }

  func appended(since start: ContinuousClock.Instant) {
    counts.withLock { counts in
      counts.appending = nil
      counts.append.add(ContinuousClock.now - start)
    }
  }

  package func refused(_ reason: String) {
    counts.withLock { counts in
      guard counts.refused.count < ChainMetrics.reasonLimit || counts.refused[reason] != nil else { return }
      counts.refused[reason, default: 0] += 1
    }
  }

  func saved(snapshotAt height: BlockNumber, milliseconds: UInt64) {
    counts.withLock { $0.snapshot = (height, milliseconds) }
  }

  /// The block of the newest snapshot that this node knows of.
  var snapshotHeight: BlockNumber? { counts.withLock { $0.snapshot?.height } }

  func began(at block: KeptBlock) {
    moved(to: block)
    saved(snapshotAt: block.number, milliseconds: block.timestampMilliseconds)
  }

  func sourceAnswered(_ head: BlockNumber) {
    counts.withLock { $0.source = Source(height: head, isAnswering: true) }
  }

  func sourceWasSilent() { counts.withLock { $0.source = Source(height: $0.source?.height ?? .genesis) } }

  /// What was found at the start.
  package func started(_ start: ChainStart) {
    counts.withLock { counts in
      counts.start = start
      counts.isProducer = start.isProducer
      counts.height = start.head
      counts.headMilliseconds = start.headMilliseconds
      if !start.isProducer { counts.source = Source() }
      if let height = start.snapshot { counts.snapshot = (height, start.snapshotMilliseconds) }
    }
  }
}

/// What a node found when it started.
package struct ChainStart: Sendable {
  package var head: BlockNumber
  package var headMilliseconds: UInt64
  package var isProducer: Bool
  /// The block of the snapshot that the start began from; nil where it began at genesis.
  package var snapshot: BlockNumber?
  package var snapshotMilliseconds: UInt64
  /// Starts in this folder, this one included.
  package var starts: UInt64 = 1
  /// Newest blocks whose digests were recomputed.
  package var verifiedBlocks = 0
  /// The last `chain verify` in this folder; nil before the first.
  package var verification: VerificationNote?

  package init(of recent: RecentBlocks, isProducer: Bool) {
    head = recent.newest.number
    headMilliseconds = recent.newest.timestampMilliseconds
    snapshot = recent.beginning.number > .genesis ? recent.beginning.number : nil
    snapshotMilliseconds = recent.beginning.milliseconds
    self.isProducer = isProducer
  }
}
