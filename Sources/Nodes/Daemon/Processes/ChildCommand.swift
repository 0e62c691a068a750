import Glibc

/// What to start, and where its output goes.
package struct ChildCommand: Sendable {
  /// What the launcher calls it: `miner-2`.
  package var name: String
  /// A path; the search path is not consulted.
  package var executable: String
  /// Without the program's own name.
  package var arguments: [String]
  /// All variables of the child.
  package var environment: [String: String]
  /// Standard error is appended here, and standard output too unless its lines are read.
  package var logPath: String
  /// Whether standard output comes to the launcher, line by line.
  package var readsLines: Bool
  /// Whether it outlives this process: in a session of its own, and not tied to our death.
  package var isDetached: Bool

  package init(
    name: String, executable: String, arguments: [String], environment: [String: String] = processEnvironment(),
    logPath: String, readsLines: Bool = false, isDetached: Bool = false
  ) {
    self.name = name
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.logPath = logPath
    self.readsLines = readsLines
    self.isDetached = isDetached
  }
}

/// Why a child could not be started: the call that failed, for whom, and the system's reason.
package struct LaunchError: ExitCoding, Equatable, CustomStringConvertible {
  package let name: String
  package let call: String
  package let subject: String
  package let code: Int32

  package init(name: String, call: String, subject: String, code: Int32) {
    self.name = name
    self.call = call
    self.subject = subject
    self.code = code
  }

  package var exitCode: ExitCode { .failed }
  package var description: String {
    "\(name) was not started: \(call) \(escapedText(subject, limit: fieldByteLimit)): \(String(cString: strerror(code)))"
  }
}

/// How a child ended.
package enum ExitStatus: Equatable, Sendable, CustomStringConvertible {
  case exited(Int32)
  case signalled(Int32)

  /// From the status word of `waitpid`.
  package init(waitStatus: Int32) {
    let signal = waitStatus & 0x7F
    self = signal == 0 ? .exited(waitStatus >> 8 & 0xFF) : .signalled(signal)
  }

  package var isSuccess: Bool { self == .exited(0) }

  package var description: String {
    switch self {
    case .exited(let code): "exit code \(code)"
    case .signalled(let number): "signal \(number) (\(String(cString: strsignal(number))))"
    }
  }
}
