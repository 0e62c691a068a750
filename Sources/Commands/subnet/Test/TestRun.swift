import Daemon
import ExampleSubnets
import JSONText
import Localnet
import Plugins
import Scenarios
import SubnetKit
import TestKit
import Transport
import ZeroMQTransport

/// Runs the scenarios of `subnet test` one after another and says what came of each.
struct TestRun: Sendable {
  let arguments: ParsedArguments
  let signals: AsyncStream<Int32>

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let run = TestRun(arguments: arguments, signals: ProcessSignals.stops(grace: LocalNetwork.stopGrace * 3))
    if let path = arguments[TestCommand.junit] { try GivenFile(path, for: "--junit").checkWritable() }
    // All files are read before the first is run.
    var scenarios: [Scenario] = []
    for file in try TestCommand.files(arguments.positionals) {
      var scenario = try Scenario(file: file)
      if let seed = arguments[TestCommand.seed] { scenario.network.seed = seed }
      scenarios.append(scenario)
    }
    guard
      !arguments[TestCommand.keep]
        || (scenarios.count == 1 && TestCommand.world(arguments) == .process)
    else {
      throw CommandMistake("--keep is for one file in the process world")
    }
    return try await run.stoppable(scenarios)
  }

  /// Everything, until it is done or a signal asks for the end.
  private func stoppable(_ scenarios: [Scenario]) async throws -> ExitCode {
    try await withThrowingTaskGroup(of: ExitCode?.self) { group in
      group.addTask { try await runAll(scenarios) }
      // A kept network waits for the signal itself.
      if !arguments[TestCommand.keep] {
        group.addTask {
          for await _ in signals { return .failed }
          return nil
        }
      }
      defer { group.cancelAll() }
      while let code = try await group.next() {
        if let code { return code }
      }
      return .failed
    }
  }

  private func runAll(_ scenarios: [Scenario]) async throws -> ExitCode {
    var verdicts: [ScenarioVerdict] = []
    for scenario in scenarios {
      let verdict: ScenarioVerdict
      do {
        verdict = try await self.verdict(of: scenario)
      } catch let error as CancellationError {
        throw error
      } catch let error as WorldFailure {
        throw Untestable(scenario: scenario, reason: error.description)
      } catch let error as MechanismError {
        throw Untestable(scenario: scenario, reason: error.description)
      } catch let error as PluginError {
        throw Untestable(scenario: scenario, reason: error.description)
      } catch let error as ProgramError {
        throw Untestable(scenario: scenario, reason: error.description)
      }
      verdicts.append(verdict)
      try writeReport(verdicts)
    }
    if verdicts.count > 1, !arguments[TestCommand.json] {
      let passed = verdicts.count { $0.hasPassed }
      Terminal.standardOutput.write("\(passed) of \(verdicts.count) scenarios passed\n")
    }
    return verdicts.allSatisfy(\.hasPassed) ? .done : .failed
  }

  private func verdict(of scenario: Scenario) async throws -> ScenarioVerdict {
    switch TestCommand.world(arguments) {
    case .simulated:
      return try await simulated(scenario)
    case .process: return try await inProcesses(scenario)
    case .running:
      let network = try NetworkOptions.network(arguments)
      let verdict = try await withNode { node in
        let world = try RunningWorld(scenario, in: network.folder, over: node, log: log)
        return try await scenario.watch(world)
      }
      show(verdict)
      return verdict
    }
  }

  private func simulated(_ scenario: Scenario) async throws -> ScenarioVerdict {
    if let program = scenario.network.program {
      let (verdict, failures) = try await PluginScenario(scenario, program: program).run()
      show(verdict)
      if !failures.isEmpty, !arguments[TestCommand.json] {
        Terminal.standardOutput.write("  what failed:\n" + failures.map { "    \($0)\n" }.joined())
      }
      return verdict
    }
    let mechanism = try MechanismCatalogue.examples.type(named: scenario.network.mechanismName)
    let verdict = try scenario.simulate { role, options in
      try await MechanismHost(mechanism, role: role, arguments: options)
    }
    show(verdict)
    return verdict
  }

  private func inProcesses(_ scenario: Scenario) async throws -> ScenarioVerdict {
    let place = try TestPlace(scenario, isKept: arguments[TestCommand.keep])
    try await scenario.network.program?.build(logIn: place.folder)
    let result: Result<ScenarioVerdict, any Error>
    do {
      result = .success(
        try await withNode { node in
          try await LocalNetwork.run(place.plan(of: scenario), over: node, log: log) { network in
            let verdict = try await scenario.run(in: network)
            show(verdict, place)
            if let claim = place.claim { try await keep(network, claim) }
            return verdict
          }
        })
    } catch {
      result = .failure(error)
    }
    if case .success(let verdict) = result, verdict.hasPassed, !arguments[TestCommand.keep] { try place.remove() }
    return try result.get()
  }

  /// Waits for a signal or `subnet stop`, and does what other commands ask for meanwhile.
  private func keep(_ network: LocalNetwork, _ claim: NetworkClaim) async throws {
    Terminal.standardOutput.write(
      "The network goes on as '\(claim.record.name)'. Look at it: subnet status --name \(claim.record.name), subnet view "
        + "--name \(claim.record.name), subnet logs --name \(claim.record.name). Ctrl-C here ends it.\n")
    let server = try LineServer(at: claim.folder.controlSocket)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { for await _ in signals { return } }
      group.addTask { try await ControlDesk(of: network, under: claim, on: server).run() }
      defer { group.cancelAll() }
      try await group.next()
    }
    await server.close()
  }

  private var log: Logger { Logger.standardError(name: "subnet", level: .error) }

  private func withNode<Result: Sendable>(_ body: (ZeroMQNode) async throws -> Result) async throws -> Result {
    let node = try await ZeroMQNode.start(keys: .fresh())
    do {
      let result = try await body(node)
      await node.close()
      return result
    } catch {
      await node.close()
      throw error
    }
  }

  // MARK: Saying

  private func show(_ verdict: ScenarioVerdict, _ place: TestPlace? = nil) {
    let output = Terminal.standardOutput
    guard !arguments[TestCommand.json] else {
      output.write(verdict.document.compactText + "\n")
      return
    }
    var lines = verdict.lines
    if let place, !verdict.hasPassed { lines.append("  logs: \(place.folder.path)/logs") }
    output.write(lines.joined(separator: "\n") + "\n")
  }

  private func writeReport(_ verdicts: [ScenarioVerdict]) throws {
    guard let path = arguments[TestCommand.junit] else { return }
    try AtomicFile(path, mode: 0o644).write(Array(junitDocument(of: verdicts).utf8))
  }
}

/// The network of a scenario could not be run, so nothing is known of what was expected of it.
struct Untestable: ExitCoding, CustomStringConvertible {
  let scenario: Scenario
  let reason: String

  var exitCode: ExitCode { .untestable }
  var description: String { "\(scenario.path): the network could not be run: \(reason)" }
}
