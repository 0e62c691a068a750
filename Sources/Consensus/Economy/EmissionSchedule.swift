/// How much a block may mint: one curve for TAO and, on its own clock, for the alpha of each subnet.
///
/// The rule looks only at the present issuance. When recycling takes it back under a threshold, the larger
/// emission returns with the next block.
///
/// - Source: economy 3.
package enum EmissionSchedule {
  /// No more than this can ever exist at once, of TAO and of each alpha; in base units, below 2^55.
  package static let supply: UInt64 = 21_000_000_000_000_000

  /// Emission of a block before the first halving, in base units.
  package static let baseEmission: UInt64 = 1_000_000_000

  /// Halvings in force at an issuance: the greatest n with `(supply - issuance) × 2^n <= supply`.
  ///
  /// - Returns: Nil once the supply is reached.
  package static func halvings(atIssuance issuance: UInt64) -> Int? {
    guard issuance < supply else { return nil }
    let rest = supply - issuance
    let doublings = rest.leadingZeroBitCount - supply.leadingZeroBitCount
    return rest << doublings <= supply ? doublings : doublings - 1
  }

  /// The upper bound of what the next block mints, in base units.
  package static func emission(atIssuance issuance: UInt64) -> UInt64 {
    guard let halvings = halvings(atIssuance: issuance) else { return 0 }
    return min(baseEmission >> halvings, supply - issuance)
  }

  /// The issuance from which `count` halvings are in force.
  package static func issuance(ofHalving count: Int) -> UInt64 {
    supply - (supply >> max(0, count))
  }

  /// The issuance at which the next halving takes place; nil once the supply is reached.
  package static func nextHalving(atIssuance issuance: UInt64) -> UInt64? {
    halvings(atIssuance: issuance).map { Self.issuance(ofHalving: $0 + 1) }
  }

  /// Blocks until `count` halvings are in force when every block also recycles a constant amount.
  ///
  /// - Returns: Nil when that issuance is never reached.
  /// - Complexity: One step per halving passed.
  /// - Source: economy 4.
  package static func blocks(
    untilHalving count: Int, fromIssuance start: UInt64, recycledPerBlock: UInt64
  ) -> UInt64? {
    let target = issuance(ofHalving: count)
    var issuance = start
    var blocks: UInt64 = 0
    while issuance < target {
      let emitted = emission(atIssuance: issuance)
      // Falling back into an era with a larger emission only leads here again.
      guard emitted > recycledPerBlock, let next = nextHalving(atIssuance: issuance) else { return nil }
      let gain = emitted - recycledPerBlock
      let steps = (min(next, target) - issuance + gain - 1) / gain
      issuance += steps * gain
      blocks += steps
    }
    return blocks
  }
}
