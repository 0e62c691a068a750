import ChainNode
package import JSONText
import Keys
package import Primitives
import Synchronization

/// Many seeds of `LedgerSimulation`, each on one thread, and what they came to together.
package struct SeedRun: Sendable {
  package let seeds: Range<UInt64>
  /// The size of every seed's run.
  package var blocks: UInt64 = 60
  package var messagesPerBlock = 5
  /// Seeds that run at a time.
  package var threads = 1

  /// - Parameter seeds: Not empty.
  package init(seeds: Range<UInt64>) { self.seeds = seeds }

  /// What all seeds came to.
  package struct Result: Sendable {
    package let run: SeedRun
    package let duration: Duration
    package let blockCount: Int
    /// Extrinsics whose inclusion was told.
    package let acknowledged: Int
    /// How often each fault and each refusal came about, by name.
    package let counts: [String: Int]
    /// The hash over the state roots of all blocks of all seeds: another build must come to the same one.
    package let history: Hash256
    /// Promises that did not hold, each with the command that shows it again.
    package let failures: [String]
  }

  /// - Parameter onProgress: Told how many seeds are done, by the threads that did them.
  package func run(onProgress: @escaping @Sendable (Int) -> Void = { _ in }) async -> Result {
    let started = ContinuousClock.now
    let progress = Progress(next: seeds.lowerBound)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<max(1, threads) {
        group.addTask {
          while let seed = progress.take(before: seeds.upperBound) {
            onProgress(progress.note(outcome(of: seed), of: seed))
          }
        }
      }
    }
    return result(progress.outcomes, duration: ContinuousClock.now - started)
  }

  /// Shared by the threads that run seeds.
  private final class Progress: Sendable {
    private let next: Atomic<UInt64>
    private let known = Mutex<[UInt64: Outcome]>([:])

    init(next: UInt64) { self.next = Atomic(next) }

    var outcomes: [UInt64: Outcome] { known.withLock { $0 } }

    func take(before end: UInt64) -> UInt64? {
      let seed = next.wrappingAdd(1, ordering: .relaxed).oldValue
      return seed < end ? seed : nil
    }

    /// - Returns: How many seeds are done.
    func note(_ outcome: Outcome, of seed: UInt64) -> Int {
      known.withLock { known in
        known[seed] = outcome
        return known.count
      }
    }
  }

  private struct Outcome: Sendable {
    var ending: LedgerSimulation.Ending?
    var failure: String?
  }

  private func outcome(of seed: UInt64) -> Outcome {
    let simulation = LedgerSimulation(seed: seed, blocks: blocks, messagesPerBlock: messagesPerBlock)
    do {
      let ending = try simulation.run()
      let isWhole = ending.stateRoots.count == Int(blocks)
      return Outcome(ending: ending, failure: isWhole ? nil : "seed \(seed) ended early; \(replay(of: seed))")
    } catch {
      return Outcome(failure: "\(error); \(replay(of: seed))")
    }
  }

  private func replay(of seed: UInt64) -> String {
    "again with subnet bench simulation --first-seed \(seed) --seeds 1 --blocks \(blocks) --messages \(messagesPerBlock)"
  }

  private func result(_ outcomes: [UInt64: Outcome], duration: Duration) -> Result {
    var counts: [String: Int] = [:]
    var (blockCount, acknowledged) = (0, 0)
    var history = Hash256.zero
    for seed in seeds {
      guard let ending = outcomes[seed]?.ending else { continue }
      counts.merge(ending.counts, uniquingKeysWith: +)
      blockCount += ending.stateRoots.count
      acknowledged += ending.acknowledged
      history = Hash256(hashing: history.bytes + ending.stateRoots.flatMap(\.bytes))
    }
    return Result(
      run: self, duration: duration, blockCount: blockCount, acknowledged: acknowledged, counts: counts,
      history: history, failures: seeds.compactMap { outcomes[$0]?.failure })
  }
}

extension SeedRun.Result {
  package var seedsPerHour: Int { Int(Double(run.seeds.count) / max(0.001, duration / .seconds(1)) * 3600) }

  /// What was done, on one line.
  package var summary: String {
    "\(run.seeds.count) seeds from \(run.seeds.lowerBound) of \(run.blocks) blocks and about \(run.messagesPerBlock) "
      + "messages each: \(duration.components.seconds) s, \(seedsPerHour) seeds an hour; \(blockCount) blocks, "
      + "\(counts["message taken"] ?? 0) messages taken, \(acknowledged) acknowledged, \(failures.count) failures"
  }

  /// A table for people: what was done, what came about, and every promise that did not hold.
  package var text: String {
    let rows = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "  \($0.value) x \($0.key)" }
    return ([summary, "history \(history)"] + rows + failures.map { "FAILED \($0)" }).joined(separator: "\n")
  }

  package var json: JSONValue {
    [
      "seeds": JSONValue(run.seeds.count), "first_seed": JSONValue(run.seeds.lowerBound),
      "blocks": JSONValue(blockCount), "taken": JSONValue(counts["message taken"] ?? 0),
      "acknowledged": JSONValue(acknowledged), "milliseconds": JSONValue(Int(duration / .milliseconds(1))),
      "seeds_per_hour": JSONValue(seedsPerHour), "history": .text(history.description),
      "counts": .object(counts.sorted { $0.key < $1.key }.map { JSONMember($0.key, JSONValue($0.value)) }),
      "failures": .list(failures.map { .text($0) }),
    ]
  }
}
