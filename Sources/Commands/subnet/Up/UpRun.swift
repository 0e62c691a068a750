import Daemon
import JSONText
import Localnet
import Primitives
import ZeroMQTransport

/// Runs a network from `subnet up`: start, watch, show, and at the end the report.
struct UpRun: Sendable {
  let claim: NetworkClaim
  let plan: LocalnetPlan
  let epochs: Int?
  let reportPath: String?
  let form: UpOutput.Form
  let isWatching: Bool
  let signals: AsyncStream<Int32>

  private enum Step: Sendable {
    case ready
    /// By a signal or a command.
    case stopped
    case finished
  }

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let start = ContinuousClock.now
    // Known before the first process is started, since it would be of no use after the last.
    if let path = arguments[UpCommand.report] { try GivenFile(path, for: "--report").checkWritable() }
    let file = try UpCommand.networkFile(arguments)
    try UpCommand.program(arguments, file: file)?.checkIsProgram()
    let place = try UpPlace(arguments, file: file)
    let form: UpOutput.Form = arguments[UpCommand.json] ? .json : .text
    // The first build of a program may take minutes: whoever presses Ctrl-C then is heard too.
    let signals = ProcessSignals.stops(grace: LocalNetwork.stopGrace * 3)
    guard !arguments[UpCommand.detach] else {
      return try await BackgroundLaunch(place, program: UpCommand.program(arguments, file: file), form, signals).run()
    }
    let plan = try UpCommand.plan(
      arguments, file: file, executables: folderOfThisProgram(), folder: place.folder)
    let claim = try place.claim(for: plan.work)
    let run = UpRun(
      claim: claim, plan: plan, epochs: arguments[UpCommand.epochs], reportPath: arguments[UpCommand.report],
      form: form, isWatching: arguments[UpCommand.watch], signals: signals)
    try await run.launch(since: start)
    return .done
  }

  private func launch(since start: ContinuousClock.Instant) async throws {
    let server = try LineServer(at: plan.folder.controlSocket)
    let log = Logger.standardError(name: "subnet", level: .error)
    let result: Result<Void, any Error>
    do {
      let node = try await ZeroMQNode.start(keys: .fresh())
      do {
        try await LocalNetwork.run(plan, over: node, since: start, log: log) { try await conduct($0, server) }
        result = .success(())
      } catch {
        result = .failure(error)
      }
      await node.close()
    } catch {
      result = .failure(error)
    }
    await server.close()
    try result.get()
  }

  /// Everything between the first process and the last.
  private func conduct(_ network: LocalNetwork, _ server: LineServer) async throws {
    let output = UpOutput(network, KnownNetwork(name: claim.record.name, folder: claim.folder), form: form)
    await output.begin()
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      // Beside all else, and beside the report too, which may wait for what nobody has seen yet.
      group.addTask {
        _ = try await network.state.first { $0.record.times.ready == nil ? nil : true }
        try await network.watch()
      }
      group.addTask {
        guard let ending = try await live(network, server, output), ending == .finished || reportPath != nil else {
          return
        }
        try await report(network, output)
      }
      try await group.next()
    }
  }

  /// The network's life; returns how it ended, nil when it was never ready.
  private func live(_ network: LocalNetwork, _ server: LineServer, _ output: UpOutput) async throws -> Step? {
    try await withThrowingTaskGroup(of: Step.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        for await _ in signals { return .stopped }
        throw CancellationError()
      }
      group.addTask {
        try await ControlDesk(of: network, under: claim, on: server).run()
        return .stopped
      }
      group.addTask {
        try await UpOutput.build(plan.plugin, in: plan.folder, form)
        try await network.startAll()
        return .ready
      }
      guard try await group.next() == .ready else { return nil }
      if isWatching || BackgroundLaunch.isThisProcess { network.state.update { $0.outlivesNodes = true } }
      if isWatching {
        group.addTask {
          try await ProgramWatch(of: network, trying: tryPlugin) { await output.show($0) }.run()
          return .finished
        }
      }
      await output.showReady(network.state.state)
      group.addTask {
        try await show(network, output)
        return .finished
      }
      return try await group.next()
    }
  }

  /// Shows every change until enough epochs have settled; without a number of epochs it never returns.
  private func show(_ network: LocalNetwork, _ output: UpOutput) async throws {
    var height = BlockNumber.genesis
    while true {
      let last = height
      let state = try await network.state.first { state -> NetworkState? in
        try network.throwFailure(in: state)
        return state.record.height > last ? state : nil
      }
      await output.show(state)
      height = state.record.height
      if let epochs, state.record.settledEpochs.count >= epochs { return }
    }
  }

  private func report(_ network: LocalNetwork, _ output: UpOutput) async throws {
    let report = try await network.report()
    if let reportPath { try AtomicFile(reportPath, mode: 0o644).write(Array((report.document.prettyText + "\n").utf8)) }
    await output.finish(report, reportPath: reportPath)
    guard report.supply.sum == report.issuance.value else { throw UnbalancedBooks(report: report) }
  }
}

/// The chain's accounts do not sum to what it issued.
private struct UnbalancedBooks: ExitCoding, CustomStringConvertible {
  let report: RunReport
  var exitCode: ExitCode { .invariantBroken }
  var description: String {
    "at block \(report.height) the accounts sum to \(report.supply.sum) rao and the issuance is "
      + "\(report.issuance.value); keep the state folder and report this"
  }
}
