import ChainNode
import Daemon
import Glibc
import Keys
import Transport
import Wallets

/// The options of `chain`, and the parts of the start that they decide.
enum ChainOptions {
  static let state = Option(
    optional: "state", .path, purpose: "Folder of the blocks; without it ~/.subnetkit/chain-PROFILE.")
  static let profile = Option("profile", .name, default: ChainProfile.local, purpose: "Parameters of a new chain.")
  static let genesis = Option(
    optional: "genesis", .path, purpose: "JSON file of the genesis; without it the profile's own.")
  static let listen = Option(
    "listen", endpointKind, default: .anyLoopbackPort, purpose: "Where requests are answered; port 0 takes a free one.")
  static let endpoint = Option(optional: "endpoint", endpointKind, purpose: "The same as --listen, and before it.")
  static let blockTime = Option(
    optional: "block-time", blockTimeKind,
    purpose: "Time between blocks; instant: when an extrinsic waits; without it the genesis decides.")
  static let authority = Option(
    optional: "authority", .text("KEY", expected: "//name or WALLET/HOTKEY"),
    purpose: "Key that signs blocks: //name for a development key (unsafe) or WALLET/HOTKEY of ~/.subnetkit/wallets; "
      + "without it //authority in the local profile.")
  static let logLevel = Option("log-level", .name, default: LogLevel.info, purpose: "Least level of lines on stderr.")
  static let json = Option(flag: "json", purpose: "Print the ready line as JSON.")

  private static let endpointKind = ValueKind<Endpoint>(
    placeholder: "ENDPOINT", expected: "an endpoint such as tcp://127.0.0.1:9944",
    parse: { text in Endpoint(text).flatMap { $0.port == nil ? nil : $0 } }, show: { $0.description })

  private static let blockTimeKind = ValueKind<BlockTime>(
    placeholder: "DURATION|instant|manual", expected: "a duration such as 250ms or 12s, instant, or manual",
    parse: { text in
      switch text {
      case "instant": .instant
      case "manual": .manual
      default:
        Duration(text: text).flatMap { (Duration.milliseconds(1)...(.seconds(3600))).contains($0) ? .every($0) : nil }
      }
    },
    show: { time in
      switch time {
      case .instant: "instant"
      case .manual: "manual"
      case .every(let duration): duration.text
      }
    })

  static func listenEndpoint(of arguments: ParsedArguments) -> Endpoint {
    arguments[endpoint] ?? arguments[listen]
  }

  static func stateFolder(of arguments: ParsedArguments) -> String {
    if let folder = arguments[state] { return folder }
    return (processEnvironment()["HOME"] ?? ".") + "/.subnetkit/chain-" + arguments[profile].rawValue
  }

  static func key(of arguments: ParsedArguments) throws -> KeyPair {
    guard let text = arguments[authority] else {
      guard arguments[profile] == .local else { throw AuthorityError.missing }
      return .development(name: "authority")
    }
    if let pair = KeyPair(developmentReference: text) { return pair }
    let words = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 2 else { throw AuthorityError.notAKey(text) }
    return try WalletStore(home: processEnvironment()["HOME"]).hotkey(words[1], of: words[0])
  }

  /// The genesis of a chain that was started before, without opening the node's own key where a file says all.
  static func genesis(ofKeptChain arguments: ParsedArguments) throws -> ChainGenesis {
    if arguments[genesis] != nil, arguments[authority] == nil {
      return try genesis(of: arguments, key: .development(name: "authority"))
    }
    return try genesis(of: arguments, key: key(of: arguments))
  }

  static func genesis(of arguments: ParsedArguments, key: KeyPair) throws -> ChainGenesis {
    guard let path = arguments[genesis] else { return ChainGenesis(arguments[profile], authority: key.account) }
    return try GenesisFile.read(path, nodeKey: key.account)
  }
}

/// The pid, for whoever supervises this process.
func processID() -> Int32 { getpid() }

/// Why there is no key to sign blocks with.
private enum AuthorityError: ExitCoding, CustomStringConvertible {
  case missing
  case notAKey(String)

  var exitCode: ExitCode { .usage }

  var description: String {
    switch self {
    case .missing: "the main profile needs --authority: a hotkey as WALLET/HOTKEY"
    case .notAKey(let text): "--authority is \"\(text)\": expected //name or WALLET/HOTKEY"
    }
  }
}
