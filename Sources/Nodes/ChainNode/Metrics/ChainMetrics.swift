package import Metrics
package import Primitives
import Synchronization

/// What a chain node counts about itself for whoever watches it; cheap to note, and never asked by the node itself.
///
/// Source: reliability 7.
package final class ChainMetrics: Sendable {
  /// What the node knew when it last noted something.
  private struct Counts: Sendable {
    var height = BlockNumber.genesis
    var isProducer = true
    var headMilliseconds: UInt64 = 0
    var included: UInt64 = 0
    var pooled = 0
    var append = Histogram()
    var interval = Histogram()
    var refused: [String: UInt64] = [:]
    var snapshot: (height: BlockNumber, milliseconds: UInt64)?
    var starts: UInt64 = 1
    var verifiedBlocks: UInt64?
  }

  private let counts = Mutex(Counts())
  /// Reasons that are told apart; names come from the rules, so there are not more.
  private static let reasonLimit = 256

  package init() {}

  func adopted(_ block: KeptBlock, pooled: Int, isProducer: Bool) {
    counts.withLock { counts in
      if counts.headMilliseconds > 0 {
        counts.interval.add(.milliseconds(Int64(block.timestampMilliseconds - counts.headMilliseconds)))
      }
      counts.height = block.number
      counts.headMilliseconds = block.timestampMilliseconds
      counts.included += UInt64(block.executed.extrinsics.count)
      counts.pooled = pooled
      counts.isProducer = isProducer
    }
  }

  func appended(in time: Duration) { counts.withLock { $0.append.add(time) } }

  func refused(_ reason: String) {
    counts.withLock { counts in
      guard counts.refused.count < ChainMetrics.reasonLimit || counts.refused[reason] != nil else { return }
      counts.refused[reason, default: 0] += 1
    }
  }

  func saved(snapshotAt height: BlockNumber, milliseconds: UInt64) {
    counts.withLock { $0.snapshot = (height, milliseconds) }
  }

  /// What was found at the start: how often the node has started in its folder, and blocks whose digests were checked.
  package func started(times: UInt64, at head: BlockNumber, headMilliseconds: UInt64, verifiedBlocks: UInt64) {
    counts.withLock { counts in
      counts.starts = times
      counts.height = head
      counts.headMilliseconds = headMilliseconds
      counts.verifiedBlocks = verifiedBlocks
    }
  }

  /// The page at `/metrics`, in the text form of Prometheus.
  package func page(nowMilliseconds now: UInt64, residentBytes: UInt64) -> MetricsPage {
    let counts = counts.withLock { $0 }
    var text = ""
    func gauge(_ name: String, _ help: String, _ value: some CustomStringConvertible, type: String = "gauge") {
      text += "# HELP chain_\(name) \(help)\n# TYPE chain_\(name) \(type)\nchain_\(name) \(value)\n"
    }
    gauge("height", "Newest block of this node.", counts.height.value)
    gauge("head_age_seconds", "Time since that block.", (now - min(now, counts.headMilliseconds)) / 1000)
    gauge("producer", "1 where this node makes blocks, 0 where it follows.", counts.isProducer ? 1 : 0)
    gauge("included_total", "Extrinsics in blocks since the start.", counts.included, type: "counter")
    gauge("pool_size", "Extrinsics that wait for a block.", counts.pooled)
    gauge("restarts_total", "Starts in this folder after the first.", counts.starts - 1, type: "counter")
    gauge("resident_bytes", "Memory that the process holds.", residentBytes)
    if let verified = counts.verifiedBlocks {
      gauge("verified_blocks", "Newest blocks whose digests were checked at the start.", verified)
      gauge("verify_ok", "1: what was checked is as it was written; a node that finds damage ends.", 1)
    }
    if let snapshot = counts.snapshot {
      gauge("snapshot_height", "Block of the last snapshot.", snapshot.height.value)
      gauge("snapshot_age_seconds", "Time since it.", (now - min(now, snapshot.milliseconds)) / 1000)
    }
    text += counts.append.lines(
      "chain_append_seconds", "From a sealed block to its durable transaction, flush included.")
    text += counts.interval.lines("chain_block_interval_seconds", "Between the times of two blocks.")
    text +=
      "# HELP chain_refused_total Requests and extrinsics refused, by reason.\n# TYPE chain_refused_total counter\n"
    for (reason, count) in counts.refused.sorted(by: { $0.key < $1.key }) {
      text += "chain_refused_total{reason=\"\(reason)\"} \(count)\n"
    }
    return MetricsPage(text)
  }

  /// The page at `/healthz`: 200 while blocks come, 503 after `limit` without one.
  package func health(nowMilliseconds now: UInt64, limitMilliseconds limit: UInt64?) -> MetricsPage {
    let (height, time) = counts.withLock { ($0.height, $0.headMilliseconds) }
    guard let limit, now > time, now - time > limit else { return MetricsPage("ok height=\(height)\n") }
    return MetricsPage(status: 503, "late height=\(height) no block for \((now - time) / 1000) s\n")
  }
}
