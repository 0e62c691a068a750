package import Daemon
import Glibc
package import Keys
import Plugins
import Primitives
package import SubnetKit
package import Transport
import Wallets

/// Runs mechanisms as a miner or validator: the whole of an executable's `main.swift`, or one command of it.
///
/// ```swift
/// await NeuronCommand.run(.miner, mechanisms: .examples, over: .zeroMQ)
/// ```
///
/// An author's own executable starts with `SubnetMain` instead, which chooses the transport.
package enum NeuronCommand {
  /// Parses the command line, runs the node until a signal ends it, and exits.
  ///
  /// - Parameter mechanisms: What `--subnet` chooses from; the first is the default.
  @MainActor
  package static func run(
    _ role: MechanismRole, mechanisms: MechanismCatalogue, over transport: TransportChoice
  ) async -> Never {
    prepareProcess()
    await runProgram(table(role, mechanisms: mechanisms)) { arguments in
      try await run(role, mechanisms: mechanisms, over: transport, arguments)
    }
  }

  /// The flags of a role, as a program of its own or as a sub-command of one.
  package static func table(_ role: MechanismRole, mechanisms: MechanismCatalogue) -> CommandDescription {
    NeuronOptions(role, mechanisms).table
  }

  /// Runs a node from arguments that were read by the role's `table`, until a signal ends it.
  package static func run(
    _ role: MechanismRole, mechanisms: MechanismCatalogue, over transport: TransportChoice,
    _ arguments: ParsedArguments
  ) async throws -> ExitCode {
    let options = NeuronOptions(role, mechanisms)
    return try await NeuronProgram(options: options, arguments: arguments, transport: transport).run()
  }

  /// What must be done before `runProgram`, by a program of which a node is a part.
  @MainActor
  package static func prepareProcess() {
    if CommandLine.arguments.contains("--" + NeuronOptions.dieWithParent.row.name) { adoptParent() }
  }

  /// Names the process that started this one as the one to die with, unless a launcher did so itself.
  ///
  /// `runProgram` ties the two, from the main thread and before any other, as the kernel wants it.
  private static func adoptParent() { setenv("SUBNETKIT_PARENT_PROCESS", String(getppid()), 0) }

  /// The help text, for snapshots.
  package static func help(_ role: MechanismRole, mechanisms: MechanismCatalogue) -> String {
    guard case .help(let text)? = try? table(role, mechanisms: mechanisms).parse(["--help"]) else { return "" }
    return text
  }
}

/// One run of the executable: keys, transport, mechanism, node, and its orderly end.
struct NeuronProgram: Sendable {
  let options: NeuronOptions
  let arguments: ParsedArguments
  let transport: TransportChoice

  func run() async throws -> ExitCode {
    let log = Logger.standardError(name: options.role.rawValue, level: arguments[NeuronOptions.logLevel])
    for origin in arguments.origins {
      log.debug("setting", [.option: .text(origin.name), .value: .text(origin.value), .source: .of(origin.source)])
    }
    let signals = ProcessSignals.stops()
    let key = try hotkey(log)
    guard arguments[options.behaviour].kind == .honest || key.developmentName != nil else {
      throw NeuronCommandError("--behaviour is for tests: it takes a development key such as //miner-1.")
    }
    let mechanism = try await mechanism(log)
    let result: Result<Ending, any Error>
    do {
      result = .success(try await run(mechanism.host, with: key, log, stopOn: signals))
    } catch {
      result = .failure(error)
    }
    await mechanism.plugin?.stop()
    switch try result.get() {
    case .signalled(let signal): log.info("ended by a signal", [.signal: .number(signal)])
    case .finished, .cancelled: log.info("ended")
    }
    return .done
  }

  /// This process's place on the network; with `--link-faults` behind a line that a test can cut.
  private func transportNode(for key: KeyPair) async throws -> any TransportNode {
    let faults = arguments[NeuronOptions.linkFaults]
    guard faults == nil || key.developmentName != nil else {
      throw NeuronCommandError("--link-faults is for tests: it takes a development key such as //miner-1.")
    }
    let node = try await transport.start(keys: TransportKeyPair(converting: key))
    guard let faults else { return node }
    return FaultyNode(node, clock: ContinuousClock()) {
      LinkFaults { try AtomicFile(faults).read(limit: LinkFaults.textByteLimit) }
    }
  }

  /// Runs the node until a signal or its own end; the transport is closed then.
  private func run(
    _ host: MechanismHost, with key: KeyPair, _ log: Logger, stopOn signals: AsyncStream<Int32>
  ) async throws -> Ending {
    let node = try await transportNode(for: key)
    do {
      let service = try service(key: key, host: host, node: node, in: NodeSurroundings(log: log))
      let ending = try await runServices([service], stopOn: signals)
      await node.close()
      return ending
    } catch {
      await node.close()
      throw error
    }
  }

  /// What the node runs: a mechanism of the catalogue, or a program of its own.
  private func mechanism(_ log: Logger) async throws -> (host: MechanismHost, plugin: Plugin?) {
    let given = options.mechanismArguments(arguments)
    guard let path = arguments[NeuronOptions.plugin] else {
      if let word = arguments.positionals.first {
        throw NeuronCommandError("The argument '\(word)' is for a plugin, and there is no --plugin.")
      }
      let host = try await options.catalogue.host(
        named: arguments[options.subnet], role: options.role, arguments: given)
      return (host, nil)
    }
    if arguments.isGiven(options.subnet) {
      throw NeuronCommandError("Give --subnet or --plugin, and not both.")
    }
    let plugin = try await Plugin.start(
      PluginProgram(path, arguments: arguments.positionals), role: options.role, options: given,
      limits: PluginOptions.limits(arguments), access: PluginOptions.access(arguments, hiding: try secrets()), log: log)
    return (plugin.host, plugin)
  }

