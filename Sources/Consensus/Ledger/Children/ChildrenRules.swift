package import Primitives

/// A hotkey and the share of the parent's stake that it is lent.
package struct ChildShare: Hashable, Sendable {
  package var child: Hotkey
  /// Over 2⁶⁴ - 1.
  package var proportion: UInt64

  package init(child: Hotkey, proportion: UInt64) {
    self.child = child
    self.proportion = proportion
  }
}

/// What the checks of `SetChildren` look at.
///
/// Source: registry 10; vectors `registry/children`.
package struct ChildrenRules: Sendable {
  /// Children that one parent may have on a subnet.
  package static let childLimit = 5

  package var netuid: NetUID
  package var block: BlockNumber
  package var parent: Hotkey
  /// Blocks until `set_children_rate_limit` lets this pair pass; 0 when it does.
  package var rateLimitBlocksLeft: UInt64
  package var subnetExists: Bool
  package var subnetStarted: Bool
  package var callerOwnsParent: Bool
  package var isOwnerHotkey: Bool
  /// Hotkeys that are now parents of this one on the subnet.
  package var parentsOfParent: [Hotkey]
  /// The parent's own total stake (economy 12), in rao.
  package var ownStake: UInt64
  package var stakeThreshold: UInt64
  package var pendingCooldown: UInt64

  package init(
    netuid: NetUID, block: BlockNumber, parent: Hotkey, rateLimitBlocksLeft: UInt64, subnetExists: Bool,
    subnetStarted: Bool, callerOwnsParent: Bool, isOwnerHotkey: Bool, parentsOfParent: [Hotkey], ownStake: UInt64,
    stakeThreshold: UInt64, pendingCooldown: UInt64
  ) {
    self.netuid = netuid
    self.block = block
    self.parent = parent
    self.rateLimitBlocksLeft = rateLimitBlocksLeft
    self.subnetExists = subnetExists
    self.subnetStarted = subnetStarted
    self.callerOwnsParent = callerOwnsParent
    self.isOwnerHotkey = isOwnerHotkey
    self.parentsOfParent = parentsOfParent
    self.ownStake = ownStake
    self.stakeThreshold = stakeThreshold
    self.pendingCooldown = pendingCooldown
  }

  /// When an accepted list takes effect.
  package enum Effect: Hashable, Sendable {
    /// At once: the subnet has not started.
    case now
    /// After the first epoch at a block later than this.
    case after(cooldown: BlockNumber)
  }

  /// Makes the checks in the order of the rule and says when the list takes effect. An empty list revokes all.
  package func effect(of children: [ChildShare]) throws(LedgerError) -> Effect {
    guard rateLimitBlocksLeft == 0 else {
      throw LedgerError(.txRateLimitExceeded, blocksLeft: rateLimitBlocksLeft, at: block)
    }
    guard netuid != .root else { throw .registrationNotPermittedOnRootSubnet }
    guard subnetExists else { throw .subnetNotExists.with("netuid", netuid) }
    guard callerOwnsParent else { throw .nonAssociatedColdKey }
    try checkList(children)
    guard children.isEmpty || isOwnerHotkey || ownStake >= stakeThreshold else {
      throw .notEnoughStakeToSetChildkeys.with("stake", ownStake).with("stake_threshold", stakeThreshold)
    }
    return subnetStarted ? .after(cooldown: block.advanced(by: pendingCooldown)) : .now
  }

  private func checkList(_ children: [ChildShare]) throws(LedgerError) {
    // Only asked for membership: its order decides nothing.
    var seen = Set<Hotkey>(minimumCapacity: children.count)
    for share in children where !seen.insert(share.child).inserted {
      throw .duplicateChild.with("child", share.child.description)
    }
    guard !seen.contains(parent) else { throw .invalidChild.with("child", parent.description) }
    guard children.count <= ChildrenRules.childLimit else { throw .tooManyChildren.with("children", children.count) }
    guard ChildrenRules.proportionsFit(children) else { throw .proportionOverflow }
    for grandparent in parentsOfParent where seen.contains(grandparent) {
      throw .childParentInconsistency.with("child", grandparent.description)
    }
  }

  /// Whether the proportions together are at most the whole.
  package static func proportionsFit(_ children: [ChildShare]) -> Bool {
    children.reduce(UInt128(0)) { $0 + UInt128($1.proportion) } <= UInt128(UInt64.max)
  }
}
