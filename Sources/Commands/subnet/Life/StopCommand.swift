import Daemon
import JSONText
import Localnet

/// `subnet stop`: ends running networks and waits until their launchers are gone.
enum StopCommand {
  static let everything = Option(flag: "all", purpose: "Every network that runs.")
  static let json = Option(flag: "json", purpose: "One JSON list of what was stopped.")
  static let table = CommandDescription(
    "stop", purpose: "Stop a network: its nodes, then its chain. Its folder stays.",
    options: NetworkOptions.all + [everything, json], example: "subnet stop")

  /// How long a launcher may take: its nodes have their grace to end, then its chain has.
  private static let limit: Duration = LocalNetwork.stopGrace * 4

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let networks =
      arguments[everything]
      ? try NetworkHome().networks.filter(\.isRunning) : [try NetworkOptions.network(arguments)]
    var stopped: [JSONValue] = []
    for network in networks {
      _ = try await network.ask(.stop)
      try await waitForEnd(of: network)
      stopped.append(.text(network.name))
      if !arguments[json] {
        Terminal.standardOutput.write(
          "Network \(network.name) is stopped. Go on: subnet up \(network.options); remove it: subnet clean "
            + "\(network.options)\n")
      }
    }
    if arguments[json] {
      Terminal.standardOutput.write(JSONValue.list(stopped).compactText + "\n")
    } else if networks.isEmpty {
      Terminal.standardOutput.write("No network runs.\n")
    }
    return .done
  }

  private static func waitForEnd(of network: KnownNetwork) async throws {
    let end = ContinuousClock.now + limit
    while network.isRunning {
      guard ContinuousClock.now < end else {
        throw NetworkRefusal.noAnswer(
          network.name, network.folder.launcher, reason: "it did not end within \(limit.text)")
      }
      // Nobody tells other processes that a lock is free.
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}

/// `subnet clean`: removes the folders of stopped networks.
enum CleanCommand {
  static let everything = Option(flag: "all", purpose: "Every network that is stopped.")
  static let json = Option(flag: "json", purpose: "One JSON list of what was removed.")
  static let table = CommandDescription(
    "clean", purpose: "Remove a stopped network: its blocks, memories and logs.",
    options: [
      Option<String?>(
        optional: NetworkOptions.name.row.name, .text("NAME", expected: "a network's name"),
        purpose: "Network on this machine; the only one that is stopped without it."), NetworkOptions.state, everything,
      json,
    ], example: "subnet clean --name text")

  static func run(_ arguments: ParsedArguments) throws -> ExitCode {
    let networks = try networks(arguments)
    for network in networks {
      try network.folder.remove()
      if !arguments[json] { Terminal.standardOutput.write("Network \(network.name) is removed.\n") }
    }
    if arguments[json] {
      Terminal.standardOutput.write(JSONValue.list(networks.map { .text($0.name) }).compactText + "\n")
    }
    return .done
  }

  private static func networks(_ arguments: ParsedArguments) throws -> [KnownNetwork] {
    if arguments[NetworkOptions.name] != nil || arguments[NetworkOptions.state] != nil {
      return [try NetworkOptions.network(arguments)]
    }
    let all = try NetworkHome().networks
    let stopped = all.filter { !$0.isRunning }
    guard !stopped.isEmpty else { throw NetworkRefusal.noneStopped(running: all.map(\.name)) }
    guard arguments[everything] || stopped.count == 1 else {
      throw NetworkRefusal.severalStopped(stopped.map(\.name))
    }
    return stopped
  }
}
