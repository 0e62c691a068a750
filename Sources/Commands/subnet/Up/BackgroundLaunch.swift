import Daemon
import JSONText
import Localnet

/// `subnet up --detach`: the same command once more as a process of its own, and a wait until its network is ready.
struct BackgroundLaunch: Sendable {
  private let place: UpPlace
  private let program: AuthorProgram?
  private let form: UpOutput.Form
  private let signals: AsyncStream<Int32>
  /// How long the network may take; its own limits are shorter.
  private static let limit: Duration = .seconds(600)
  /// Between two questions whether it is ready.
  private static let lookPause: Duration = .milliseconds(50)

  /// - Parameters:
  ///   - program: Built here, before the launcher is started: a first build takes longer than anybody waits for a network.
  ///   - signals: Ask for the end of it all.
  init(_ place: UpPlace, program: AuthorProgram?, _ form: UpOutput.Form, _ signals: AsyncStream<Int32>) {
    self.place = place
    self.program = program
    self.form = form
    self.signals = signals
  }

  /// Whether this process is a launcher in the background.
  static var isThisProcess: Bool { processEnvironment()[UpPlace.nameVariable] != nil }

  func run() async throws -> ExitCode {
    let network = KnownNetwork(name: place.name, folder: place.folder)
    let status = try await withThrowingTaskGroup(of: JSONValue.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        for await _ in signals { break }
        throw NetworkRefusal.refused("the start of network \(place.name) was given up on a signal", .failed)
      }
      group.addTask { try await launch(network) }
      guard let status = try await group.next() else { throw CancellationError() }
      return status
    }
    switch form {
    case .json: Terminal.standardOutput.write(status.compactText + "\n")
    case .text:
      let lines =
        NetworkStatusText(status).lines + [
          "It goes on in the background. Look at it: subnet status \(network.options); end it: subnet stop "
            + network.options
        ]
      Terminal.standardOutput.write(lines.joined(separator: "\n") + "\n")
    }
    return .done
  }

  /// Starts the launcher; one whose network does not become ready is stopped.
  private func launch(_ network: KnownNetwork) async throws -> JSONValue {
    guard !place.folder.isRunning else {
      throw NetworkRefusal.running(place.folder.launcher, folder: place.folder.path)
    }
    try await UpOutput.build(program, in: place.folder, form)
    try makeFolders(place.folder.path)
    try removeTree(place.folder.launcherLog)
    let child = try await ChildProcess.start(command)
    do {
      return try await waitUntilReady(child, network)
    } catch {
      await child.stop(grace: LocalNetwork.stopGrace * 3)
      throw error
    }
  }

  /// This command line without the wish to be in the background.
  private var command: ChildCommand {
    let flag = "--\(UpCommand.detach.row.name)"
    let letter = UpCommand.detach.row.letter.map { "-\($0)" }
    let words = CommandLine.arguments.dropFirst().filter { $0 != letter && $0 != flag && !$0.hasPrefix(flag + "=") }
    var environment = processEnvironment()
    environment[UpPlace.nameVariable] = place.name
    // The wish may also stand in the environment.
    return ChildCommand(
      name: "subnet", executable: pathOfThisProgram(), arguments: words + ["\(flag)=false"], environment: environment,
      logPath: place.folder.launcherLog, isDetached: true)
  }

  private func waitUntilReady(_ child: ChildProcess, _ network: KnownNetwork) async throws -> JSONValue {
    try await withThrowingTaskGroup(of: JSONValue.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        let status = try await child.ended()
        throw BackgroundLaunchFailed(name: place.name, status: status, log: child.logPath, tail: child.logTail())
      }
      group.addTask { try await readyStatus(network) }
      guard let status = try await group.next() else { throw CancellationError() }
      return status
    }
  }

  private func readyStatus(_ network: KnownNetwork) async throws -> JSONValue {
    let end = ContinuousClock.now + BackgroundLaunch.limit
    while ContinuousClock.now < end {
      do throws(NetworkRefusal) {
        let status = try await network.ask(.status)
        if status["state"] == .text("running") { return status }
      } catch {
        // It does not listen yet; how it ends, if it ends, is told by its process.
      }
      try await Task.sleep(for: BackgroundLaunch.lookPause)
    }
    throw NetworkRefusal.refused(
      "network \(place.name) was not ready after \(BackgroundLaunch.limit.text); look at \(place.folder.launcherLog)",
      .failed)
  }
}

/// The launcher in the background ended before its network was ready.
private struct BackgroundLaunchFailed: ExitCoding, CustomStringConvertible {
  let name: String
  let status: ExitStatus
  let log: String
  let tail: [String]

  var exitCode: ExitCode { if case .exited(let code) = status { ExitCode(rawValue: code) ?? .failed } else { .failed } }
  var description: String {
    "network \(name) did not start, its launcher ended with \(status); the end of \(log):\n"
      + tail.map { "  " + $0 }.joined(separator: "\n")
  }
}
