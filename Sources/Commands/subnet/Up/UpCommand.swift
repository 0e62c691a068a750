import Daemon
import Localnet
import Primitives

/// `subnet up`: its options, and the plan that they make.
enum UpCommand {
  static let subnet = Option(
    "subnet", .choice(["adder", "text", "storage", "compute", "forecast"]), default: "text",
    purpose: "What the miners do.")
  static let validators = Option(
    "validators", .integer(1...LocalnetPlan.neuronLimit), default: 2, purpose: "Validators to start.")
  static let miners = Option("miners", .integer(1...LocalnetPlan.neuronLimit), default: 4, purpose: "Miners to start.")
  static let blockTime = Option(
    "block-time", .duration(.milliseconds(50) ... .seconds(60)), default: .milliseconds(250),
    purpose: "Time between two blocks.")
  static let tempo = Option(
    "tempo", .integer(UInt16(2)...1000), default: 10, unit: "blocks", purpose: "Blocks between two epochs.")
  static let seed = Option<UInt64?>(
    optional: "seed", .integer(0...UInt64.max), purpose: "Makes the validators' tasks the same in every run.")
  static let state = Option<String?>(
    optional: "state", .path,
    purpose: "Folder for blocks, memories and logs; one that was used before goes on from there. A new one in TMPDIR "
      + "without it.")
  static let epochs = Option<Int?>(
    optional: "epochs", .integer(1...1_000_000), purpose: "Stop after so many epochs that paid miners.")
  static let report = Option<String?>(
    optional: "report", .path,
    purpose: "Write the report at the end, also after Ctrl-C: a JSON object with format_version, height, state_root, "
      + "issuance_rao and the supply that sums to it, neurons (keys, stake, incentive, dividends, emission totals, "
      + "tasks, k, score), epochs, ready_ms, first_weights_ms and first_settlement_ms.")
  static let corpus = Option<String?>(
    optional: "corpus", .path, purpose: "Folder of text files for the subnet text.")
  static let option = Option<[String]>(
    repeating: "option", .text("NAME=VALUE", expected: "name=value"),
    purpose: "Option of the mechanism, for every node.")
  static let json = Option(flag: "json", purpose: "One JSON object a line for each event, the report last.")

  static let table = CommandDescription(
    "up", purpose: "Start a whole network on this machine: chain, validators, miners. Ctrl-C stops it.",
    options: [
      subnet, validators, miners, blockTime, tempo, seed, state, epochs, report, corpus, option, json,
    ],
    example: "subnet up --subnet text --validators 2 --miners 4 --epochs 3 --report report.json")

  /// - Parameter executables: The folder of `chain`, `validator` and `miner`.
  static func plan(_ arguments: ParsedArguments, executables: String) throws -> LocalnetPlan {
    let folder: StateFolder
    if let path = arguments[state] {
      folder = try StateFolder(making: path)
    } else {
      folder = try StateFolder.temporary()
    }
    var plan = LocalnetPlan(subnet: arguments[subnet], executables: executables, folder: folder)
    plan.validatorCount = arguments[validators]
    plan.minerCount = arguments[miners]
    plan.blockTime = arguments[blockTime]
    plan.tempo = arguments[tempo]
    plan.seed = arguments[seed]
    plan.corpus = arguments[corpus]
    plan.options = arguments[option]
    return plan
  }
}
