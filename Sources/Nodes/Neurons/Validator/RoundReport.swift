import Primitives
import SubnetKit
import Synchronization

/// What a validator saw since it started, for its status: what went otherwise than asked, and what answers measured at.
///
/// Every entry was logged as well. Nothing here is weighed, so nothing here is kept over a restart.
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
    var measures: [Hotkey: MeasureMean] = [:]
  }

  private let state = Mutex(State())

  init() {}

  var counts: Counts { state.withLock { $0.counts } }
  /// Of the newest weights.
  var weightFallbacks: [WeightFallback] { state.withLock { $0.weightFallbacks } }

  func count(_ change: (inout Counts) -> Void) { state.withLock { change(&$0.counts) } }

  /// What a miner's answers measured at, on average; nil where the mechanism measured nothing.
  func measure(of hotkey: Hotkey) -> MeasureMean? { state.withLock { $0.measures[hotkey] } }

  /// Takes in what one answer measured at.
  func note(_ measure: Score.Measure, of hotkey: Hotkey) {
    let seen = MeasureMean(measure)
    state.withLock { state in
      guard state.measures[hotkey] != nil else {
        state.measures[hotkey] = seen
        return
      }
      state.measures[hotkey]?.add(seen)
    }
  }

  /// Forgets the measures of all others.
  func keepMeasures(of hotkeys: Set<Hotkey>) {
    state.withLock { state in state.measures = state.measures.filter { hotkeys.contains($0.key) } }
  }

  /// Notes how the newest weights were made; false when it was the same before.
  func note(_ fallbacks: [WeightFallback]) -> Bool {
    state.withLock { state in
      guard state.weightFallbacks != fallbacks else { return false }
      state.weightFallbacks = fallbacks
      return true
    }
  }
}
