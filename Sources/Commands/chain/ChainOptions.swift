import ChainNode
import Daemon
import Glibc
import Keys
import Primitives
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
  static let blockBytes = Option(
    "block-bytes", .integer(64 << 10...5 << 20), default: BlockLimits().bytes,
    purpose: "Bytes of extrinsics that one block takes at most.")
  static let authority = Option(
    optional: "authority", .text("KEY", expected: "//name or WALLET/HOTKEY"),
    purpose: "Key that signs blocks: //name for a development key (unsafe) or WALLET/HOTKEY of ~/.subnetkit/wallets; "
      + "without it //authority in the local profile.")
  static let follow = Option(
    optional: "follow", endpointKind, purpose: "Follow the node there instead of making blocks; needs --follow-key.")
  static let followKey = Option(
    optional: "follow-key", .text("KEY", expected: "an address or 64 hexadecimal digits"),
    purpose: "Account of the followed node, which must be an authority of the chain.")
  static let fullHistory = Option(
    flag: "full-history",
    purpose: "A follower with an empty state folder fetches every block instead of starting at the newest snapshot.")
  static let metricsPort = Option(
    optional: "metrics-port", .integer(UInt16.min...UInt16.max),
    purpose: "Serve /metrics and /healthz over HTTP on 127.0.0.1; 0 takes a free port; without it they are not served.")
  static let linkFaults = Option<String?>(
    optional: "link-faults", .path,
    purpose: "File whose words cut or delay_ms=N hold for this node's messages while it is there; only for tests with "
      + "the local profile.")
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

  static func blockLimits(of arguments: ParsedArguments) -> BlockLimits {
    var limits = BlockLimits()
    limits.bytes = arguments[blockBytes]
    return limits
  }

  static func listenEndpoint(of arguments: ParsedArguments) -> Endpoint {
    arguments[endpoint] ?? arguments[listen]
  }

  static func stateFolder(of arguments: ParsedArguments) -> String {
    if let folder = arguments[state] { return folder }
    return (homeFolder() ?? ".") + "/.subnetkit/chain-" + arguments[profile].rawValue
  }

  /// - Parameter isFollower: Whether the key is only for speaking to the node that makes the blocks.
  static func key(of arguments: ParsedArguments, isFollower: Bool = false) throws -> KeyPair {
    guard let text = arguments[authority] else {
      if isFollower, arguments[profile] == .local { return .development(name: "follower") }
      guard arguments[profile] == .local else { throw AuthorityError.missing }
      return .development(name: "authority")
    }
    if let pair = KeyPair(developmentReference: text) { return pair }
    let words = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 2 else { throw AuthorityError.notAKey(text) }
    return try WalletStore(home: homeFolder()).hotkey(words[1], of: words[0])
  }

  /// The genesis of a chain that was started before, without opening the node's own key where a file says all.
  static func genesis(ofKeptChain arguments: ParsedArguments) throws -> ChainGenesis {
    if arguments[genesis] != nil, arguments[authority] == nil {
      return try genesis(of: arguments, authority: KeyPair.development(name: "authority").account)
    }
    return try genesis(of: arguments, authority: key(of: arguments).account)
  }

  /// - Parameter authority: Where neither file nor profile names one.
  static func genesis(of arguments: ParsedArguments, authority: AccountID) throws -> ChainGenesis {
    guard let path = arguments[genesis] else { return ChainGenesis(arguments[profile], authority: authority) }
    return try GenesisFile.read(path, nodeKey: authority)
  }
}

extension ChainOptions {
  /// The account that `--follow-key` names; nil for a node that makes blocks itself.
  static func followed(of arguments: ParsedArguments) throws -> (endpoint: Endpoint, account: AccountID)? {
    guard let endpoint = arguments[follow] else { return nil }
    let text = arguments[followKey] ?? ""
    let account = Bytes32(hex: text).map { AccountID($0) } ?? (try? AccountID(address: text))
    guard let account else { throw AuthorityError.notFollowable(text) }
    return (endpoint, account)
  }
}

/// The pid, for whoever supervises this process.
func processID() -> Int32 { getpid() }

/// Why there is no key to sign blocks with.
private enum AuthorityError: ExitCoding, CustomStringConvertible {
  case missing
  case notAKey(String)
  case notFollowable(String)

  var exitCode: ExitCode { .usage }

  var description: String {
    switch self {
    case .missing: "the main profile needs --authority: a hotkey as WALLET/HOTKEY"
    case .notFollowable(let text):
      "--follow-key is \"\(text)\": expected the address of the followed node, as its ready line has it"
    case .notAKey(let text): "--authority is \"\(text)\": expected //name or WALLET/HOTKEY"
    }
  }
}
