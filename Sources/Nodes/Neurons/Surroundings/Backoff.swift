/// Pauses between attempts: 50 ms, doubled each time up to 2 s, shortened by up to a quarter so that many who lost the
/// same peer do not return together.
///
/// Source: reliability 3.5.
struct Backoff: Sendable {
  static let first: Duration = .milliseconds(50)
  static let last: Duration = .seconds(2)

  private var next = first

  /// The pause before the next attempt.
  ///
  /// - Parameter floor: What the peer asked for, if it did.
  mutating func pause(with random: RandomSource, atLeast floor: Duration = .zero) -> Duration {
    let pause = next * (0.75 + Double(random.number() >> 11) / Double(1 << 53) / 4)
    next = min(next * 2, Backoff.last)
    return max(pause, floor)
  }

  /// Begins anew, after a success.
  mutating func reset() { next = Backoff.first }
}
