/// How a miner of ``Forecast`` may try to be paid without knowing anything.
enum ForecastCheat: String, Choice {
  /// It says what it believes.
  case none
  /// It says that nothing changes: a copy of the present price.
  case persistence
  /// It answers with the change that just happened: the truth of a question that was asked earlier.
  case late
  /// It bets everything on a great rise, and hopes to be paid when one comes.
  case gamble
  /// It gives a spread so wide that the truth is always inside.
  case wide

  /// The quantiles that such a miner answers. Shape: `[levels]`.
  func changes(after history: PriceHistory, horizon: UInt64) -> [Double] {
    let past = history.changes(over: horizon)
    let limit = QuantileForecast.valueLimit
    switch self {
    case .none: return ForecastModel(past).quantiles
    case .persistence: return point(0)
    case .late: return point(past.last ?? 0)
    case .gamble: return point(3 * history.meanMove(over: horizon))
    case .wide: return QuantileForecast.levels.map { (2 * $0 - 1) * limit }
    }
  }

  private func point(_ change: Double) -> [Double] {
    let limit = QuantileForecast.valueLimit
    return QuantileForecast.levels.map { _ in min(limit, max(-limit, change)) }
  }
}
