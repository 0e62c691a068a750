extension Duration {
  /// Parses a whole number and a unit, as in `250ms`, `12s`, `2m` or `1h`; nil for anything else and for overflow.
  ///
  /// The unit is required: a bare number would leave the reader to guess.
  package init?(text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, let count = Int64(digits), let unit = Duration.milliseconds(in: text.dropFirst(digits.count))
    else { return nil }
    let (milliseconds, overflow) = count.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    self = .milliseconds(milliseconds)
  }

  /// Whole milliseconds, rounded towards zero and clamped to what an `Int64` holds.
  package var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    let (sum, second) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
    guard !second else { return seconds < 0 ? .min : .max }
    return sum
  }

  /// The same span in the largest unit that needs no fraction: `12s`, `250ms`, `2m`.
  ///
  /// Rounded towards zero to whole milliseconds; every non-negative one parses back to itself.
  package var text: String {
    let milliseconds = wholeMilliseconds
    for (name, size) in Duration.units where milliseconds % size == 0 && milliseconds != 0 {
      return "\(milliseconds / size)\(name)"
    }
    return milliseconds == 0 ? "0s" : "\(milliseconds)ms"
  }

  private static let units: [(name: String, milliseconds: Int64)] = [
    ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]

  private static func milliseconds(in unit: Substring) -> Int64? {
    units.first { $0.name == unit }?.milliseconds
  }
}
