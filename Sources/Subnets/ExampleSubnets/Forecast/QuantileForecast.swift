/// What somebody believes about a number that is not known yet: nine values, and at each of them the chance that the
/// number is lower.
struct QuantileForecast: Hashable, Sendable {
  /// Ascending. Shape: `[levels]`.
  let values: [Double]

  /// The chances, in the middle of nine equal parts of 0...1.
  static let levels: [Double] = (0..<9).map { (Double($0) + 0.5) / 9 }
  /// No value lies farther from 0: a change of the price to its e-fold, or back.
  static let valueLimit = 1.0

  /// Nil unless there is one value for each level, in order and within the limit.
  init?(_ values: [Double]) {
    guard values.count == QuantileForecast.levels.count,
      values.allSatisfy({ abs($0) <= QuantileForecast.valueLimit }), zip(values, values.dropFirst()).allSatisfy(<=)
    else { return nil }
    self.values = values
  }

  /// What the forecast costs when this is what came: twice the mean quantile loss, an estimate of the continuous ranked
  /// probability score.
  ///
  /// A proper score: on average nobody pays less than who says what it believes. Both a value far from the truth and
  /// values far from each other cost. A forecast of nine equal values costs its distance from the truth.
  ///
  /// - Source: Gneiting and Raftery, "Strictly proper scoring rules, prediction, and estimation", 2007, section 4 and 6.
  func loss(when truth: Double) -> Double {
    let losses = zip(values, QuantileForecast.levels).map { value, level in
      truth < value ? (value - truth) * (1 - level) : (truth - value) * level
    }
    return 2 * losses.reduce(0, +) / Double(losses.count)
  }
}
