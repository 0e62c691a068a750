import Glibc
import Synchronization

/// A running child in its own process group: stop it, wait for it, read its lines.
///
/// Its end is noticed by the attendant thread, without polling. What is left of its group then is killed.
package final class ChildProcess: Sendable {
  package let name: String
  package let pid: Int32
  package let logPath: String
  /// Standard output by lines, where the command asked for it; ends when the child does.
  ///
  /// Bounded: of lines that nobody reads the first 1,000 are kept. A line of over 64 KiB comes in pieces. One reader.
  package let lines: AsyncStream<String>

  private struct State {
    var status: ExitStatus?
    var waiters: [UInt64: CheckedContinuation<ExitStatus?, Never>] = [:]
    var nextWaiter: UInt64 = 0
  }
  private let state = Mutex(State())

  init(command: ChildCommand, pid: Int32, lines: AsyncStream<String>) {
    name = command.name
    self.pid = pid
    logPath = command.logPath
    self.lines = lines
  }

  /// Starts a command.
  ///
  /// The child gets the default signal actions, an empty mask, `/dev/null` as standard input and no open file of ours.
  package static func start(_ command: ChildCommand) async throws(LaunchError) -> ChildProcess {
    try await ProcessAttendant.shared.start(command)
  }

  /// How it ended; nil while it runs.
  package var status: ExitStatus? { state.withLock { $0.status } }

  /// Waits for the end.
  ///
  /// - Throws: `CancellationError` when the waiting task is cancelled; the child is not touched.
  package func ended() async throws -> ExitStatus {
    let ticket = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    let status = await withTaskCancellationHandler {
      await wait(ticket, isCancellable: true)
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume(returning: nil)
    }
    guard let status else { throw CancellationError() }
    return status
  }

  /// Sends SIGTERM to the group, after `grace` SIGKILL, and returns when it has ended, cancelled or not.
  @discardableResult
  package func stop(grace: Duration = .seconds(5)) async -> ExitStatus {
    send(SIGTERM)
    ProcessAttendant.shared.kill(self, at: .now + grace)
    let ticket = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    guard let status = await wait(ticket, isCancellable: false) else {
      preconditionFailure("only a cancellable wait ends without a status")
    }
    return status
  }

  /// Sends a signal to the child's whole group; nothing after its end, when the number may belong to another.
  package func send(_ signal: Int32) {
    state.withLock { state in
      if state.status == nil { _ = Glibc.kill(-pid, signal) }
    }
  }

  /// The last lines of its log file.
  package func logTail(lineLimit: Int = 20) -> [String] { Daemon.logTail(of: logPath, lineLimit: lineLimit) }

  private func wait(_ ticket: UInt64, isCancellable: Bool) async -> ExitStatus? {
    await withCheckedContinuation { continuation in
      let isSettled: (Bool, ExitStatus?) = state.withLock { state in
        if let status = state.status { return (true, status) }
        // The cancellation handler may have run before this; then nobody would resume the waiter.
        if isCancellable, Task.isCancelled { return (true, nil) }
        state.waiters[ticket] = continuation
        return (false, nil)
      }
      if isSettled.0 { continuation.resume(returning: isSettled.1) }
    }
  }

  /// Collects the dead child and tells everyone; called once, by the attendant, when the kernel reports the end.
  func collect() {
    let (status, waiters) = state.withLock { state in
      // Until it is collected its number is its own, so this reaches its descendants and nobody else.
      _ = Glibc.kill(-pid, SIGKILL)
      var word: Int32 = 0
      while waitpid(pid, &word, 0) < 0, errno == EINTR {}
      let status = ExitStatus(waitStatus: word)
      state.status = status
      defer { state.waiters = [:] }
      return (status, Array(state.waiters.values))
    }
    for waiter in waiters { waiter.resume(returning: status) }
  }
}
