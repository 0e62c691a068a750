import Daemon
import Glibc
import JSONText
import Localnet
import Testing

/// A user's home with networks in the background, ended whatever way a test ends.
struct NetworkUser: Sendable {
  let folder: TemporaryFolder

  /// Runs a command line and expects it to succeed.
  ///
  /// - Returns: What it printed.
  @discardableResult
  func done(_ line: String) async throws -> String {
    let outcome = try await CommandRun.finish(line, in: folder)
    #expect(outcome.status == .exited(0), "\(line): \(outcome.errors)")
    return outcome.output
  }

  func document(_ line: String) async throws -> JSONValue { try JSONValue(parsing: await done(line + " --json")) }

  /// Runs a command line and expects a refusal.
  ///
  /// - Returns: What it said.
  func refusal(_ line: String, code: Int32 = 1) async throws -> String {
    let log = folder.path + "/stderr"
    try removeTree(log)
    let outcome = try await CommandRun.finish(line, in: folder)
    #expect(outcome.status == .exited(code), "\(line): \(outcome.output) \(outcome.errors)")
    return outcome.errors
  }

  /// A node as `subnet status` tells of it.
  func node(_ name: String, of network: String) async throws -> JSONValue {
    let nodes = try await document("subnet status --name \(network)").member("nodes").elements()
    return try #require(nodes.first { $0["name"] == .text(name) }, "\(name)")
  }

  /// Ends the launchers that are left; their nodes die with them.
  fileprivate func endAll() async throws {
    for network in try NetworkHome(environment: ["HOME": folder.path]).networks where network.isRunning {
      guard let pid = network.folder.launcher?.pid, let process = try? WatchedProcess(pid: pid) else { continue }
      kill(pid, SIGTERM)
      if await !process.ends(within: .seconds(30)) { kill(pid, SIGKILL) }
    }
  }
}

/// Runs a test with a home of its own and ends every network that it leaves there.
func withUser(_ body: @Sendable (NetworkUser) async throws -> Void) async throws {
  let user = NetworkUser(folder: try TemporaryFolder())
  do {
    try await body(user)
  } catch {
    try await user.endAll()
    throw error
  }
  try await user.endAll()
}

extension JSONValue {
  /// The processes of a `status` answer: its launcher, then its nodes.
  func allProcesses() throws -> [WatchedProcess] {
    let pids = try [member("launcher")] + member("nodes").elements().map { try $0.member("pid") }
    return try pids.map { try WatchedProcess(pid: $0.integer()) }
  }
}
