/// Divides a total by weights without losing a unit: the largest remainders get what the floors leave over.
///
/// Part i is `floor(total × w_i / W)`; the units left over go one each to the entries with the greatest
/// remainder of that division, among equals to the lowest index.
///
/// - Parameters:
///   - total: What is divided, in base units.
///   - weights: One entry per part. Shape: `[parts]`.
/// - Returns: The parts, which sum to `total`; nil when no entry has weight.
/// - Precondition: The weights sum to less than 2^64. They are amounts, or scores derived from amounts.
/// - Complexity: O(n log n) for spread remainders, O(64 n) at worst; nothing is allocated but the result.
/// - Source: economy 1, `splitExact`.
package func splitExact(_ total: UInt64, by weights: [UInt64]) -> [UInt64]? {
  let whole = weights.reduce(0, sum)
  guard whole > 0 else { return nil }
  var left = total
  var parts = weights.map { weight in
    let part = mulDivFloor(total, weight, whole)
    left -= part
    return part
  }
  guard left > 0 else { return parts }

  let split = Remainders(total: total, whole: whole, weights: weights)
  let (threshold, atThreshold) = split.threshold(for: Int(left), parts: parts)
  var ties = atThreshold
  for index in parts.indices {
    let remainder = split.remainder(at: index, part: parts[index])
    if remainder > threshold {
      parts[index] += 1
    } else if remainder == threshold, ties > 0 {
      parts[index] += 1
      ties -= 1
    }
  }
  return parts
}

/// The remainders of one split, computed again when asked for: two multiplications are cheaper than a second array.
private struct Remainders {
  let total: UInt64
  let whole: UInt64
  let weights: [UInt64]

  /// `(total × weight) mod whole`; it is below 2^64, so the low halves of both products decide it.
  func remainder(at index: Int, part: UInt64) -> UInt64 {
    total &* weights[index] &- part &* whole
  }

  /// The smallest remainder that still receives a unit, and how many entries with exactly that one do.
  func threshold(for units: Int, parts: [UInt64]) -> (remainder: UInt64, ties: Int) {
    // At least `units` entries reach `reached`, fewer than that reach `missed`.
    var reached: UInt64 = 0
    var missed = whole
    while missed - reached > 1 {
      let middle = reached + (missed - reached) / 2
      let count = entries(reaching: middle, parts: parts)
      if count == units { return (middle - 1, 0) }
      if count > units { reached = middle } else { missed = middle }
    }
    return (reached, units - entries(reaching: missed, parts: parts))
  }

  private func entries(reaching threshold: UInt64, parts: [UInt64]) -> Int {
    var count = 0
    for index in parts.indices where remainder(at: index, part: parts[index]) >= threshold { count += 1 }
    return count
  }
}
