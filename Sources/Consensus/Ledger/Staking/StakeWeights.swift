import Economy
package import Primitives

// Stake as checks, queries and the epoch see it: with what is lent and borrowed. Source: economy 12, 13.
extension LedgerState {
  /// Alpha and root TAO of a hotkey on a subnet, less what it lends, plus what it borrows.
  package func inheritedStake(of hotkey: Hotkey, on netuid: NetUID) -> (alpha: UInt64, root: UInt64) {
    let alpha = poolValue(of: hotkey, on: netuid)
    let root = poolValue(of: hotkey, on: .root)
    guard let relations = relations[HotkeyOnSubnet(netuid, hotkey)],
      !relations.children.isEmpty || !relations.parents.isEmpty
    else { return (alpha, root) }
    let lent = relations.children.map(\.proportion)
    func inherited(_ own: UInt64, _ netuid: NetUID) -> UInt64 {
      StakeWeight.inherited(
        own: own, childProportions: lent,
        parents: relations.parents.map {
          StakeWeight.Loan(stake: poolValue(of: $0.hotkey, on: netuid), proportion: $0.proportion)
        })
    }
    return (inherited(alpha, netuid), inherited(root, .root))
  }

  /// The stake weight of a hotkey on a subnet at this moment, in rao.
  package func stakeWeight(of hotkey: Hotkey, on netuid: NetUID) -> UInt64 {
    let stake = inheritedStake(of: hotkey, on: netuid)
    return StakeWeight.weight(alpha: stake.alpha, root: stake.root, taoWeight: chain.parameters.taoWeight)
  }

  /// What a hotkey holds on all subnets at present prices, plus its root stake; stops at `enough` (economy 12).
  package func totalStake(of hotkey: Hotkey, enough: UInt64) -> UInt64 {
    var total = UInt128(poolValue(of: hotkey, on: .root))
    for netuid in chain.netuids where netuid != .root {
      if total >= UInt128(enough) { return enough }
      let alpha = poolValue(of: hotkey, on: netuid)
      if alpha > 0 { total += pool(of: netuid).worth(ofAlpha: alpha) }
    }
    return UInt64(clamping: total)
  }

  /// The part a hotkey keeps of what it earns for its parents, in 1/65535.
  package func childkeyTake(of hotkey: Hotkey, on netuid: NetUID) -> UInt16 {
    let least = max(chain.parameters.minChildkeyTake, subnets[netuid]?.parameters.minChildkeyTake ?? 0)
    return max(relations[HotkeyOnSubnet(netuid, hotkey)]?.childkeyTake ?? 0, least)
  }
}
