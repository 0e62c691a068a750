package import Primitives

/// One coldkey's shares in the stake pool of a hotkey on a subnet.
package struct StakeShare: CanonicalValue, Hashable {
  package var shares: UInt128 = 0
  /// Proposals that had been opened when the shares last grew: what joined later has no vote of its own.
  package var proposalsBeforeIncrease: UInt64 = 0

  package init() {}

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.integer(&shares)
    coder.integer(&proposalsBeforeIncrease)
  }
}

/// What a hotkey lends and borrows on one subnet. Source: registry 10, economy 12.
package struct Relations: CanonicalValue, Hashable {
  /// Children with the proportion lent to each, in the order set.
  package var children: [Relation] = []
  /// Parents with the proportion borrowed from each, by ascending hotkey.
  package var parents: [Relation] = []
  package var pendingChildren: [Relation] = []
  /// Block after which `pendingChildren` may apply; 0 while nothing is pending.
  package var pendingCooldown: UInt64 = 0
  package var childkeyTake: UInt16?
  package var childkeyTakeBlock: UInt64 = 0
  package var childrenBlock: UInt64 = 0

  package init() {}

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.list(&children)
    coder.list(&parents)
    coder.list(&pendingChildren)
    coder.integer(&pendingCooldown)
    var explicit = childkeyTake.map(UInt64.init)
    coder.option(&explicit)
    childkeyTake = explicit.map(UInt16.init(truncatingIfNeeded:))
    coder.integer(&childkeyTakeBlock)
    coder.integer(&childrenBlock)
  }
}

/// A partner and the proportion between the two, over 2^64 - 1.
package struct Relation: CanonicalValue, Hashable {
  package var hotkey = Hotkey()
  package var proportion: UInt64 = 0

  package init() {}
  package init(_ hotkey: Hotkey, _ proportion: UInt64) {
    self.hotkey = hotkey
    self.proportion = proportion
  }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.hotkey(&hotkey)
    coder.integer(&proportion)
  }
}
