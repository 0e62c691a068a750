import Daemon
import Localnet

/// The options that say which network on this machine a command means.
enum NetworkOptions {
  static let name = Option<String?>(
    optional: "name", .text("NAME", expected: "a network's name"),
    purpose: "Network on this machine; the only one that runs without it.")
  /// The same beside options that come from a message's fields, among which a `name` may be.
  static let network = Option<String?>(
    optional: "network", .text("NAME", expected: "a network's name"),
    purpose: "Network on this machine; the only one that runs without it.")
  static let state = Option<String?>(
    optional: "state", .path, purpose: "State folder of a network that 'subnet up --state' put elsewhere.")

  static let all: [any DescribedOption] = [name, state]

  /// The network that the options mean.
  ///
  /// - Parameter stoppedWillDo: Whether one that is stopped is found without its name too, when none runs.
  static func network(_ arguments: ParsedArguments, stoppedWillDo: Bool = false) throws -> KnownNetwork {
    let name = arguments.isListed(name) ? arguments[name] : arguments.isListed(network) ? arguments[network] : nil
    if let path = arguments[state] {
      guard name == nil else { throw CommandMistake("give --state or a network's name, not both") }
      let folder = StateFolder(existing: absolutePath(path))
      guard let record = folder.launcher else { throw LocalnetError.noNetwork(folder: folder.path) }
      return KnownNetwork(name: record.name, folder: folder)
    }
    let home = try NetworkHome()
    guard name == nil, stoppedWillDo, !home.networks.contains(where: \.isRunning) else {
      return try home.network(named: name)
    }
    let stopped = home.networks
    guard stopped.count == 1 else {
      throw stopped.isEmpty ? NetworkRefusal.noneRunning(stopped: []) : .severalStopped(stopped.map(\.name))
    }
    return stopped[0]
  }
}
