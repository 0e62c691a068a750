import Synchronization

/// How often a time fell into which range, as Prometheus counts it.
package struct Histogram: Sendable {
  /// Upper bounds of the ranges in microseconds, ascending; above the last is one range more.
  private let bounds: [UInt64]
  private var counts: [UInt64]
  private var totalMicroseconds: UInt64 = 0

  /// Ranges for writes to a disk: from a tenth of a millisecond to five seconds.
  package init() {
    bounds = [
      100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000,
    ]
    counts = [UInt64](repeating: 0, count: bounds.count + 1)
  }

  package mutating func add(_ time: Duration) {
    let microseconds = UInt64(max(0, time / .microseconds(1)))
    totalMicroseconds &+= microseconds
    counts[bounds.firstIndex { microseconds <= $0 } ?? bounds.count] += 1
  }

  /// The lines of one histogram, in seconds.
  package func lines(_ name: String, _ help: String) -> String {
    var text = "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
    var sum: UInt64 = 0
    for (bound, count) in zip(bounds, counts) {
      sum += count
      text += "\(name)_bucket{le=\"\(seconds(bound))\"} \(sum)\n"
    }
    sum += counts[bounds.count]
    text += "\(name)_bucket{le=\"+Inf\"} \(sum)\n\(name)_sum \(seconds(totalMicroseconds))\n\(name)_count \(sum)\n"
    return text
  }

  private func seconds(_ microseconds: UInt64) -> String {
    let fraction = String(microseconds % 1_000_000)
    return "\(microseconds / 1_000_000)." + String(repeating: "0", count: 6 - fraction.utf8.count) + fraction
  }
}

/// A histogram that several threads add to.
package final class SharedHistogram: Sendable {
  private let histogram = Mutex(Histogram())

  package init() {}

  package var now: Histogram { histogram.withLock { $0 } }
  package func add(_ time: Duration) { histogram.withLock { $0.add(time) } }
}
