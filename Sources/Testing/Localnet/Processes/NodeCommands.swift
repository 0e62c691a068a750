package import Daemon
package import Neurons
import Glibc
import Keys

extension LocalnetPlan {
  /// The command line of the chain.
  ///
  /// - Parameter endpoint: Where it listened before, so that the others find it again; any free port without one.
  package func chainCommand(endpoint: String?) throws(LocalnetError) -> ChildCommand {
    try command(
      .chain,
      [
        "--profile", "local", "--block-time", blockTime.text, "--state", folder.state(of: .chain),
        "--endpoint", endpoint ?? "tcp://127.0.0.1:0", "--link-faults", folder.linkFaults(of: .chain),
      ])
  }

  /// The command line of a validator or miner.
  package func command(of neuron: PlannedNeuron, chain: ChainAddress) throws(LocalnetError) -> ChildCommand {
    var arguments = [
      "--netuid", "\(netuid)", "--wallet.name", neuron.account.reference,
      "--wallet.hotkey", neuron.hotkeyReference, "--wallet.path", folder.path + "/wallets",
      "--chain.endpoint", "\(chain.endpoint)",
      "--chain.key", "\(chain.authority)", "--state", folder.state(of: neuron.name),
      "--status", folder.status(of: neuron.name), "--link-faults", folder.linkFaults(of: neuron.name),
    ]
    arguments += plugin.map { ["--plugin", $0.path] } ?? ["--subnet", subnet]
    if let genesis = chain.genesis { arguments += ["--chain.genesis", "\(genesis)"] }
    if neuron.name.role == .validator, let seed {
      // Validators with one seed would ask the same questions.
      arguments += ["--seed", "\(seed &+ UInt64(neuron.name.number))"]
    }
    if neuron.name.role == .validator {
      if let taskDeadline { arguments += ["--timeout", taskDeadline.text] }
      if let roundInterval { arguments += ["--round-interval", roundInterval.text] }
    }
    if let behaviour = behaviours[neuron.name] { arguments += ["--behaviour", behaviour.description] }
    for option in mechanismOptions(of: neuron.name) { arguments += ["--option", option] }
    return try command(neuron.name, arguments, plugin: plugin?.arguments ?? [])
  }

  /// What the mechanism is told, as `name=value`.
  package func mechanismOptions(of node: NodeName) -> [String] {
    let own = nodeOptions[node] ?? []
    let ownNames = Set(own.map { $0.prefix { $0 != "=" } })
    var all = options.filter { !ownNames.contains($0.prefix { $0 != "=" }) } + own
    if let corpus { all.append("corpus=\(corpus)") }
    if let order = order(of: node) { all.append("k=\(order)") }
    return all
  }

  private func command(
    _ node: NodeName, _ arguments: [String], plugin words: [String] = []
  ) throws(LocalnetError) -> ChildCommand {
    let path = "\(executables)/\(node.role.rawValue)"
    guard access(path, X_OK) == 0 else { throw .missingExecutable(path) }
    // What the user's shell sets for one node would hold for all of them.
    let environment = processEnvironment().filter { !$0.key.hasPrefix("SUBNETKIT_") }
    return ChildCommand(
      name: node.description, executable: path,
      arguments: arguments + ["--json"] + (words.isEmpty ? [] : ["--"] + words), environment: environment,
      logPath: folder.log(of: node), readsLines: true)
  }
}

/// The program that runs, links resolved.
package func pathOfThisProgram() -> String {
  var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
  let count = bytes.withUnsafeMutableBytes { readlink("/proc/self/exe", $0.baseAddress!, $0.count) }
  return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
}

/// The folder of the program that runs, links resolved.
package func folderOfThisProgram() -> String {
  let path = pathOfThisProgram()
  return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
}
