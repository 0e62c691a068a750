/// The dividend of a validator, shared with the parents whose stake it carried.
///
/// - Source: economy 12.
package struct ChildDividends: Hashable, Sendable {
  /// One parent's part in the validator's weight.
  package struct Parent: Hashable, Sendable {
    /// The parent's own alpha on the subnet, in base units.
    package let alpha: UInt64
    /// The parent's own TAO on root, in rao.
    package let root: UInt64
    /// Over 2^64 - 1.
    package let proportion: UInt64
    /// Whether one coldkey owns both hotkeys; no child take is due then.
    package let sameOwner: Bool

    package init(alpha: UInt64, root: UInt64, proportion: UInt64, sameOwner: Bool) {
      self.alpha = alpha
      self.root = root
      self.proportion = proportion
      self.sameOwner = sameOwner
    }
  }

  /// What each parent gets, in the order given. Shape: `[parents]`.
  package let amounts: [UInt64]
  /// What stays with the validator.
  package let kept: UInt64

  /// - Parameters:
  ///   - dividend: The validator's dividend on the subnet.
  ///   - alpha: The validator's own alpha on the subnet, in base units.
  ///   - root: The validator's own TAO on root, in rao.
  ///   - childProportions: What the validator itself lends on, over 2^64 - 1 each.
  ///   - parents: In stored order.
  ///   - childTake: The validator's child take over 65,535.
  ///   - taoWeight: Over 2^64 - 1.
  package init(
    dividend: UInt64, alpha: UInt64, root: UInt64, childProportions: [UInt64], parents: [Parent],
    childTake: UInt16, taoWeight: UInt64
  ) {
    let own = StakeWeight.weight(
      alpha: StakeWeight.kept(alpha, childProportions: childProportions),
      root: StakeWeight.kept(root, childProportions: childProportions), taoWeight: taoWeight)
    func lent(_ parent: Parent) -> UInt64 {
      StakeWeight.weight(
        alpha: portion(of: parent.alpha, perM: parent.proportion),
        root: portion(of: parent.root, perM: parent.proportion), taoWeight: taoWeight)
    }
    let whole = parents.reduce(own) { sum($0, lent($1)) }

    var left = dividend
    amounts = parents.map { parent in
      let earned = whole == 0 ? 0 : mulDivFloor(dividend, lent(parent), whole)
      let amount = parent.sameOwner ? earned : earned - portion(of: earned, per65535: childTake)
      left -= amount
      return amount
    }
    kept = left
  }
}
