import Primitives

/// Keeps a validator from waiting for miners that do not answer.
///
/// After three failures in a row a miner is not asked for a while, 2 s at first and twice as long each time up to a
/// minute; then one request tries it again. Keyed by hotkey and address: whoever moves is tried at once.
///
/// Source: reliability 5.3.
struct CircuitBreaker: Sendable {
  static let failureLimit = 3
  static let firstPause: Duration = .seconds(2)
  static let lastPause: Duration = .seconds(60)

  private struct Circuit: Sendable {
    var failures = 0
    var pause = CircuitBreaker.firstPause
    /// While it is open: when one request may try again.
    var opensAt: Duration?
  }

  private var circuits: [ExchangePeer: Circuit] = [:]

  /// Whether a request may go out now; asking for a miner whose pause is over takes the one try.
  mutating func admits(_ peer: ExchangePeer, at now: Duration) -> Bool {
    guard var circuit = circuits[peer], let opensAt = circuit.opensAt else { return true }
    guard now >= opensAt else { return false }
    circuit.opensAt = now + circuit.pause
    circuits[peer] = circuit
    return true
  }

  mutating func recordAnswer(from peer: ExchangePeer) { circuits[peer] = nil }

  mutating func recordFailure(of peer: ExchangePeer, at now: Duration) {
    var circuit = circuits[peer] ?? Circuit()
    circuit.failures += 1
    if circuit.failures >= CircuitBreaker.failureLimit {
      if circuit.failures > CircuitBreaker.failureLimit {
        circuit.pause = min(circuit.pause * 2, CircuitBreaker.lastPause)
      }
      circuit.opensAt = now + circuit.pause
    }
    circuits[peer] = circuit
  }

  /// Forgets the miners that are not in the subnet any more.
  mutating func keep(only peers: Set<ExchangePeer>) {
    circuits = circuits.filter { peers.contains($0.key) }
  }
}
