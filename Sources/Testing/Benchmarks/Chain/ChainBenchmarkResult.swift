package import JSONText

/// What `ChainBenchmark` found.
package struct ChainBenchmarkResult: Sendable {
  struct Block: Sendable {
    let milliseconds: UInt64
    let extrinsics: Int
  }

  let settings: ChainBenchmark
  /// With all processors and nothing else to do, before and after the load.
  let verified: [SignatureBenchmark.Result]
  let tallies: [LoadClient.Tally]
  /// Under load, the first second left out.
  let blocks: [Block]
  /// Extrinsics in all blocks under load, and the processor time of chain and clients meanwhile.
  let included: Int
  let chainMicroseconds: Int
  let clientMicroseconds: Int
  /// Bytes that the chain process holds: before the load, then four times a second, and at most.
  let residentBefore: Int
  let resident: [Int]
  let residentPeak: Int

  private var verifyPerSecond: Int { verified.reduce(0) { $0 + $1.perSecond } / max(1, verified.count) }
  private var verifyNanoseconds: Int { verified.reduce(0) { $0 + $1.nanosecondsEach } / max(1, verified.count) }

  private var milliseconds: Int { Int((blocks.last?.milliseconds ?? 0) - (blocks.first?.milliseconds ?? 0)) }

  /// Extrinsics in durably stored blocks, a second.
  package var includedPerSecond: Int {
    milliseconds == 0 ? 0 : blocks.dropFirst().reduce(0) { $0 + $1.extrinsics } * 1000 / milliseconds
  }

  /// Of inclusion to verification, in thousandths.
  package var ratioThousandths: Int { includedPerSecond * 1000 / max(1, verifyPerSecond) }

  /// Extrinsics that clients sent, those sent again counted again, a second.
  package var offeredPerSecond: Int {
    Int(Double(tallies.reduce(0) { $0 + $1.offered }) / (settings.duration / .seconds(1) + 1))
  }

  /// Processor time of an included extrinsic in nanoseconds, of all the work of one process.
  private func nanoseconds(_ microseconds: Int) -> Int { microseconds * 1000 / max(1, included) }

  /// What `ratio` would be if nothing else ran on this machine and no processor ever idled, in thousandths.
  private var processorRatioThousandths: Int {
    verifyNanoseconds * 1000 / max(1, nanoseconds(chainMicroseconds + clientMicroseconds))
  }

  private var intervals: [Int] {
    zip(blocks.dropFirst(), blocks).map { Int($0.milliseconds - $1.milliseconds) }.sorted()
  }

  /// Milliseconds between two blocks: the 99th of 100.
  package var intervalP99: Int { percentile(99, intervals) }

  private func percentile(_ percent: Int, _ sorted: [Int]) -> Int {
    sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
  }

  package var json: JSONValue {
    let answers = tallies.flatMap(\.answerMilliseconds).sorted()
    let busy = tallies.flatMap(\.busyMilliseconds).sorted()
    let blockTime = Int(settings.blockTime / .milliseconds(1))
    return [
      "measured":
        "one chain process over tcp loopback with CURVE, SQLite synchronous=FULL, clients on the same machine",
      "included_per_s": JSONValue(includedPerSecond), "verify_per_s": JSONValue(verifyPerSecond),
      "ratio": .fixed(Int64(ratioThousandths), digits: 3),
      "verify_processor_ns": JSONValue(verifyNanoseconds),
      "chain_processor_ns": JSONValue(nanoseconds(chainMicroseconds)),
      "clients_processor_ns": JSONValue(nanoseconds(clientMicroseconds)),
      "processor_ratio": .fixed(Int64(processorRatioThousandths), digits: 3),
      "offered_per_s": JSONValue(offeredPerSecond),
      "overload": .fixed(Int64(offeredPerSecond * 10 / max(1, includedPerSecond)), digits: 1),
      "refused": JSONValue(tallies.reduce(0) { $0 + $1.refused }),
      "lost_batches": JSONValue(tallies.reduce(0) { $0 + $1.lostBatches }),
      "supply_ran_out": .flag(tallies.contains { $0.ranOut }), "answer_p99_ms": JSONValue(percentile(99, answers)),
      "busy_answers": JSONValue(busy.count), "busy_p50_ms": JSONValue(percentile(50, busy)),
      "busy_p99_ms": JSONValue(percentile(99, busy)),
      "block_time_ms": JSONValue(blockTime), "block_bytes_limit": JSONValue(settings.blockBytes),
      "blocks": JSONValue(blocks.count),
      "largest_block": JSONValue(blocks.map(\.extrinsics).max() ?? 0),
      "interval_p50_ms": JSONValue(percentile(50, intervals)), "interval_p99_ms": JSONValue(intervalP99),
      "interval_p99_ratio": .fixed(Int64(intervalP99 * 1000 / max(1, blockTime)), digits: 3),
      "clients": JSONValue(settings.clients), "accounts": JSONValue(settings.accounts),
      "resident_before_bytes": JSONValue(residentBefore), "resident_first_bytes": JSONValue(resident.first ?? 0),
      "resident_last_bytes": JSONValue(resident.last ?? 0),
      "resident_peak_bytes": JSONValue(residentPeak),
    ]
  }

  /// For people: a line each.
  package var text: String {
    guard case .object(let members) = json else { return "" }
    return members.map { "\($0.name): \($0.value.compactText)" }.joined(separator: "\n")
  }
}
