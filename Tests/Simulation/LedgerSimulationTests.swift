import Glibc
import TestKit
import Testing

/// Seeded runs of ledger, pool and log under faults. Source: reliability T-01, T-03, T-06.
///
/// `SEED=17 swift test --filter LedgerSimulation` replays one seed, `SEEDS=2000` runs that many from a fresh start.
@Suite struct LedgerSimulationTests {
  private static func number(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }

  private static var seeds: [UInt64] {
    if let seed = number("SEED") { return [seed] }
    guard let count = number("SEEDS") else { return Array(1...20) }
    let first = number("FIRST_SEED") ?? UInt64.random(in: 0...1 << 40)
    return Array(first..<first + count)
  }

  @Test func everyPromiseHoldsUnderEverySeed() throws {
    var counts: [String: Int] = [:]
    var acknowledged = 0
    let started = ContinuousClock.now
    for seed in Self.seeds {
      do {
        let ending = try LedgerSimulation(seed: seed).run()
        counts.merge(ending.counts, uniquingKeysWith: +)
        acknowledged += ending.acknowledged
        #expect(ending.stateRoots.count >= 60)
      } catch {
        Issue.record("\(error); replay with SEED=\(seed) swift test --filter LedgerSimulation")
      }
    }
    let seconds = (ContinuousClock.now - started).components.seconds
    print("\(Self.seeds.count) seeds from \(Self.seeds[0]) in \(seconds) s, \(acknowledged) acknowledged")
    guard Self.seeds.count >= 20 else { return }
    // A fault that never came about tests nothing.
    for fault in [
      "disk crashBeforeFlush", "disk crashAfterFlush", "disk unknownKept", "disk unknownLost", "disk diskFull",
      "disk readError", "disk snapshotLost", "message taken", "message known", "message forged", "message Stale",
      "receipt ok", "receipt InsufficientBalance",
    ] {
      #expect((counts[fault] ?? 0) > 0, "\(fault) never came about: \(counts.sorted { $0.key < $1.key })")
    }
  }

  @Test func oneSeedGivesOneHistory() throws {
    let first = try LedgerSimulation(seed: 5).run()
    #expect(try LedgerSimulation(seed: 5).run() == first)
    #expect(try LedgerSimulation(seed: 6).run().stateRoots != first.stateRoots)
  }
}
