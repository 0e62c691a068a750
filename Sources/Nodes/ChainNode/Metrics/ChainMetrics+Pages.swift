package import Metrics
import Primitives

/// What the machine and the rooms below say when a page is asked for.
package struct ChainSurvey: Sendable {
  package var nowMilliseconds: UInt64
  package var residentBytes: UInt64 = 0
  /// Times from the end of a transaction to its flushed write-ahead log.
  package var flush = Histogram()
  /// Bytes of the state folder's files, and bytes that its disk has left; nil where they cannot be read.
  package var storeBytes: UInt64?
  package var freeBytes: UInt64?
  /// Whether the state folder takes files from this process.
  package var isWritable = true
  package var openDescriptors: UInt64 = 0
  package var descriptorLimit: UInt64 = 0
  /// Connections now, and how handshakes ended since the start, by state.
  package var peers: [(state: String, count: UInt64)] = []
  package var handshakes: [(result: String, count: UInt64)] = []

  package init(nowMilliseconds: UInt64) { self.nowMilliseconds = nowMilliseconds }
}

extension ChainMetrics {
  /// The page at `/metrics`, in the text form of Prometheus.
  package func page(_ survey: ChainSurvey) -> MetricsPage {
    let counts = now
    var page = PrometheusText(prefix: "chain_")
    writeChain(counts, survey, to: &page)
    writeStore(counts, survey, to: &page)
    page.labelled("peers", "Connections, by state.", label: "state", survey.peers)
    page.labelled(
      "handshakes_total", "Handshakes since the start, by result.", label: "result", survey.handshakes,
      type: "counter")
    page.labelled(
      "refused_total", "Requests and extrinsics refused, by reason.", label: "reason",
      counts.refused.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, type: "counter")
    page.value("resident_bytes", "Memory that the process holds.", survey.residentBytes)
    page.value("descriptors", "Files and sockets that the process has open.", survey.openDescriptors)
    page.value("descriptor_limit", "Files and sockets that it may have open.", survey.descriptorLimit)
    return MetricsPage(page.text)
  }

  private func writeChain(_ counts: Counts, _ survey: ChainSurvey, to page: inout PrometheusText) {
    page.value("height", "Newest block of this node.", counts.height.value)
    page.value("head_age_seconds", "Time since that block.", age(of: counts.headMilliseconds, survey))
    page.value("epoch", "Term of the producer; the embedded log has one producer and stays in term 0.", UInt64(0))
    page.value("producer", "1 where this node makes blocks, 0 where it follows.", counts.isProducer ? 1 : 0)
    if let source = counts.source {
      page.value("source_up", "1 while the followed node answers.", source.isAnswering ? 1 : 0)
      page.value("source_height", "Newest block of the followed node.", source.height.value)
      page.value("lag_blocks", "Blocks that this node is behind it.", counts.lag)
    }
    page.value("included_total", "Extrinsics in blocks since the start.", counts.included, type: "counter")
    page.value("pool_size", "Extrinsics that wait for a block.", counts.pooled)
    if let start = counts.start {
      page.value("restarts_total", "Starts in this folder after the first.", start.starts - 1, type: "counter")
    }
    page.histogram("block_interval_seconds", "Between the times of two blocks.", counts.interval)
  }

  private func writeStore(_ counts: Counts, _ survey: ChainSurvey, to page: inout PrometheusText) {
    page.histogram("append_seconds", "From a sealed block to its durable transaction, flush included.", counts.append)
    page.histogram(
      "flush_seconds", "End of a transaction: its pages written to the log and flushed to the disk.", survey.flush)
    if let start = counts.start {
      page.value("verified_blocks", "Newest blocks whose digests were recomputed at the start.", start.verifiedBlocks)
      let isOK = start.verification?.isOK ?? true
      page.value("verify_ok", "0 where the last chain verify found damage; a start that finds any ends.", isOK ? 1 : 0)
      if let note = start.verification {
        page.value("verify_height", "Head at the last chain verify.", note.height.value)
        page.value("verify_age_seconds", "Time since it.", age(of: note.milliseconds, survey))
      }
    }
    if let snapshot = counts.snapshot {
      page.value("snapshot_height", "Block of the last snapshot.", snapshot.height.value)
      page.value("snapshot_age_seconds", "Time since it.", age(of: snapshot.milliseconds, survey))
    }
    if let bytes = survey.storeBytes { page.value("store_bytes", "Bytes of the state folder.", bytes) }
    if let bytes = survey.freeBytes { page.value("disk_free_bytes", "Bytes that its disk has left.", bytes) }
  }

  private func age(of milliseconds: UInt64, _ survey: ChainSurvey) -> UInt64 {
    (survey.nowMilliseconds - min(survey.nowMilliseconds, milliseconds)) / 1000
  }
}

// MARK: - Health

extension ChainMetrics {
  /// An append that takes longer is no append any more: the disk hangs.
  static let appendLimit: Duration = .seconds(5)
  /// A disk with less left may fail the next block.
  static let freeByteLimit: UInt64 = 32 << 20
  /// Blocks that a follower may be behind.
  static let lagLimit: UInt64 = 10

  /// The page at `/healthz`: 200 where the node does its work, 503 with every reason why it does not.
  ///
  /// - Parameter limitMilliseconds: Age of the head from which blocks are late; nil where they come on request.
  package func health(_ survey: ChainSurvey, limitMilliseconds limit: UInt64?) -> MetricsPage {
    let counts = now
    var reasons: [String] = []
    let age = survey.nowMilliseconds - min(survey.nowMilliseconds, counts.headMilliseconds)
    if let limit, age > limit { reasons.append("no block for \(age / 1000) s") }
    if let since = counts.appending, ContinuousClock.now - since > ChainMetrics.appendLimit {
      reasons.append("the block log has not answered for \((ContinuousClock.now - since).components.seconds) s")
    }
    if let free = survey.freeBytes, free < ChainMetrics.freeByteLimit {
      reasons.append("the disk has \(free) bytes left")
    }
    if !survey.isWritable { reasons.append("the state folder cannot be written") }
    if let source = counts.source {
      if !source.isAnswering { reasons.append("the followed node does not answer") }
      if counts.lag > ChainMetrics.lagLimit { reasons.append("\(counts.lag) blocks behind the followed node") }
    }
    if counts.start?.verification?.isOK == false { reasons.append("the last chain verify found damage") }
    guard reasons.isEmpty else {
      return MetricsPage(status: 503, "unwell height=\(counts.height): \(reasons.joined(separator: "; "))\n")
    }
    return MetricsPage("ok height=\(counts.height)\n")
  }
}

extension ChainMetrics.Counts {
  fileprivate var lag: UInt64 { source.map { $0.height.value - min($0.height.value, height.value) } ?? 0 }
}
