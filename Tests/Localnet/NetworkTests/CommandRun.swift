import CLinux
import Daemon
import Glibc
import JSONText
import Localnet
import Testing

/// A folder for one test, gone with its last reference.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/network-tests.XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { try? removeTree(path) }
}

/// One of our executables as a user would run it; its output is read, its errors are in a file.
struct CommandRun: Sendable {
  let child: ChildProcess

  /// - Parameter words: The program's name, then its arguments.
  static func start(_ words: [String], in folder: TemporaryFolder) async throws -> CommandRun {
    let name = try #require(words.first)
    let command = ChildCommand(
      name: name, executable: "\(folderOfThisProgram())/\(name)", arguments: Array(words.dropFirst()),
      environment: ["HOME": folder.path, "TMPDIR": folder.path], logPath: folder.path + "/stderr",
      readsLines: true)
    return CommandRun(child: try await ChildProcess.start(command))
  }

  /// Runs a command line to its end, such as one from the README; words are split at spaces.
  static func finish(
    _ line: String, in folder: TemporaryFolder
  ) async throws -> Outcome {
    let run = try await start(line.split(separator: " ").map(String.init), in: folder)
    return try await run.outcome()
  }

  struct Outcome: Sendable {
    let status: Daemon.ExitStatus
    let lines: [String]
    /// Standard error.
    let errors: String

    var output: String { lines.joined(separator: "\n") }
  }

  /// All that it prints until it ends; one that does not end in time is stopped, and the test fails.
  func outcome(within limit: Duration = .seconds(600)) async throws -> Outcome {
    let child = child
    let outcome: Outcome? = try await withThrowingTaskGroup(of: Outcome?.self) { group in
      group.addTask {
        var lines: [String] = []
        for await line in child.lines { lines.append(line) }
        let status = try await child.ended()
        return Outcome(
          status: status, lines: lines, errors: child.logTail(lineLimit: 200).joined(separator: "\n"))
      }
      group.addTask {
        try await Task.sleep(for: limit)
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
    if outcome == nil { await child.stop(grace: .seconds(1)) }
    return try #require(outcome, "\(child.name) did not end within \(limit)")
  }

  /// The next line.
  func line() async throws -> String {
    for await line in child.lines { return line }
    let errors = child.logTail().joined(separator: "\n")
    throw EndedEarly(description: "no line more: \(String(describing: child.status)) \(errors)")
  }

  /// The first line that is a JSON object with this `event`.
  func event(_ name: String) async throws -> JSONValue {
    for await line in child.lines {
      let value = try JSONValue(parsing: line)
      if value["event"] == .text(name) { return value }
    }
    let errors = child.logTail().joined(separator: "\n")
    throw EndedEarly(description: "no event \(name): \(String(describing: child.status)) \(errors)")
  }
}

struct EndedEarly: Error, CustomStringConvertible {
  let description: String
}

/// A process by its number, from a moment when that was its own.
final class WatchedProcess: Sendable {
  /// Nil when it had ended before anybody looked.
  private let descriptor: Int32?

  init(pid: Int32) throws {
    let descriptor = clinux_pidfd_open(pid)
    try #require(descriptor >= 0 || errno == ESRCH, "process \(pid) cannot be watched")
    self.descriptor = descriptor >= 0 ? descriptor : nil
  }

  deinit { if let descriptor { close(descriptor) } }

  /// Whether it ends within the limit; waits in a thread of its own.
  func ends(within limit: Duration) async -> Bool {
    guard let descriptor else { return true }
    return await withCheckedContinuation { continuation in
      let isStarted = startThread("pid watch") {
        var query = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        continuation.resume(returning: poll(&query, 1, Int32(clamping: limit.wholeMilliseconds)) == 1)
      }
      if !isStarted { continuation.resume(returning: false) }
    }
  }
}

extension JSONValue {
  /// The processes that the `ready` event lists.
  func processes() throws -> [WatchedProcess] {
    try member("processes").elements().map { try WatchedProcess(pid: $0.member("pid").integer()) }
  }
}
