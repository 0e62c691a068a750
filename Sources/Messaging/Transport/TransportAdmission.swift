/// Which transport keys may speak to a socket; the set may be replaced at any time, from any thread.
///
/// A receiver asks at the handshake and again at each message, so a withdrawn key is silenced at once. A publisher can
/// ask only at the handshake: a follower whose key is withdrawn keeps its connection until that ends.
package final class TransportAdmission: Sendable {
  package enum Policy: Hashable, Sendable {
    /// Any key: the chain's choice, where the signature inside decides.
    case any
    /// These keys only: a miner's choice, from the metagraph of its subnet.
    case only(Set<TransportKey>)
  }

  private let policy: Guarded<Policy>

  package init(_ policy: Policy) { self.policy = Guarded(policy) }

  /// Replaces the whole policy.
  package func replace(with policy: Policy) {
    self.policy.withLock { $0 = policy }
  }

  /// Whether that key may speak now.
  package func admits(_ key: TransportKey) -> Bool {
    policy.withLock { policy in
      switch policy {
      case .any: true
      case .only(let keys): keys.contains(key)
      }
    }
  }
}
