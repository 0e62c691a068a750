import Daemon
import Keys
import Plugins
import Primitives
import SubnetKit
import Transport

/// The flags of a miner or validator executable, and what its mechanisms add to them.
struct NeuronOptions: Sendable {
  static let walletName = Option(
    "wallet.name", .text("NAME", expected: "a wallet's name, or //Name for an unsafe development key"),
    default: "default", purpose: "Wallet of the hotkey.")
  static let walletHotkey = Option(
    "wallet.hotkey", .text("NAME", expected: "a hotkey's name, or //Name for an unsafe development key"),
    default: "default", purpose: "Hotkey that signs.")
  static let walletPath = Option(
    optional: "wallet.path", .path, purpose: "Folder of the wallets; ~/.subnetkit/wallets without it.")
  static let passwordFile = Option(
    optional: "wallet.password-file", .path,
    purpose: "File whose first line opens a sealed hotkey; asked for at a terminal without it.")
  static let netuid = Option(required: "netuid", .integer(UInt16(0)...4095), purpose: "Subnet to work on.")
  static let options = Option(
    repeating: "option", .text("NAME=VALUE", expected: "name=value"), purpose: "Option of the mechanism.")
  static let chainEndpoint = Option(
    "chain.endpoint", endpointKind, default: .tcp(.loopback, port: 9944), purpose: "Where the chain answers.")
  static let chainKey = Option(
    required: "chain.key", accountKind, purpose: "Key of the chain's authority, as hex or SS58; replies must carry it.")
  static let chainGenesis = Option(
    optional: "chain.genesis", hashKind, purpose: "Genesis hash to insist on; the authority's word without it.")
  static let state = Option(
    optional: "state", .path, purpose: "Folder for what a validator must not forget; a miner keeps nothing.")
  static let status = Option(optional: "status", .path, purpose: "File for the node's status as JSON, always whole.")
  static let json = Option(flag: "json", purpose: "Write the ready line as JSON.")
  static let logLevel = Option("log.level", .name, default: LogLevel.info, purpose: "Least important lines to log.")
  static let dieWithParent = Option(
    flag: "die-with-parent", purpose: "End when the process that started this one has died.")

  static let linkFaults = Option(
    optional: "link-faults", .path,
    purpose: "File whose words cut or delay_ms=N hold for this node's messages while it is there; only for tests with "
      + "a development key.")

  static let axonIP = Option(
    "axon.ip", addressKind, default: .loopback, purpose: "Address to listen on, and to publish unless told otherwise.")
  static let axonExternalIP = Option(optional: "axon.external-ip", addressKind, purpose: "Address to publish.")
  static let axonPort = Option(
    "axon.port", .integer(UInt16(0)...65535), default: 0, purpose: "Port to listen on; 0 lets the kernel choose.")
  static let axonConcurrency = Option(
    "axon.concurrency", .integer(1...1024), default: AxonSettings().concurrencyLimit,
    purpose: "Requests worked on at one time.")
  static let axonQueue = Option(
    "axon.queue", .integer(0...4096), default: AxonSettings().queueLimit,
    purpose: "Requests that wait for a place; the lowest stake is told to come back.")
  static let axonDeny = Option(
    repeating: "axon.deny", accountKind, purpose: "Hotkey that is never answered, as hex or SS58.")
  static let axonMinimumStake = Option(
    "axon.min-stake", amountKind, default: .zero, purpose: "Stake weight in TAO that a caller must have.")
  static let axonPermit = Option(
    flag: "axon.require-permit", purpose: "Answer only callers with a validator permit.")

  static let seed = Option(
    optional: "seed", .integer(UInt64.min...UInt64.max), purpose: "Decides tasks and samples; random without it.")
  static let timeout = Option(
    optional: "timeout", .duration(.milliseconds(100) ... .seconds(300)),
    purpose: "Time a miner has for its answer; the mechanism's own without it.")
  static let sample = Option(
    optional: "sample", .integer(1...Sampling.ceiling),
    purpose: "Miners asked in one round at most; the mechanism's own number without it.")
  static let roundInterval = Option(
    "round-interval", .duration(.milliseconds(50) ... .seconds(3600)), default: .milliseconds(500),
    purpose: "Time between rounds at least; never less than the block time.")

  static let plugin = Option(
    optional: "plugin", .path,
    purpose: "Program that is the mechanism, in any language, in place of --subnet; its arguments follow --.")

  /// How the node works; only with a development key.
  let behaviour: Option<Behaviour>
  /// Which mechanism of the catalogue runs; the first one unless told otherwise.
  let subnet: Option<String>
  /// Each option of a mechanism as a flag of its own, where its name is free.
  let shorthands: [(name: String, option: Option<String?>)]
  let role: MechanismRole
  let catalogue: MechanismCatalogue

