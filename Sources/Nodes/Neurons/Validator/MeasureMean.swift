package import SubnetKit

/// The mean of what lies behind a miner's scores, over all answers that were measured.
package struct MeasureMean: Hashable, Sendable {
  package let name: String
  /// Finite; at most `Score.Measure.valueLimit` either way.
  package private(set) var mean: Double
  /// At least one.
  package private(set) var count: UInt64

  package init(_ measure: Score.Measure) {
    name = measure.name
    mean = measure.value
    count = 1
  }

  /// - Returns: Nil when no answers could have this mean.
  package init?(name: String, mean: Double, count: UInt64) {
    guard count > 0, mean.magnitude <= Score.Measure.valueLimit else { return nil }
    self.name = String(name.unicodeScalars.prefix(Score.Measure.nameLengthLimit))
    self.mean = mean
    self.count = count
  }

  /// Takes in another mean of the same name; one of another name takes its place.
  package mutating func add(_ other: MeasureMean) {
    guard other.name == name else {
      self = other
      return
    }
    // Both counts are of answers, which no process lives long enough to count past 2^53.
    count &+= other.count
    mean += (other.mean - mean) * (Double(other.count) / Double(count))
  }
}
