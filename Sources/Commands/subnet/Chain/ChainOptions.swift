import Daemon
import Keys
import Localnet
import Neurons
import Primitives
import Transport
import ZeroMQTransport

/// The options that say which chain a command talks to.
enum ChainOptions {
  static let endpoint = Option<Endpoint?>(
    optional: "chain.endpoint",
    ValueKind.text("ENDPOINT").map(
      expected: "an endpoint such as tcp://127.0.0.1:9944", { Endpoint($0) }, show: \.description),
    purpose: "Where the chain listens.")
  static let key = Option<AccountID?>(
    optional: "chain.key",
    ValueKind.text("KEY").map(
      expected: "64 hexadecimal digits or an address", ChainAddress.account, show: \.description),
    purpose: "The authority that signs the chain's answers.")
  static let genesis = Option<Hash256?>(
    optional: "chain.genesis",
    ValueKind.text("HASH").map(
      expected: "64 hexadecimal digits", { Bytes32(hex: $0).map { Hash256($0) } }, show: \.description),
    purpose: "The only genesis to accept; that of the chain that answers without it.")

  static let all: [any DescribedOption] = [NetworkOptions.name] + elsewhere
  /// The same for commands whose other options come from the fields of a message.
  static let besideFields: [any DescribedOption] = [NetworkOptions.network] + elsewhere
  private static let elsewhere: [any DescribedOption] = [NetworkOptions.state, endpoint, key, genesis]

  /// The chain that the options name.
  static func address(_ arguments: ParsedArguments) throws -> ChainAddress {
    if let endpoint = arguments[endpoint], let key = arguments[key] {
      return ChainAddress(endpoint: endpoint, authority: key, genesis: arguments[genesis])
    }
    guard arguments[endpoint] == nil, arguments[key] == nil else {
      throw CommandMistake("a chain elsewhere is named by --chain.endpoint and --chain.key together")
    }
    // The folder says it all, so that a chain is reached also when its launcher is of another release.
    if let path = arguments[NetworkOptions.state] { return try StateFolder(existing: path).address() }
    do {
      let network = try NetworkOptions.network(arguments)
      guard network.isRunning else { throw NetworkRefusal.notRunning(network) }
      return try network.folder.address()
    } catch let refusal as NetworkRefusal {
      throw ChainUnknown(refusal: refusal)
    }
  }

  /// Lends a client of that chain for the length of `body`.
  ///
  /// - Parameter key: Signs the requests; one that nobody knows without it.
  static func withClient<Result: Sendable>(
    _ arguments: ParsedArguments, signingAs key: KeyPair? = nil, _ body: (ChainClient) async throws -> Result
  ) async throws -> Result {
    let address = try address(arguments)
    let node = try await ZeroMQNode.start(keys: .fresh())
    do {
      let surroundings = NodeSurroundings(log: Logger.standardError(name: "subnet", level: .error))
      let client = try ChainClient(of: address, over: node, signingAs: key ?? .generate(), in: surroundings)
      let result = try await body(client)
      await node.close()
      return result
    } catch {
      await node.close()
      throw error
    }
  }
}

/// No network on this machine is the one that is meant.
private struct ChainUnknown: ExitCoding, CustomStringConvertible {
  let refusal: NetworkRefusal

  var exitCode: ExitCode { refusal.exitCode }
  var description: String {
    "\(refusal). A network elsewhere: --state with its folder, or --chain.endpoint and --chain.key"
  }
}

extension TransportKeyPair {
  /// A pair that nobody knows, for a client that needs no name.
  static func fresh() -> TransportKeyPair {
    let pair = CurveKeyPair.generate()
    let keys = pair.withSecret { TransportKeyPair(publicKey: TransportKey(pair.publicKey.key), secretBytes: Array($0)) }
    guard let keys else { preconditionFailure("an X25519 secret has 32 bytes") }
    return keys
  }
}
