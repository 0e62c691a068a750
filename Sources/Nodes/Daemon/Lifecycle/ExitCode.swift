/// How a process ends, as a supervisor sees it.
///
/// Source: reliability 2.
package enum ExitCode: Int32, Sendable, CaseIterable {
  /// Done, or stopped cleanly on request.
  case done = 0
  /// What was asked did not succeed.
  case failed = 1
  /// Wrong usage or configuration.
  case usage = 2
  /// A scenario file says something that cannot be run.
  case badScenario = 64
  /// A network that was to be tested could not be run, so nothing is known of what was expected of it.
  case untestable = 69
  /// An invariant of our own is broken; the node stops rather than go on.
  case invariantBroken = 70
  /// The disk is full, or reading or writing failed.
  case storage = 74
  /// The replication engine was out of reach for longer than its limit.
  case engineUnreachable = 75
  /// Stored data is damaged.
  case damagedData = 76
  /// Another producer took over; a supervisor restarts this one as a follower.
  case fenced = 77
}

/// An error that knows which exit code its process ends with.
package protocol ExitCoding: Error {
  var exitCode: ExitCode { get }
}
