import Primitives

// What must hold between records that say the same thing twice. Source: registry 2, 10, 13; economy 15.
extension LedgerState {
  /// The first pair of records that contradict each other, in words.
  ///
  /// - Complexity: A walk over the whole state.
  func brokenRecords() -> String? {
    brokenRelations() ?? brokenDeposits() ?? brokenSlotCounts() ?? brokenProposals()
  }

  /// Every child is known to its parent and every parent to its child, with one proportion; nobody is both to another.
  private func brokenRelations() -> String? {
    for key in relations.sortedKeys {
      guard let record = relations[key] else { continue }
      for child in record.children {
        let other = relations[HotkeyOnSubnet(key.netuid, child.hotkey)]
        guard other?.parents.contains(Relation(key.hotkey, child.proportion)) == true else {
          return "\(child.hotkey) does not know its parent \(key.hotkey) on subnet \(key.netuid)"
        }
      }
      for parent in record.parents {
        let other = relations[HotkeyOnSubnet(key.netuid, parent.hotkey)]
        guard other?.children.contains(Relation(key.hotkey, parent.proportion)) == true else {
          return "\(parent.hotkey) does not know its child \(key.hotkey) on subnet \(key.netuid)"
        }
        if record.children.contains(where: { $0.hotkey == parent.hotkey }) {
          return "\(parent.hotkey) is parent and child of \(key.hotkey) on subnet \(key.netuid)"
        }
      }
      let lent = record.children.reduce(UInt128(0)) { $0 + UInt128($1.proportion) }
      if lent > UInt128(UInt64.max) { return "\(key.hotkey) lends more than it has on subnet \(key.netuid)" }
      if zip(record.parents, record.parents.dropFirst()).contains(where: { $0.hotkey >= $1.hotkey }) {
        return "the parents of \(key.hotkey) on subnet \(key.netuid) are out of order"
      }
      let isWaiting = subnets[key.netuid]?.pendingParents.contains(key.hotkey) == true
      if !record.pendingChildren.isEmpty, !isWaiting { return "the children of \(key.hotkey) wait for ever" }
    }
    return nil
  }

  /// What is held of a balance is what proxies and open proposals hold, and is there.
  private func brokenDeposits() -> String? {
    for account in accounts.sortedKeys {
      let record = self.account(account)
      let proxies = ProxyDeposit.amount(coldkeyRecord(Coldkey(account)).proxies.count)
      let votes = chain.openProposals.reduce(UInt64(0)) { sum, id in
        sum + (proposals[id]?.proposer.account == account ? proposals[id]?.deposit ?? 0 : 0)
      }
      guard record.held == proxies + votes else { return "\(account) has \(record.held) held" }
      guard record.held <= record.balance else { return "\(account) has more held than it owns" }
    }
    return nil
  }

  /// A coldkey counts the uids of its hotkeys.
  private func brokenSlotCounts() -> String? {
    var counts: [Coldkey: UInt32] = [:]
    for netuid in chain.netuids {
      for hotkey in slots[netuid]?.hotkeys ?? [] {
        guard let owner = owner(of: hotkey) else { return "\(hotkey) holds a uid and has no owner" }
        counts[owner, default: 0] += 1
      }
    }
    for coldkey in coldkeys.sortedKeys where coldkeyRecord(coldkey).slotsHeld != counts[coldkey] ?? 0 {
      return "\(coldkey) counts \(coldkeyRecord(coldkey).slotsHeld) uids"
    }
    return nil
  }

  /// The lists of open and queued proposals are those proposals, and votes are cast on open ones alone.
  private func brokenProposals() -> String? {
    let open = proposals.sortedKeys.filter { proposals[$0]?.stage == .open }
    guard open == chain.openProposals else { return "the open proposals are not those listed" }
    let queued = proposals.sortedKeys.filter { proposals[$0]?.stage == .queued }
    guard queued == chain.queuedProposals else { return "the queued proposals are not those listed" }
    for key in votes.sortedKeys where !open.contains(key.proposal) { return "a vote on a closed proposal is kept" }
    for id in open {
      guard let proposal = proposals[id] else { continue }
      for elector in proposal.electors where elector.overrides.total > elector.stake {
        return "the nominators of \(elector.hotkey) have more votes than its stake"
      }
    }
    return nil
  }
}
