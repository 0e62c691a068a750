package import Daemon
package import Primitives
package import Transport

/// What is known of one process of the network.
package struct NodeStatus: Sendable {
  package enum Phase: Sendable, Equatable {
    case notStarted
    /// Runs, and has not said yet that it does its work.
    case starting
    case ready
    case ended(ExitStatus)
  }

  package var phase = Phase.notStarted
  package var pid: Int32?
  /// How often it was started.
  package var startCount = 0
  /// What it said when it was ready; kept over its end.
  package var readyLine: ReadyLine?
  /// Why it ended, in the words of its error, where that is known.
  package var endReason: String?
  /// Whether it should run; an end that nobody asked for is a failure.
  package var isWanted = false
  /// Whether it ended by itself where that ends no network.
  package var hasFailed = false
  /// Whether it was told to stand still.
  package var isPaused = false
  /// What is wrong with its line to the network.
  package var linkFaults = LinkFaults.none
  /// Of a validator: what it says of each miner.
  package var opinions: [Hotkey: MinerOpinion] = [:]

  /// Whether somebody stopped it, lets it stand still or cut its line.
  package var isAwayOnPurpose: Bool { !isWanted || isPaused || linkFaults.isCut }

  /// Whether its process lives.
  package var isRunning: Bool {
    switch phase {
    case .starting, .ready: true
    case .notStarted, .ended: false
    }
  }

  /// How it ended although it should run; nil while all is well.
  package var failure: ExitStatus? {
    guard isWanted, case .ended(let status) = phase else { return nil }
    return status
  }
}

/// How the tasks that validators sent to miners ended.
package struct TaskCounts: Sendable, Hashable {
  package var sent: UInt64 = 0
  package var answered: UInt64 = 0
  package var refused: UInt64 = 0
  package var timedOut: UInt64 = 0

  package init(sent: UInt64 = 0, answered: UInt64 = 0, refused: UInt64 = 0, timedOut: UInt64 = 0) {
    self.sent = sent
    self.answered = answered
    self.refused = refused
    self.timedOut = timedOut
  }

  package static func + (left: TaskCounts, right: TaskCounts) -> TaskCounts {
    TaskCounts(
      sent: left.sent + right.sent, answered: left.answered + right.answered, refused: left.refused + right.refused,
      timedOut: left.timedOut + right.timedOut)
  }
}
