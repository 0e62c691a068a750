import Glibc
import Synchronization
import TestKit
import Testing

/// Seeded runs of ledger, pool and log under faults. Source: reliability T-01, T-03, T-06.
///
/// `SEED=17 swift test --filter LedgerSimulation` replays one seed, `SEEDS=2000` runs that many from a fresh start on
/// all cores; `BLOCKS` and `MESSAGES` (for each block, on average) set the size of a run, of a replay too.
@Suite struct LedgerSimulationTests {
  private static func number(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }

  private static var seeds: [UInt64] {
    if let seed = number("SEED") { return [seed] }
    guard let count = number("SEEDS") else { return Array(1...200) }
    let first = number("FIRST_SEED") ?? UInt64.random(in: 0...1 << 40)
    return Array(first..<first + count)
  }

  private static func simulation(_ seed: UInt64) -> LedgerSimulation {
    var simulation = LedgerSimulation(seed: seed)
    if let blocks = number("BLOCKS") { simulation.blocks = blocks }
    if let messages = number("MESSAGES") { simulation.messagesPerBlock = Int(clamping: messages) }
    return simulation
  }

  /// What all seeds ended with.
  private struct Sum: Sendable {
    var counts: [String: Int] = [:]
    var acknowledged = 0
    var blocks = 0
    var failures: [String] = []
  }

  /// Shared by the threads that run seeds.
  private final class Tally: Sendable {
    let sum = Mutex(Sum())
    let next = Atomic<Int>(0)
  }

  @Test func everyPromiseHoldsUnderEverySeed() async throws {
    let seeds = Self.seeds
    let started = ContinuousClock.now
    let tally = Tally()
    let size = Self.simulation(0)
    // Each seed stays on one thread; in an everyday run the other tests have the other one.
    let workerCount = Self.number("SEEDS") == nil ? 1 : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<workerCount {
        group.addTask {
          while true {
            let place = tally.next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard place < seeds.count else { return }
            Self.run(seeds[place], into: tally)
          }
        }
      }
    }
    let result = tally.sum.withLock { $0 }
    for failure in result.failures { Issue.record("\(failure)") }
    let seconds = (ContinuousClock.now - started).components.seconds
    print(
      "\(seeds.count) seeds from \(seeds[0]) of \(size.blocks) blocks in \(seconds) s, \(result.blocks) blocks, "
        + "\(result.acknowledged) acknowledged, \(result.counts["message taken"] ?? 0) messages taken")
    guard seeds.count >= 200 else { return }
    // A fault or a refusal that never came about tests nothing.
    for fault in [
      "disk crashBeforeFlush", "disk crashAfterFlush", "disk unknownKept", "disk unknownLost", "disk diskFull",
      "disk readError", "disk snapshotLost", "cut inbound", "cut outbound", "cut both", "pause", "clock step",
      "message taken", "message known", "message forged", "message unreadable", "message Malformed", "message Stale",
      "message Future", "message Expired", "message WrongChain", "message TipTooLow", "message BalanceTooLow",
      "receipt ok", "receipt InsufficientBalance", "receipt SubnetNotExists", "receipt NotSubnetOwner",
      "receipt NotEnoughStakeToWithdraw", "receipt AmountTooLow", "receipt CannotAffordLockCost",
    ] {
      #expect((result.counts[fault] ?? 0) > 0, "\(fault) never came about: \(result.counts.sorted { $0.key < $1.key })")
    }
  }

  private static func run(_ seed: UInt64, into tally: Tally) {
    let simulation = simulation(seed)
    do {
      let ending = try simulation.run()
      tally.sum.withLock { sum in
        sum.counts.merge(ending.counts, uniquingKeysWith: +)
        sum.acknowledged += ending.acknowledged
        sum.blocks += ending.stateRoots.count
        if ending.stateRoots.count < Int(simulation.blocks) { sum.failures.append("seed \(seed) ended early") }
      }
    } catch {
      tally.sum.withLock {
        $0.failures.append(
          "\(error); replay with SEED=\(seed) BLOCKS=\(simulation.blocks) MESSAGES=\(simulation.messagesPerBlock) "
            + "swift test --filter LedgerSimulation")
      }
    }
  }

  @Test func oneSeedGivesOneHistory() throws {
    let first = try LedgerSimulation(seed: 5).run()
    #expect(try LedgerSimulation(seed: 5).run() == first)
    #expect(try LedgerSimulation(seed: 6).run().stateRoots != first.stateRoots)
  }
}
