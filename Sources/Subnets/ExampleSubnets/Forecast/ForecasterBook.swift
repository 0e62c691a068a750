import Primitives

/// How much better than "nothing changes" each miner forecast so far.
struct ForecasterBook: Hashable, Sendable {
  /// What is known of one miner.
  struct Entry: Codable, Hashable, Sendable {
    /// The moving mean of its gains, in -2...2.
    var meanGain = 0.0
    /// Forecasts so far, counted up to the end of the trial.
    var forecastCount = 0
    var lastScored: UInt64 = 0
  }

  private(set) var entries: [Hotkey: Entry] = [:]

  /// The share of a new gain in the mean.
  static let share = 0.05
  /// The forecasts that a newcomer makes without pay: so few may be lucky ones.
  static let trialLength = 8
  /// The most miners that are remembered: four times the largest subnet.
  static let capacity = 1024

  init() {}

  init(entries: [Hotkey: Entry]) { self.entries = entries }

  /// Takes one forecast's gain.
  ///
  /// - Returns: The mean with it; nil during the trial.
  mutating func note(_ gain: Double, of miner: Hotkey, at block: UInt64) -> Double? {
    var entry = entries[miner] ?? Entry()
    entry.meanGain += ForecasterBook.share * (gain - entry.meanGain)
    entry.forecastCount = min(ForecasterBook.trialLength, entry.forecastCount + 1)
    entry.lastScored = max(entry.lastScored, block)
    entries[miner] = entry
    if entries.count > ForecasterBook.capacity {
      let oldest = entries.filter { $0.key != miner }.min {
        ($0.value.lastScored, $0.key) < ($1.value.lastScored, $1.key)
      }
      if let oldest { entries[oldest.key] = nil }
    }
    return entry.forecastCount < ForecasterBook.trialLength ? nil : entry.meanGain
  }
}
