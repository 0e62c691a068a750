import Daemon
import Localnet
import Scenarios

/// The options that say which network on this machine a command means.
enum NetworkOptions {
  static let name = Option<String?>(
    optional: "name", .text("NAME", expected: "a network's name"),
    purpose: "Network on this machine; without it that of the project in this folder, or the only one that runs.")
  /// The same beside options that come from a message's fields, among which a `name` may be.
  static let network = Option<String?>(
    optional: "network", .text("NAME", expected: "a network's name"),
    purpose: "Network on this machine; without it that of the project in this folder, or the only one that runs.")
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
    // In a project's folder its own network is meant, as soon as there is one.
    if name == nil, let own = try NetworkFile.find()?.name, home.networks.contains(where: { $0.name == own.text }) {
      return try home.network(named: own.text)
    }
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
