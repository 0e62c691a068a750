import Ledger
import Primitives
import Testing

/// Lists that users can make long: their order is kept, and what leaves them leaves nothing behind.
@Suite struct ManyHotkeysTests {
  private func hotkey(_ number: Int) -> Hotkey {
    let bytes = withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) }
    return Hotkey(AccountID([UInt8(truncatingIfNeeded: number)] + bytes + Array(repeating: 5, count: 23)) ?? .zero)
  }

  @Test func aListOfHotkeysIsItsSequenceWhateverItsLength() throws {
    for count in [0, 1, 255, 256, 257, 1000] {
      let keys = (0..<count).map(hotkey)
      let list = HotkeyList(keys)
      #expect(Array(list) == keys)
      #expect(list.count == count && list.isEmpty == keys.isEmpty && list.last == keys.last)
      #expect(keys.allSatisfy { list.contains($0) } && !list.contains(hotkey(count)))
      var record = ColdkeyRecord()
      record.ownedHotkeys = list
      let read = try #require(ColdkeyRecord(canonicalBytes: record.canonicalBytes))
      #expect(read == record)
    }
  }

  @Test func aColdkeyKeepsItsHotkeysInTheOrderOfTheirComing() throws {
    var market = try MoneyFixture()
    let keys = (0..<600).reversed().map(hotkey)
    for key in keys { try market.run(AssociateHotkey(hotkey: key), by: MoneyFixture.alice) }
    try market.run(AssociateHotkey(hotkey: keys[3]), by: MoneyFixture.alice)
    let root = AddStake(hotkey: keys[5], netuid: .root, amount: .tao(1))
    try market.run(root, by: MoneyFixture.alice)
    try market.run(root, by: MoneyFixture.bob)
    let alice = market.state.coldkeyRecord(MoneyFixture.alice)
    #expect(Array(alice.ownedHotkeys) == keys)
    #expect(Array(alice.stakingHotkeys) == keys)
    #expect(Array(market.state.coldkeyRecord(MoneyFixture.bob).stakingHotkeys) == [keys[5]])

    // It stays on the list when the stake has gone, and comes on it once.
    try market.run(RemoveStakeFull(hotkey: keys[5], netuid: .root), by: MoneyFixture.bob)
    try market.run(root, by: MoneyFixture.bob)
    #expect(Array(market.state.coldkeyRecord(MoneyFixture.bob).stakingHotkeys) == [keys[5]])
  }

  @Test func aRefusedCallLeavesTheListsAsTheyWere() throws {
    var fixture = LedgerFixture()
    let miner = LedgerFixture.coldkey("miner")
    let key = LedgerFixture.hotkey("miner")
    let before = fixture.state.coldkeyRecord(miner)
    let associate = try LedgerFixture.encoded(AssociateHotkey(hotkey: key))
    let refused = try LedgerFixture.encoded(Transfer(to: LedgerFixture.account("owner"), amount: Rao(.max)))
    #expect(try fixture.send(BatchAll(calls: [associate, refused]), as: "miner").error?.code == .insufficientBalance)
    #expect(fixture.state.coldkeyRecord(miner) == before)
    #expect(fixture.state.owner(of: key) == nil)
  }

  @Test func aSubnetOfManyHoldersGoesWithAllThatWasTheirs() throws {
    var market = try MoneyFixture(subnets: 2)
    let netuid = NetUID(2)
    for number in 0..<40 {
      try market.run(AssociateHotkey(hotkey: hotkey(number)), by: MoneyFixture.alice)
      let stake = AddStake(hotkey: hotkey(number), netuid: netuid, amount: .tao(1))
      try market.run(stake, by: MoneyFixture.alice)
      try market.run(stake, by: MoneyFixture.bob)
    }
    let before = market.state
    _ = try market.state.run(DissolveSubnet(netuid: netuid), as: .root, with: MoneyFixture.host)
    #expect(market.state.brokenInvariant() == nil)
    for bucket in HotkeyOnSubnet.buckets(of: netuid) { #expect(market.state.shares.keys(inBucket: bucket).isEmpty) }
    #expect(market.state.shares.count == 0 && market.state.pools.count == 0)
    #expect(before.shares.count == 80)
  }

  @Test func listsOfChildrenThatWaitTogetherTakeEffectTogether() throws {
    var fixture = try LedgerFixture.withSubnet()
    let names = (0..<30).map { "parent\($0)" }
    let child = LedgerFixture.hotkey("miner")
    for name in names {
      try fixture.run(AssociateHotkey(hotkey: LedgerFixture.hotkey(name)), as: name)
      let share = ChildShare(child: child, proportion: 5)
      try fixture.run(
        SetChildren(hotkey: LedgerFixture.hotkey(name), netuid: NetUID(1), children: [share]), as: name)
    }
    // One that has just come waits longer than the others.
    fixture.advance(10)
    let late = SetChildren(
      hotkey: LedgerFixture.hotkey("owner"), netuid: NetUID(1), children: [ChildShare(child: child, proportion: 7)])
    try fixture.run(late, as: "owner")
    var applied: [Int] = []
    for _ in 0..<40 {
      let count = fixture.step().count { $0.name == "SetChildren" }
      if count > 0 { applied.append(count) }
      #expect(fixture.state.brokenInvariant() == nil)
    }
    #expect(applied == [30, 1])
    #expect(fixture.state.subnets[NetUID(1)]?.pendingParents == [])
    #expect(fixture.state.relations[HotkeyOnSubnet(NetUID(1), child)]?.parents.count == 31)
  }
}
