import Daemon
import Glibc
import JSONText
import Localnet
import Primitives
import TestKit
import TestThreads
import Testing

/// Seeded runs of ledger, pool and log under faults. Source: reliability T-01, T-03, T-06.
///
/// `SEED=17 swift test --filter LedgerSimulation` replays one seed, `SEEDS=2000` runs that many from a fresh start on
/// all cores; `BLOCKS` and `MESSAGES` (for each block, on average) set the size of a run, of a replay too. `subnet bench
/// simulation` does the same in an optimised build.
@Suite(.computing) struct LedgerSimulationTests {
  private static func number(_ name: String) -> UInt64? { processEnvironment()[name].flatMap { UInt64($0) } }

  private static var run: SeedRun {
    var run = SeedRun(seeds: 1..<201)
    if let count = number("SEEDS") {
      let first = number("FIRST_SEED") ?? UInt64.random(in: 0...1 << 40)
      run = SeedRun(seeds: first..<first + count)
      // In an everyday run the other tests have the other cores.
      run.threads = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }
    if let seed = number("SEED") { run = SeedRun(seeds: seed..<seed + 1) }
    if let blocks = number("BLOCKS") { run.blocks = blocks }
    if let messages = number("MESSAGES") { run.messagesPerBlock = Int(clamping: messages) }
    return run
  }

  @Test func everyPromiseHoldsUnderEverySeed() async throws {
    let result = await Self.run.run()
    for failure in result.failures { Issue.record("\(failure)") }
    print(result.summary)
    guard result.run.seeds.count >= 200 else { return }
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

  @Test func oneSeedGivesOneHistory() throws {
    let first = try LedgerSimulation(seed: 5).run()
    #expect(try LedgerSimulation(seed: 5).run() == first)
    #expect(try LedgerSimulation(seed: 6).run().stateRoots != first.stateRoots)
  }

  /// Other processes, one of them with hash seeds of its own; `TORTURE_SUBNET` names that of an optimised build.
  @Test func everyBuildAndEveryHashSeedGivesTheSameHistories() async throws {
    let first = Self.number("SEEDS").map { _ in UInt64.random(in: 0...1 << 40) } ?? 300
    let count: UInt64 = Self.number("SEEDS") == nil ? 3 : 40
    let here = await SeedRun(seeds: first..<first + count).run()
    #expect(here.failures.isEmpty)
    let subnet = "\(folderOfThisProgram())/subnet"
    let other = processEnvironment()["TORTURE_SUBNET"] ?? subnet
    for (program, environment) in [(subnet, ["SWIFT_DETERMINISTIC_HASHING": "1"]), (other, [:])] {
      let child = try await ChildProcess.start(
        ChildCommand(
          name: "subnet", executable: program,
          arguments: ["bench", "simulation", "--json", "--first-seed", "\(first)", "--seeds", "\(count)"],
          environment: environment, logPath: "/dev/null", readsLines: true))
      var lines: [String] = []
      for await line in child.lines { lines.append(line) }
      #expect(try await child.ended().isSuccess)
      let there = try JSONValue(parsing: try #require(lines.last)).member("history").string()
      #expect(there == here.history.description, "seeds from \(first) in \(program)")
    }
  }
}