  /// What no plugin may read, wherever it lies: wallets, the password, and what a validator keeps.
  private func secrets() throws -> [String] {
    let home = processEnvironment()["HOME"].map { $0 + "/.subnetkit" }
    let kept = [NeuronOptions.walletPath, NeuronOptions.passwordFile, NeuronOptions.state].map { arguments[$0] }
    return (kept + [home]).compactMap { $0 }
  }

  private func service(
    key: KeyPair, host: MechanismHost, node: any TransportNode, in surroundings: NodeSurroundings
  ) throws -> any Service {
    let chain = ChainAddress(
      endpoint: arguments[NeuronOptions.chainEndpoint], authority: arguments[NeuronOptions.chainKey],
      genesis: arguments[NeuronOptions.chainGenesis])
    let json = arguments[NeuronOptions.json]
    let status = arguments[NeuronOptions.status].map { StatusFile(.file($0), log: surroundings.log) }
    let announce: @Sendable (ReadyLine) -> Void = { $0.announce(json: json) }
    let parts = try NeuronParts(
      key: key, chain: chain, over: node, running: host, status: status, in: surroundings, onReady: announce)
    switch options.role {
    case .miner: return MinerNode(of: parts, settings: minerSettings)
    case .validator:
      return ValidatorNode(
        of: parts, settings: validatorSettings(in: surroundings), keeping: try stateStore(log: surroundings.log))
    }
  }

  private var minerSettings: MinerSettings {
    var settings = MinerSettings(netuid: NetUID(arguments[NeuronOptions.netuid]))
    settings.bindEndpoint = .tcp(arguments[NeuronOptions.axonIP], port: arguments[NeuronOptions.axonPort])
    settings.announcedAddress = arguments[NeuronOptions.axonExternalIP]
    settings.axon.concurrencyLimit = arguments[NeuronOptions.axonConcurrency]
    settings.axon.queueLimit = arguments[NeuronOptions.axonQueue]
    settings.axon.admission = Admission(
      denied: Set(arguments[NeuronOptions.axonDeny].map { Hotkey($0) }),
      permitRequired: arguments[NeuronOptions.axonPermit], minimumStake: arguments[NeuronOptions.axonMinimumStake])
    settings.behaviour = arguments[options.behaviour]
    return settings
  }

  private func validatorSettings(in surroundings: NodeSurroundings) -> ValidatorSettings {
    let seed = arguments[NeuronOptions.seed] ?? surroundings.random.number()
    surroundings.log.info("tasks follow from a seed", [.randomSeed: .number(seed)])
    var settings = ValidatorSettings(netuid: NetUID(arguments[NeuronOptions.netuid]), seed: seed)
    settings.taskDeadline = arguments[NeuronOptions.timeout]
    settings.sampleLimit = arguments[NeuronOptions.sample]
    settings.roundInterval = arguments[NeuronOptions.roundInterval]
    settings.behaviour = arguments[options.behaviour]
    return settings
  }

  /// The file of scores and promises in `--state`, or in the user's own folder.
  private func stateStore(log: Logger) throws -> StateStore {
    let folder: String
    if let given = arguments[NeuronOptions.state] {
      folder = given
    } else {
      guard let home = homeFolder() else {
        throw NeuronCommandError("There is no home folder to keep scores in; give --state DIR.")
      }
      folder = home + "/.subnetkit/validators/" + folderName
    }
    try makeFolders(folder)
    log.info("state folder", [.path: .text(folder)])
    return .file(folder + "/validator.state")
  }

  private var folderName: String {
    let hotkey = arguments[NeuronOptions.walletHotkey].filter { $0 != "/" }
    let wallet = arguments[NeuronOptions.walletName].filter { $0 != "/" }
    return "\(wallet)-\(hotkey)-\(arguments[NeuronOptions.netuid])"
  }

  private func hotkey(_ log: Logger) throws -> KeyPair {
    let store =
      if let root = arguments[NeuronOptions.walletPath] { WalletStore(root: root) } else {
        try WalletStore(home: homeFolder())
      }
    let key = try PasswordSource(file: arguments[NeuronOptions.passwordFile]).unlock { secret throws(WalletError) in
      try store.hotkey(
        arguments[NeuronOptions.walletHotkey], of: arguments[NeuronOptions.walletName], password: secret)
    }
    if let name = key.developmentName {
      log.warning(
        "UNSAFE: this is a development key that everybody can use", [.hotkey: .text("//\(name)")])
    }
    return key
  }
}

/// A setting that is missing or contradicts another.
struct NeuronCommandError: ExitCoding, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  var exitCode: ExitCode { .usage }
}

extension TransportKeyPair {
  /// The transport key of a node: its hotkey converted, so that whoever knows the hotkey can dial it.
  package init(converting key: KeyPair) {
    let pair = CurveKeyPair(converting: key)
    guard
      let converted = TransportKeyPair(
        publicKey: TransportKey(pair.publicKey.key), secretBytes: pair.withSecret { Array($0) })
    else { preconditionFailure("A converted key has 32 bytes.") }
    self = converted
  }
}
