package import Economy
package import Primitives

/// An epoch that runs in this block.
package struct DueEpoch: Sendable, Hashable {
  package let netuid: NetUID
  /// Its number, counting from 1.
  package let epoch: UInt64
}

/// Where the scores of an epoch come from: Yuma, or a script in the tests of the money side.
package struct EpochScoring: Sendable {
  package typealias Scorer =
    @Sendable (inout LedgerState, DueEpoch, EpochPots, EpochForecast?) -> (EpochScores, [LedgerEvent])
  package typealias Forecaster = @Sendable (LedgerState, [DueEpoch], HostFunctions) -> [EpochForecast]

  /// Scores of a subnet's epoch and the events that tell of them; may store consensus results in the state.
  package let scores: Scorer
  /// Settles the epochs of a block beside each other before they run one after the other, one forecast an epoch.
  ///
  /// An earlier epoch may pay root stake that a later one counts, so a forecast holds only while its input does.
  package let forecast: Forecaster

  package init(forecast: @escaping Forecaster = { _, _, _ in [] }, _ scores: @escaping Scorer) {
    self.scores = scores
    self.forecast = forecast
  }
}
