import Primitives

// Who lends to whom on a subnet, kept equal on both sides. Source: registry 10.
extension LedgerState {
  /// Changes what is kept of a hotkey's relations on a subnet; a record that says nothing is not kept.
  mutating func changeRelations(of hotkey: Hotkey, on netuid: NetUID, _ change: (inout Relations) -> Void) {
    let key = HotkeyOnSubnet(netuid, hotkey)
    var record = relations[key] ?? Relations()
    change(&record)
    relations[key] = record == Relations() ? nil : record
  }

  /// Puts a list aside until the first epoch after `cooldown`; it takes the place of one that waits already.
  mutating func schedule(
    _ children: [ChildShare], of hotkey: Hotkey, on netuid: NetUID, after cooldown: BlockNumber
  ) {
    changeRelations(of: hotkey, on: netuid) {
      $0.pendingChildren = children.map { Relation($0.child, $0.proportion) }
      $0.pendingCooldown = cooldown.value
    }
    subnets.modify(netuid) { subnet in
      let place = subnet.pendingParents.insertionIndex { $0 < hotkey }
      if subnet.pendingParents.dropFirst(place).first != hotkey { subnet.pendingParents.insert(hotkey, at: place) }
    }
  }

  /// Gives the lists whose cooldown is over their effect, after an epoch of the subnet (step 11).
  mutating func applyPendingChildren(on netuid: NetUID) -> [LedgerEvent] {
    guard let waiting = subnets[netuid]?.pendingParents, !waiting.isEmpty else { return [] }
    let readiness = waiting.map { isReady($0, on: netuid) }
    guard readiness.contains(true) else { return [] }
    // All at once: taking them out one by one would cost the square of their number.
    let left = zip(waiting, readiness).filter { !$1 }.map(\.0)
    subnets.modify(netuid) { $0.pendingParents = left }
    return zip(waiting, readiness).filter { $1 }.map(\.0).map { hotkey in
      let pending = relations[HotkeyOnSubnet(netuid, hotkey)]?.pendingChildren ?? []
      let children = pending.map { ChildShare(child: $0.hotkey, proportion: $0.proportion) }
      return applyChildren(children, of: hotkey, on: netuid)
    }
  }

  private func isReady(_ hotkey: Hotkey, on netuid: NetUID) -> Bool {
    guard let record = relations[HotkeyOnSubnet(netuid, hotkey)] else { return true }
    return block.value > record.pendingCooldown
  }

  /// Replaces the children of a hotkey. Relations that others have meanwhile made impossible are left out.
  mutating func applyChildren(_ children: [ChildShare], of parent: Hotkey, on netuid: NetUID) -> LedgerEvent {
    let before = relations[HotkeyOnSubnet(netuid, parent)] ?? Relations()
    let kept = possible(children, of: parent, parents: before.parents)
    for old in before.children { changeRelations(of: old.hotkey, on: netuid) { $0.removeParent(parent) } }
    for share in kept {
      changeRelations(of: share.child, on: netuid) { $0.addParent(parent, share.proportion) }
    }
    changeRelations(of: parent, on: netuid) {
      $0.children = kept.map { Relation($0.child, $0.proportion) }
      $0.pendingChildren = []
      $0.pendingCooldown = 0
    }
    stopWaiting(parent, on: netuid)
    return LedgerEvent(
      "SetChildren",
      ["hotkey": .hotkey(parent), "netuid": .netuid(netuid), "children": .groupList(kept.map(\.fields))])
  }

  /// Takes a hotkey whose list has its effect off the waiting ones, if it is among them.
  private mutating func stopWaiting(_ parent: Hotkey, on netuid: NetUID) {
    let place = subnets.read(netuid) { subnet -> Int? in
      let place = subnet.pendingParents.insertionIndex { $0 < parent }
      return place < subnet.pendingParents.count && subnet.pendingParents[place] == parent ? place : nil
    }
    guard let place, let place else { return }
    subnets.modify(netuid) { _ = $0.pendingParents.remove(at: place) }
  }

  /// The shares that keep the rules against oneself, against one's parents and on the sum, in their order.
  private func possible(_ children: [ChildShare], of parent: Hotkey, parents: [Relation]) -> [ChildShare] {
    var kept: [ChildShare] = []
    for share in children {
      let isParent = parents.contains { $0.hotkey == share.child }
      guard share.child != parent, !isParent, ChildrenRules.proportionsFit(kept + [share]) else { continue }
      kept.append(share)
    }
    return kept
  }
}

extension Relations {
  fileprivate mutating func addParent(_ parent: Hotkey, _ proportion: UInt64) {
    parents.insert(Relation(parent, proportion), at: parents.insertionIndex { $0.hotkey < parent })
  }

  fileprivate mutating func removeParent(_ parent: Hotkey) {
    let place = parents.insertionIndex { $0.hotkey < parent }
    if parents.indices.contains(place), parents[place].hotkey == parent { parents.remove(at: place) }
  }
}

extension Array {
  /// The first place of an ascending array at which `isBefore` no longer holds.
  ///
  /// - Complexity: O(log n).
  func insertionIndex(_ isBefore: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
