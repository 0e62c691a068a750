import Daemon
import Glibc
import JSONText
import Keys
import Ledger
import Localnet
import Neurons
import Primitives
import Testing
import Transport
import ZeroMQTransport

/// A folder for one test, gone with its last reference.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/chain-process.XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { try? removeTree(path) }
}

/// A number of a nightly run from the environment, or that of every run.
func figure(_ name: String, _ preset: Int) -> Int { processEnvironment()[name].flatMap { Int($0) } ?? preset }

/// What `TORTURE_CHAIN` names, or the executable beside the tests.
private let chainUnderTorture = processEnvironment()["TORTURE_CHAIN"] ?? "\(folderOfThisProgram())/chain"

/// The `chain` executable, run as an operator would.
struct ChainRun: Sendable {
  let child: ChildProcess

  static func start(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:], shell: String? = nil
  ) async throws -> ChainRun {
    // A nightly run may kill an optimised build; faults by environment need the one beside the tests.
    let chain = environment.isEmpty ? chainUnderTorture : "\(folderOfThisProgram())/chain"
    var variables = ["HOME": folder.path, "TMPDIR": folder.path, "SWIFT_BACKTRACE": "enable=no"]
    for (name, value) in environment { variables[name] = value }
    let words = arguments + ["--state", folder.path + "/state"].filter { _ in !arguments.contains("--state") }
    let command = ChildCommand(
      name: "chain", executable: shell == nil ? chain : "/bin/sh",
      arguments: shell.map { ["-c", "\($0); exec \"$@\"", "sh", chain] + words } ?? words, environment: variables,
      logPath: folder.path + "/stderr", readsLines: true)
    return ChainRun(child: try await ChildProcess.start(command))
  }

  struct Outcome: Sendable {
    let status: Daemon.ExitStatus
    let lines: [String]
    let errors: String

    var json: JSONValue { get throws { try JSONValue(parsing: try #require(lines.last, "\(status): \(errors)")) } }
  }

  /// Runs to the end; one that does not end in time is stopped, and the test fails.
  static func finish(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:],
    within limit: Duration = .seconds(600)
  ) async throws -> Outcome {
    try await start(arguments, in: folder, environment: environment).outcome(within: limit)
  }

  func outcome(within limit: Duration = .seconds(600)) async throws -> Outcome {
    let child = child
    let outcome = try await deadline(limit) { () -> Outcome in
      var lines: [String] = []
      for await line in child.lines { lines.append(line) }
      let status = try await child.ended()
      return Outcome(status: status, lines: lines, errors: child.logTail(lineLimit: 50).joined(separator: "\n"))
    }
    if outcome == nil { await child.stop(grace: .seconds(1)) }
    return try #require(outcome, "chain did not end within \(limit)")
  }
}

/// Runs work against the clock; nil when the time was up first.
func deadline<Value: Sendable>(
  _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
  try await withThrowingTaskGroup(of: Value?.self) { group in
    group.addTask { try await work() }
    group.addTask {
      try await Task.sleep(for: limit)
      return nil
    }
    defer { group.cancelAll() }
    return try await group.next() ?? nil
  }
}

/// A running node with a client of its own.
struct RunningChain: Sendable {
  let run: ChainRun
  let client: ChainClient
  private let node: ZeroMQNode

  /// Starts a node and waits until it does its work.
  static func start(
    _ arguments: [String] = ["--block-time", "20ms"], in folder: TemporaryFolder,
    environment: [String: String] = [:], shell: String? = nil
  ) async throws -> RunningChain {
    let words = ["--json", "--log-level", "error"] + arguments
    let run = try await ChainRun.start(words, in: folder, environment: environment, shell: shell)
    let child = run.child
    let line = try await deadline(.seconds(300)) { () -> ReadyLine? in
      for await line in child.lines { if let ready = ReadyLine(parsing: line) { return ready } }
      return nil
    }
    guard let ready = line ?? nil, let endpoint = ready[.endpoint].flatMap({ Endpoint($0) }) else {
      // Its output ends a moment before it does.
      let status = try await deadline(.seconds(60)) { try await child.ended() }
      await child.stop(grace: .zero)
      throw NotReady(status: status, log: child.logTail())
    }
    let node = try await ZeroMQNode.start(keys: .fresh())
    let authority = KeyPair.development(name: "authority").account
    let client = try ChainClient(
      of: ChainAddress(endpoint: endpoint, authority: authority), over: node,
      signingAs: .development(name: "Alice"),
      in: NodeSurroundings(log: Logger.standardError(name: "test", level: .error)), settings: patient)
    return RunningChain(run: run, client: client, node: node)
  }

  /// Nets for a machine on which everything takes long; who waits for a node that has ended is told of that.
  ///
  /// At 20 ms a block, the blocks that a signature lasts by default would be over in a few seconds.
  private static var patient: ChainClientSettings {
    var settings = ChainClientSettings()
    settings.queryDeadline = .seconds(300)
    settings.attemptDeadline = .seconds(30)
    settings.inclusionDeadline = .seconds(300)
    settings.mortality = TransactionLimits.periods.upperBound
    return settings
  }

  /// How it ended, after a signal or by itself.
  @discardableResult
  func end(_ signal: Int32? = nil) async throws -> ChainRun.Outcome {
    if let signal { run.child.send(signal) }
    let outcome = try await run.outcome()
    await node.close()
    return outcome
  }
}

extension RunningChain {
  /// What the work answers; nil when the node has ended instead, after however long the machine takes for that.
  func unlessItEnds<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value? {
    let child = run.child
    return try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask {
        do { return try await work() } catch let error as ChainClientError {
          // An answer that never came is what a node that ends leaves.
          guard try await deadline(.seconds(300), { try await child.ended() }) != nil else { throw error }
          return nil
        }
      }
      group.addTask {
        _ = try await child.ended()
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }
}

/// A node that ended, or was stopped, before it was ready.
struct NotReady: Error, CustomStringConvertible {
  /// Nil when it did not end by itself.
  let status: Daemon.ExitStatus?
  let log: [String]

  var description: String { "no ready line: \(String(describing: status)) \(log)" }
}

extension TransportKeyPair {
  fileprivate static func fresh() -> TransportKeyPair {
    let pair = CurveKeyPair.generate()
    let keys = pair.withSecret { TransportKeyPair(publicKey: TransportKey(pair.publicKey.key), secretBytes: Array($0)) }
    guard let keys else { preconditionFailure("an X25519 secret has 32 bytes") }
    return keys
  }
}
