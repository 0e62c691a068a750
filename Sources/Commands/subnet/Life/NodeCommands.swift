import Daemon
import JSONText
import Localnet

/// `subnet kill`, `restart`, `pause`, `resume`, `disconnect`, `reconnect`, `delay` and `scale`: a running network's nodes.
enum NodeCommands {
  static let json = Option(flag: "json", purpose: "One JSON list of the nodes as they are then.")
  static let delayPurpose = "How much longer each message takes each way, such as 200ms; 0s ends it."

  static let tables: [CommandDescription] =
    ControlRequest.Action.allCases.map { action in
      CommandDescription(
        action.rawValue, purpose: purpose(of: action), options: NetworkOptions.all + [json],
        positionals: [.init("NODE", purpose: "A node's name, such as miner-2.", isRepeating: true)],
        example: "subnet \(action.rawValue) miner-2")
    } + [
      CommandDescription(
        "delay", purpose: "Make each message to or from nodes take longer.", options: NetworkOptions.all + [json],
        positionals: [
          .init("DURATION", purpose: delayPurpose),
          .init("NODE", purpose: "A node's name, such as miner-2.", isRepeating: true),
        ], example: "subnet delay 300ms miner-2"),
      CommandDescription(
        "scale", purpose: "Make so many miners or validators run: start and register new ones, or stop the last.",
        options: NetworkOptions.all + [json],
        positionals: [
          .init("ROLE", purpose: "miner or validator."),
          .init("COUNT", purpose: "How many, from 0 to \(LocalnetPlan.neuronLimit)."),
        ], example: "subnet scale miner 8"),
    ]

  private static func purpose(of action: ControlRequest.Action) -> String {
    switch action {
    case .kill: "Kill nodes with SIGKILL, as a power cut would."
    case .restart: "Stop nodes if they run, and start them with their memory."
    case .pause: "Let nodes stand still, as machines without time for them would."
    case .resume: "Let paused nodes go on."
    case .disconnect: "Let no message pass to or from nodes; they go on by themselves."
    case .reconnect: "Let messages pass again."
    }
  }

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let request = try request(arguments)
    let network = try NetworkOptions.network(arguments)
    let nodes = try await network.ask(request).member("nodes").elements()
    let text =
      arguments[json]
      ? JSONValue.list(nodes).compactText : NetworkStatusText.table(nodes).joined(separator: "\n")
    Terminal.standardOutput.write(text + "\n")
    return .done
  }

  private static func request(_ arguments: ParsedArguments) throws -> ControlRequest {
    let words = arguments.positionals
    switch arguments.command.last {
    case "scale":
      guard let role = NodeRole(rawValue: words[0]), role != .chain else {
        throw CommandMistake("ROLE is \"\(escapedText(words[0], limit: 80))\": expected miner or validator")
      }
      guard let count = Int(words[1]), (0...LocalnetPlan.neuronLimit).contains(count) else {
        throw CommandMistake(
          "COUNT is \"\(escapedText(words[1], limit: 80))\": expected a whole number from 0 to "
            + "\(LocalnetPlan.neuronLimit)")
      }
      return .scale(role, to: count)
    case "delay":
      // Nobody should have to remember which comes first: a duration is no node's name.
      let durations = words.filter { Duration(text: $0) != nil }
      guard let delay = durations.first.flatMap(Duration.init(text:)), delay <= ControlRequest.delayLimit,
        durations.count == 1, words.count > 1
      else {
        throw CommandMistake(
          "expected one duration from 0s to \(ControlRequest.delayLimit.text), such as 300ms, and names of nodes; found "
            + "\"\(escapedText(words.joined(separator: " "), limit: 80))\"")
      }
      return .delay(try nodes(words.filter { Duration(text: $0) == nil }), by: delay)
    case let word:
      guard let action = word.flatMap(ControlRequest.Action.init) else {
        preconditionFailure("each table of this command has an action")
      }
      return .act(action, try nodes(words))
    }
  }

  private static func nodes(_ words: [String]) throws -> [NodeName] {
    try words.map { word in
      guard let name = NodeName(word) else {
        throw CommandMistake(
          "\"\(escapedText(word, limit: 80))\" is no node: expected chain, validator-1, miner-1 and so on; 'subnet "
            + "status' lists them")
      }
      return name
    }
  }
}
