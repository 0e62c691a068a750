import Benchmarks
import Daemon
import JSONText
import VectorFiles

/// `subnet yuma` and `subnet bench yuma` as entries of the command table.
enum YumaTable {
  static let check = Option(flag: "check", purpose: "Compare with the results in the file instead of printing.")
  static let json = Option(flag: "json", purpose: "One JSON document a line.")
  static let explain = Option<UInt16?>(
    optional: "explain", .integer(0...UInt16.max), purpose: "Tell in numbers why this uid got what it got.")
  static let yuma = CommandDescription(
    "yuma", purpose: "Settle epochs offline, from files of the vector format.", options: [check, explain, json],
    positionals: [.init("FILE", purpose: "A vector file, .json or .json.gz.", isRepeating: true)],
    example: "subnet yuma epoch.json --explain 3")

  static let runs = Option("runs", .integer(1...10_001), default: 41, purpose: "Runs of each size; the median counts.")
  static let benchYuma = CommandDescription(
    "yuma", purpose: "Measure how long an epoch takes, by size and mode.", options: [runs, json],
    example: "subnet bench yuma --runs 11")
  static let seconds = Option(
    "seconds", .integer(Int64(1)...600), default: 2, unit: "seconds", purpose: "Time for each row.")
  static let benchEconomy = CommandDescription(
    "economy", purpose: "Measure blocks, transfers and trades a second, without a network.", options: [seconds, json],
    example: "subnet bench economy")
  static let bench = CommandDescription(
    "bench", purpose: "Measure this machine.",
    commands: [benchYuma, benchEconomy, ChainBenchCommand.table, SimulationBenchCommand.table],
    example: "subnet bench yuma")

  static func run(_ arguments: ParsedArguments) -> ExitCode {
    let command = YumaCommand(
      files: arguments.positionals, check: arguments[check], json: arguments[json], explain: arguments[explain])
    let code = command.run(
      print: { Terminal.standardOutput.write($0) }, complain: { Terminal.standardError.write($0) })
    return ExitCode(rawValue: code) ?? .failed
  }

  static func runBench(_ arguments: ParsedArguments) async throws -> ExitCode {
    if arguments.command.last == ChainBenchCommand.table.name { return try await ChainBenchCommand.run(arguments) }
    if arguments.command.last == SimulationBenchCommand.table.name {
      return try await SimulationBenchCommand.run(arguments)
    }
    if arguments.command.last == benchEconomy.name {
      let rows = EconomyBenchmark.rows(budget: .seconds(arguments[seconds]))
      let text = arguments[json] ? EconomyBenchmark.json(rows).compactText + "\n" : EconomyBenchmark.table(rows)
      Terminal.standardOutput.write(text)
      return .done
    }
    let rows = try YumaBenchmark.rows(
      sizes: YumaBenchmark.Size.table, modes: YumaBenchmark.Mode.allCases, runs: arguments[runs])
    let text = arguments[json] ? YumaBenchmark.json(rows).compactText : YumaBenchmark.table(rows)
    Terminal.standardOutput.write(text + "\n")
    return .done
  }
}
