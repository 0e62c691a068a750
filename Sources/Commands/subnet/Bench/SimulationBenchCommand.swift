import Daemon
import Glibc
import JSONText
import Synchronization
import TestKit

/// `subnet bench simulation`: the ledger under seeded faults, as fast as this machine goes, every promise checked.
enum SimulationBenchCommand {
  static let seeds = Option("seeds", .integer(UInt64(1)...10_000_000), default: 100, purpose: "Runs, each with a seed.")
  static let firstSeed = Option<UInt64?>(
    optional: "first-seed", .integer(0...UInt64(1) << 62), purpose: "Where the seeds begin; anywhere by default.")
  static let blocks = Option("blocks", .integer(UInt64(1)...100_000), default: 60, purpose: "Blocks of each run.")
  static let messages = Option(
    "messages", .integer(1...10_000), default: 5, purpose: "Messages that clients send for each block, about.")
  static let table = CommandDescription(
    "simulation", purpose: "Run ledger, pool and log under seeded faults; exit code 1 when a promise did not hold.",
    options: [seeds, firstSeed, blocks, messages, YumaTable.json],
    example: "subnet bench simulation --seeds 2000")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let first = arguments[firstSeed] ?? UInt64.random(in: 0...1 << 40)
    var run = SeedRun(seeds: first..<first + arguments[seeds])
    run.blocks = arguments[blocks]
    run.messagesPerBlock = arguments[messages]
    run.threads = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    let line = Mutex(ProgressLine("seed", of: arguments[seeds]))
    let result = await run.run { done in line.withLock { $0.show(UInt64(done)) } }
    line.withLock { $0.clear() }
    Terminal.standardOutput.write((arguments[YumaTable.json] ? result.json.compactText : result.text) + "\n")
    return result.failures.isEmpty ? .done : .failed
  }
}
