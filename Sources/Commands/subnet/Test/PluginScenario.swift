import Daemon
import Localnet
import Plugins
import Scenarios
import SubnetKit
import TestKit

/// A scenario in the simulated world whose mechanism is a program of its own, which virtual time waits for.
struct PluginScenario: Sendable {
  private let scenario: Scenario
  private let program: AuthorProgram
  /// What the programs and their attendants say.
  private let words = RecordedLog(lineLimit: 200)

  /// Lines of what the programs said that are shown of a scenario that failed.
  private static let shownLines = 12
  /// A call's real time: a machine that does much else is no reason for another verdict.
  private static let callTime: Duration = .seconds(60)

  init(_ scenario: Scenario, program: AuthorProgram) {
    self.scenario = scenario
    self.program = program
  }

  /// Builds the program, where a Swift package does, and runs the scenario with a process for each node.
  ///
  /// - Throws: `ProgramError`, `PluginError`, or what kept the network from coming up.
  func run() async throws -> (verdict: ScenarioVerdict, words: [String]) {
    let folder = try StateFolder.temporary()
    try await program.build(logIn: folder)
    try removeTree(folder.path)
    let verdict = try await onThread { try simulate() }
    return (verdict, verdict.hasPassed ? [] : words.lines.suffix(PluginScenario.shownLines))
  }

  private func simulate() throws -> ScenarioVerdict {
    let plugin = try Plugins.PluginProgram(program.path, arguments: program.arguments)
    var limits = PluginLimits()
    limits.callTime = PluginScenario.callTime
    var access = PluginAccess()
    access.hidden = processEnvironment()["HOME"].map { ["\($0)/.subnetkit"] } ?? []
    let log = Logger(name: "plugin", level: .info, form: .text, to: words)
    return try scenario.simulate { [limits, access] role, options in
      try HeldPlugin(starting: plugin, role: role, options: options, limits: limits, access: access, log: log).host
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
