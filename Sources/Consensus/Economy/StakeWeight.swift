/// A hotkey's weight on a subnet, with what it has lent to children and borrowed from parents.
///
/// - Source: economy 12 and 13.
package enum StakeWeight {
  /// A stake lent by a parent, and the proportion of it.
  package struct Loan: Hashable, Sendable {
    /// The parent's own alpha or root TAO, in base units.
    package let stake: UInt64
    /// Over 2^64 - 1.
    package let proportion: UInt64

    package init(stake: UInt64, proportion: UInt64) {
      self.stake = stake
      self.proportion = proportion
    }
  }

  /// The weight that checks and queries use: alpha plus weighted root TAO, both inherited.
  ///
  /// - Parameter taoWeight: Over 2^64 - 1.
  package static func weight(alpha: UInt64, root: UInt64, taoWeight: UInt64) -> UInt64 {
    sum(alpha, portion(of: root, perM: taoWeight))
  }

  /// What remains of a stake after parts of it are lent to children.
  ///
  /// - Parameter childProportions: Over 2^64 - 1 each.
  /// - Precondition: The proportions sum to at most 2^64 - 1.
  package static func kept(_ own: UInt64, childProportions: [UInt64]) -> UInt64 {
    var kept = own
    for proportion in childProportions { kept = rest(of: kept, without: portion(of: own, perM: proportion)) }
    return kept
  }

  /// A stake less what is lent to children plus what parents lend; the sum over all hotkeys is that of their own stakes.
  ///
  /// - Precondition: As for ``kept(_:childProportions:)``.
  package static func inherited(own: UInt64, childProportions: [UInt64], parents: [Loan]) -> UInt64 {
    var stake = kept(own, childProportions: childProportions)
    for loan in parents { stake = sum(stake, portion(of: loan.stake, perM: loan.proportion)) }
    return stake
  }
}