  init(_ role: MechanismRole, _ catalogue: MechanismCatalogue) {
    self.role = role
    self.catalogue = catalogue
    subnet = Option(
      "subnet", .choice(catalogue.names), default: catalogue.names.first ?? "", purpose: "Mechanism of the subnet.")
    behaviour = NeuronOptions.behaviour(of: role)
    let taken = Set(NeuronOptions.fixed(role).map(\.row.name) + ["subnet", "plugin", "behaviour", "help"])
    var names: [String] = []
    for mechanism in catalogue.names {
      for name in (try? catalogue.type(named: mechanism).options.names) ?? []
      where !taken.contains(name) && !names.contains(name) {
        names.append(name)
      }
    }
    shorthands = names.map { name in
      (name, Option(optional: name, .text("VALUE", expected: "a value"), purpose: "Short for --option \(name)=VALUE."))
    }
  }

  /// The whole table of the executable.
  var table: CommandDescription {
    let flags = role == .miner ? "--wallet.hotkey //miner" : "--wallet.hotkey //validator"
    return CommandDescription(
      role.rawValue,
      purpose: role == .miner
        ? "Answers the tasks of a subnet's validators." : "Sets tasks for a subnet's miners and rates their answers.",
      options: NeuronOptions.fixed(role) + [behaviour, subnet] + shorthands.map(\.option) + [NeuronOptions.plugin]
        + PluginOptions.all,
      positionals: [
        .init("ARG", purpose: "Argument of the plugin, after --.", isRequired: false, isRepeating: true)
      ],
      example: "\(role.rawValue) --netuid 1 \(flags) --chain.key 5Grw... --subnet \(catalogue.names.first ?? "NAME")")
  }

  /// The mechanism's arguments, in the form that its table reads; what it does not know it refuses there.
  func mechanismArguments(_ arguments: ParsedArguments) -> [String] {
    arguments[NeuronOptions.options]
      + shorthands.compactMap { name, option in arguments[option].map { "\(name)=\($0)" } }
  }

  private static func fixed(_ role: MechanismRole) -> [any DescribedOption] {
    let common: [any DescribedOption] = [
      netuid, walletName, walletHotkey, walletPath, passwordFile, options, chainEndpoint, chainKey, chainGenesis, state,
      status, json, logLevel, dieWithParent, linkFaults, seed,
    ]
    switch role {
    case .miner:
      return common + [
        axonIP, axonExternalIP, axonPort, axonConcurrency, axonQueue, axonPermit, axonMinimumStake, axonDeny,
      ]
    case .validator: return common + [timeout, sample, roundInterval]
    }
  }

  private static func behaviour(of role: MechanismRole) -> Option<Behaviour> {
    let kinds = Behaviour.Kind.allCases.compactMap { kind in
      kind.summary(of: role).map { (name: kind.rawValue, summary: $0) }
    }
    let names = kinds.map(\.name).joined(separator: ", ")
    return Option(
      "behaviour",
      ValueKind(
        placeholder: "NAME", expected: "one of \(names), with what belongs to it after a colon",
        parse: { Behaviour(text: $0, role: role) }, show: { $0.description }),
      default: .honest,
      purpose: "UNSAFE, only for tests with a development key: "
        + kinds.map { "\($0.name) \($0.summary)" }.joined(separator: "; ") + ".")
  }

  private static let endpointKind = ValueKind<Endpoint>(
    placeholder: "tcp://IP:PORT", expected: "an endpoint such as tcp://127.0.0.1:9944",
    parse: { text in Endpoint(text).flatMap { ($0.port ?? 0) == 0 ? nil : $0 } }, show: { $0.description })
  private static let accountKind = ValueKind<AccountID>(
    placeholder: "KEY", expected: "64 hexadecimal digits or an SS58 address", parse: { ChainAddress.account($0) },
    show: { $0.address })
  private static let hashKind = ValueKind<Hash256>(
    placeholder: "HASH", expected: "64 hexadecimal digits", parse: { Bytes32(hex: $0).map { Hash256($0) } },
    show: { $0.description })
  private static let amountKind = ValueKind<Rao>(
    placeholder: "TAO", expected: "an amount such as 1.5 or 1500rao", parse: { Rao(tao: $0) },
    show: { $0.description })
  private static let addressKind = ValueKind<IPAddress>(
    placeholder: "IP", expected: "a numeric IPv4 or IPv6 address", parse: { IPAddress($0) }, show: { $0.description })
}
