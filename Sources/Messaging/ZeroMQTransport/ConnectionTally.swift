import Transport

/// Counts the connections of a node's bound sockets, for whoever watches the node.
package final class ConnectionTally: Sendable {
  /// The counts of one moment.
  package struct Counts: Hashable, Sendable {
    /// Connections that are open now, handshakes under way included.
    package var open = 0
    /// Handshakes since the start that proved an admitted key.
    package var succeeded: UInt64 = 0
    /// Handshakes since the start that were refused or broken off.
    package var failed: UInt64 = 0
  }

  private let counts = Guarded(Counts())

  init() {}

  package var now: Counts { counts.withLock { $0 } }

  func opened() { counts.withLock { $0.open += 1 } }
  func closed(_ count: Int = 1) { counts.withLock { $0.open -= count } }
  func shook(successfully: Bool) {
    counts.withLock { if successfully { $0.succeeded += 1 } else { $0.failed += 1 } }
  }
}
