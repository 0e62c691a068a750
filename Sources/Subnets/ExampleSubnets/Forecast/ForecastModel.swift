import Glibc

/// What the past says about the next change: its mean as far as that stands out, and the spread around it.
struct ForecastModel: Sendable {
  private let drift: Double
  /// The distances from the drift, ascending.
  private let distances: [Double]

  /// The fewest changes that say anything.
  static let changeCountLimit = 4

  init(_ changes: [Double]) {
    guard changes.count >= ForecastModel.changeCountLimit else {
      (drift, distances) = (0, [])
      return
    }
    let count = Double(changes.count)
    let mean = changes.reduce(0, +) / count
    let variance = changes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    // A mean within the noise is pulled to zero, one far beyond it is left as it is.
    let weight = mean == 0 ? 0 : mean * mean / (mean * mean + 4 * variance / count)
    let drift = mean * weight
    self.drift = drift
    distances = changes.map { abs($0 - drift) }.sorted()
  }

  /// The quantiles, with equal chances for a change above the drift and one as far below it. Shape: `[levels]`.
  var quantiles: [Double] {
    let limit = QuantileForecast.valueLimit
    return QuantileForecast.levels.map { level in
      let value = drift + (level < 0.5 ? -1 : 1) * distance(at: abs(2 * level - 1))
      return min(limit, max(-limit, value))
    }
  }

  /// The distance that the share `level` of the past stayed below, between two of them in proportion.
  private func distance(at level: Double) -> Double {
    guard let last = distances.last else { return 0 }
    let position = level * Double(distances.count) - 0.5
    guard position > 0 else { return distances[0] * max(0, level * Double(distances.count) * 2) }
    let index = Int(position)
    guard index + 1 < distances.count else { return last }
    return distances[index] + (distances[index + 1] - distances[index]) * (position - Double(index))
  }
}
