import Daemon
import Glibc
import Localnet
import Testing

/// Somebody at a prompt, in a folder, with our programs on the path.
struct Shell {
  let user: NetworkUser
  var folder: String

  init(user: NetworkUser) {
    self.user = user
    folder = user.folder.path
  }

  private func start(_ line: String) async throws -> CommandRun {
    let search = "\(folderOfThisProgram()):\(processEnvironment()["PATH"] ?? "/usr/bin:/bin")"
    return CommandRun(
      child: try await ChildProcess.start(
        ChildCommand(
          name: "sh", executable: "/bin/sh", arguments: ["-c", "cd '\(folder)' && exec \(line)"],
          environment: ["HOME": user.folder.path, "TMPDIR": user.folder.path, "PATH": search],
          logPath: user.folder.path + "/stderr", readsLines: true)))
  }

  /// Runs a command line and expects it to succeed.
  func done(_ line: String, within limit: Duration = .seconds(600)) async throws {
    let outcome = try await start(line).outcome(within: limit)
    #expect(outcome.status == .exited(0), "\(line): \(outcome.output) \(outcome.errors)")
  }

  /// Presses Ctrl-C when the network has its first weights.
  func untilFirstWeights(_ line: String) async throws {
    let run = try await start(line)
    var printed: [String] = []
    for await text in run.child.lines {
      printed.append(text)
      if text.hasPrefix("First weights after") { break }
    }
    #expect(printed.last?.hasPrefix("First weights after") == true, "\(printed.suffix(5)) \(run.child.logTail())")
    run.child.send(SIGINT)
    #expect(try await run.outcome().status == .exited(0))
  }
}
