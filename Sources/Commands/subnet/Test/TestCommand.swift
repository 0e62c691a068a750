import Daemon
import Localnet
import Scenarios

/// `subnet test`: its options, and the files that it means.
enum TestCommand {
  static let world = Option<WorldKind?>(
    optional: "world", .name,
    purpose: "simulated: one process, virtual time, seconds; process: real processes on this machine; running: a "
      + "network that is up, named by --name or --state. Without it simulated, and process with --keep.")
  static let seed = Option<UInt64?>(
    optional: "seed", .integer(0...UInt64.max), purpose: "Instead of the file's: tasks, and in the simulated world all."
  )
  static let keep = Option(
    flag: "keep", purpose: "Leave the network of the process world up after the verdict, until Ctrl-C.")
  static let junit = Option<String?>(optional: "junit", .path, purpose: "Write a JUnit report to this file.")
  static let json = Option(flag: "json", purpose: "Print one JSON object a scenario.")

  static let table = CommandDescription(
    "test",
    purpose:
      "Test whole networks by scenario files. Exit 0: all as expected, 1: not, 64: bad file, 69: could not be run.",
    options: [world, seed, keep, junit] + NetworkOptions.all + [json],
    positionals: [
      .init(
        "FILE", purpose: "Scenario files; all *.json5 of ./Scenarios or of this folder without.", isRequired: false,
        isRepeating: true)
    ], example: "subnet test Tests/Scenarios/adder.json5 --world process")

  /// The world that scenarios run in: only one of processes can be kept.
  static func world(_ arguments: ParsedArguments) -> WorldKind {
    arguments[world] ?? (arguments[keep] ? .process : .simulated)
  }

  /// The files that a command line means, in order.
  static func files(_ positionals: [String]) throws -> [String] {
    guard positionals.isEmpty else { return positionals }
    for folder in ["Scenarios", "."] {
      let names = folderContents(folder).filter { $0.hasSuffix(".json5") && $0 != NetworkFile.fileName }.sorted()
      if !names.isEmpty { return names.map { folder == "." ? $0 : "\(folder)/\($0)" } }
    }
    throw CommandMistake("there is no *.json5 in ./Scenarios or in this folder; name a scenario file")
  }
}
