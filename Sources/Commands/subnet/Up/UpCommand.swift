import Daemon
import ExampleSubnets
import Localnet
import Primitives
import Scenarios
import SubnetKit

/// `subnet up`: its options, and the plan that they make.
enum UpCommand {
  static let subnet = Option(
    "subnet", .choice(MechanismCatalogue.examples.names), default: "text", purpose: "What the miners do.")
  static let plugin = Option<String?>(
    optional: "plugin", .path,
    purpose: "Program of your own that does the subnet's work, in any language; instead of --subnet. One that a Swift "
      + "package builds is built first.")
  static let watch = Option(
    flag: "watch",
    purpose: "Build and start again what changes: the plugin and its sources, or the miner and validator programs. "
      + "Errors are shown, and the network goes on.")
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
  static let name = Option<String?>(
    optional: "name", .text("NAME", expected: "1 to 64 of a-z, 0-9, _ and -"),
    purpose: "Name of the network, which other commands find it by; it goes on from where it stopped. Without it the "
      + "network is named after its subnet and begins anew.")
  static let state = Option<String?>(
    optional: "state", .path,
    purpose: "Folder for blocks, memories and logs instead of ~/.subnetkit/networks/NAME; other commands then need "
      + "--state too.")
  static let fresh = Option(flag: "fresh", purpose: "Begin anew where a network of this name or folder was before.")
  static let detach = Option(
    flag: "detach", letter: "d",
    purpose: "Return when the network is ready and leave it running; it then goes on when a node ends. 'subnet stop' "
      + "ends it.")
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
    "up",
    purpose:
      "Start a whole network on this machine: chain, validators, miners; that of ./\(NetworkFile.fileName) where "
      + "there is one. Ctrl-C stops it.",
    options: [
      name, subnet, plugin, validators, miners, blockTime, tempo, seed, detach, watch, fresh, state, epochs, report,
      corpus, option,
      json,
    ],
    example: "subnet up --subnet text --validators 2 --miners 4 --epochs 3 --report report.json")

  /// What runs where the command line names no mechanism: the network file of the current folder, if there is one.
  static func networkFile(_ arguments: ParsedArguments) throws -> NetworkFile? {
    guard !arguments.isGiven(subnet), !arguments.isGiven(plugin) else { return nil }
    return try NetworkFile.find()
  }

  /// - Parameters:
  ///   - file: What the options do not say.
  ///   - executables: The folder of `chain`, `validator` and `miner`.
  ///   - folder: Of the network's state.
  static func plan(
    _ arguments: ParsedArguments, file: NetworkFile?, executables: String, folder: StateFolder
  ) throws -> LocalnetPlan {
    let program = try program(arguments, file: file)
    var plan =
      file.map { $0.network.plan(of: $0.groups, executables: executables, folder: folder) }
      ?? LocalnetPlan(subnet: program?.name ?? arguments[subnet], executables: executables, folder: folder)
    plan.plugin = program
    if file == nil || arguments.isGiven(validators) { plan.validatorCount = arguments[validators] }
    if file == nil || arguments.isGiven(miners) { plan.minerCount = arguments[miners] }
    if file == nil || arguments.isGiven(blockTime) { plan.blockTime = arguments[blockTime] }
    if file == nil || arguments.isGiven(tempo) { plan.tempo = arguments[tempo] }
    if let seed = arguments[seed] { plan.seed = seed }
    plan.corpus = arguments[corpus]
    plan.options += arguments[option]
    return plan
  }

  /// The author's program; nil for a mechanism that the executables know.
  static func program(_ arguments: ParsedArguments, file: NetworkFile?) throws -> AuthorProgram? {
    guard let path = arguments[plugin] else { return file?.network.program }
    guard !arguments.isGiven(subnet) else { throw CommandMistake("give --subnet or --plugin, not both") }
    return AuthorProgram(path)
  }
}

/// Where a network from `subnet up` lives, and what becomes of one that was there before.
struct UpPlace: Sendable {
  let name: String
  let folder: StateFolder
  /// Whether its user named it.
  let isKept: Bool
  let beginsAnew: Bool

  /// The variable in which a launcher in the background is told the name that was found for it.
  static let nameVariable = "SUBNETKIT_BACKGROUND_NAME"

  init(
    _ arguments: ParsedArguments, file: NetworkFile?, environment: [String: String] = processEnvironment()
  ) throws {
    let fresh = arguments[UpCommand.fresh]
    if let path = arguments[UpCommand.state] {
      guard arguments[UpCommand.name] == nil else { throw CommandMistake("give --state or --name, not both") }
      folder = StateFolder(existing: absolutePath(path))
      name = NetworkName(fitting: String(folder.path.split(separator: "/").last ?? "network")).text
      (isKept, beginsAnew) = (true, fresh)
    } else if let text = arguments[UpCommand.name] {
      guard let name = NetworkName(text) else { throw NetworkRefusal.badName(text) }
      folder = try NetworkHome(environment: environment).folder(of: name)
      self.name = name.text
      (isKept, beginsAnew) = (true, fresh)
    } else {
      let home = try NetworkHome(environment: environment)
      let work = try UpCommand.program(arguments, file: file)?.name ?? arguments[UpCommand.subnet]
      // A project has one network; of others there may be several, and nobody asked for a name.
      let given = environment[UpPlace.nameVariable].flatMap { NetworkName($0) } ?? file?.name
      let name = given ?? home.freeName(NetworkName(fitting: work))
      folder = home.folder(of: name)
      self.name = name.text
      (isKept, beginsAnew) = (false, true)
    }
  }

  /// Takes the folder for this process.
  func claim(for work: String) throws -> NetworkClaim {
    try NetworkClaim.take(folder, name: name, isKept: isKept, work: work, beginsAnew: beginsAnew)
  }
}
