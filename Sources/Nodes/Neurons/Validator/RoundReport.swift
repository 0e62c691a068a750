import Primitives
import SubnetKit
import Synchronization

/// What went otherwise than asked since the validator started, for its status; every entry was logged as well.
final class RoundReport: Sendable {
  struct Counts: Hashable, Sendable {
    /// Rounds whose answers the mechanism could not score.
    var unscored: UInt64 = 0
    /// Rounds that could not wait for their truth.
    var refused: UInt64 = 0
    /// What the mechanism's memory could not be asked for.
    var forgotten: UInt64 = 0
  }

  private struct State {
    var counts = Counts()
    var weightFallbacks: [WeightFallback] = []
  }

  private let state = Mutex(State())

  init() {}

  var counts: Counts { state.withLock { $0.counts } }
  /// Of the newest weights.
  var weightFallbacks: [WeightFallback] { state.withLock { $0.weightFallbacks } }

  func count(_ change: (inout Counts) -> Void) { state.withLock { change(&$0.counts) } }

  /// Notes how the newest weights were made; false when it was the same before.
  func note(_ fallbacks: [WeightFallback]) -> Bool {
    state.withLock { state in
      guard state.weightFallbacks != fallbacks else { return false }
      state.weightFallbacks = fallbacks
      return true
    }
  }
}
