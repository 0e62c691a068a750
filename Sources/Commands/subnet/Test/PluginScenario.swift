import Daemon
import Localnet
import Plugins
import Scenarios
import SubnetKit
import Synchronization
import TestKit

/// A scenario in the simulated world whose mechanism is a program of its own, which virtual time waits for.
struct PluginScenario: Sendable {
  private let scenario: Scenario
  private let program: AuthorProgram
  /// Why calls failed, each reason once.
  private let failures = FailureList()

  /// Failures that are shown of a scenario that failed.
  private static let shownFailures = 8
  /// A call's real time: a machine that does much else is no reason for another verdict.
  private static let callTime: Duration = .seconds(60)

  init(_ scenario: Scenario, program: AuthorProgram) {
    self.scenario = scenario
    self.program = program
  }

  /// Builds the program, where a Swift package does, and runs the scenario with a process for each node.
  ///
  /// - Throws: `ProgramError`, `PluginError`, or what kept the network from coming up.
  func run() async throws -> (verdict: ScenarioVerdict, failures: [String]) {
    let folder = try StateFolder.temporary()
    try await program.build(logIn: folder)
    try removeTree(folder.path)
    let verdict = try await onThread { try simulate() }
    return (verdict, verdict.hasPassed ? [] : Array(failures.lines.prefix(PluginScenario.shownFailures)))
  }

  private func simulate() throws -> ScenarioVerdict {
    let plugin = try Plugins.PluginProgram(program.path, arguments: program.arguments)
    var limits = PluginLimits()
    limits.callTime = PluginScenario.callTime
    var access = PluginAccess()
    access.hidden = processEnvironment()["HOME"].map { ["\($0)/.subnetkit"] } ?? []
    let log = Logger(name: "plugin", level: .error, to: RecordedLog())
    return try scenario.simulate { [limits, access, failures] role, options in
      try HeldPlugin(
        starting: plugin, role: role, options: options, limits: limits, access: access, log: log,
        onFailure: { failures.add("\(role.rawValue): \($0)") }
      ).host
    }
  }

  /// A thread of its own, since it stands still while a program is at work.
  private func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      let isStarted = startThread("simulation") { continuation.resume(with: Result { try body() }) }
      if !isStarted { continuation.resume(throwing: CommandMistake("there is no thread for the simulation")) }
    }
  }
}

/// Sentences and how often each was said, in the order in which they came first.
private final class FailureList: Sendable {
  private struct State {
    var order: [String] = []
    var counts: [String: Int] = [:]
  }

  private let state = Mutex(State())

  /// Different sentences that are kept.
  private static let limit = 64

  func add(_ sentence: String) {
    state.withLock { state in
      if state.counts[sentence] == nil {
        guard state.order.count < FailureList.limit else { return }
        state.order.append(sentence)
      }
      state.counts[sentence, default: 0] += 1
    }
  }

  var lines: [String] {
    state.withLock { state in
      state.order.map {
        escapedText($0, limit: 600)
          + (state.counts[$0, default: 1] > 1 ? "  (\(state.counts[$0, default: 1]) times)" : "")
      }
    }
  }
}
