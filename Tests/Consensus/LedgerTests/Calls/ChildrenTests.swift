import Ledger
import Primitives
import Testing

@Suite struct ChildrenTests {
  private let netuid = NetUID(1)
  private let half = UInt64.max / 2

  private func lend(_ parent: String, to children: [(String, UInt64)]) -> SetChildren {
    SetChildren(
      hotkey: LedgerFixture.hotkey(parent), netuid: netuid,
      children: children.map { ChildShare(child: LedgerFixture.hotkey($0.0), proportion: $0.1) })
  }

  private func relations(of name: String, in fixture: LedgerFixture) -> Relations {
    fixture.state.relations[HotkeyOnSubnet(netuid, LedgerFixture.hotkey(name))] ?? Relations()
  }

  private func pairs(_ relations: [Relation]) -> [String] {
    relations.map { "\(String(decoding: $0.hotkey.bytes.prefix { $0 != 0 }, as: UTF8.self)) \($0.proportion)" }
  }

  @Test func beforeTheStartChildrenAreSetAtOnceOnBothSides() throws {
    var fixture = try LedgerFixture.withSubnet { $0.parameters.autoStart = false }
    let events = try fixture.run(lend("owner", to: [("miner", half), ("validator", 7)]), as: "owner")
    #expect(events.map(\.name) == ["SetChildren"])
    #expect(pairs(relations(of: "owner", in: fixture).children) == ["miner-hot \(half)", "validator-hot 7"])
    #expect(pairs(relations(of: "miner", in: fixture).parents) == ["owner-hot \(half)"])
    fixture.advance(1)
    try fixture.run(lend("owner", to: [("validator", 8)]), as: "owner")
    #expect(relations(of: "miner", in: fixture) == Relations())
    #expect(pairs(relations(of: "validator", in: fixture).parents) == ["owner-hot 8"])
    fixture.advance(1)
    try fixture.run(lend("owner", to: []), as: "owner")
    #expect(relations(of: "validator", in: fixture) == Relations())
    #expect(fixture.state.brokenInvariant() == nil)
  }

  @Test func afterTheStartChildrenWaitForTheFirstEpochBeyondTheCooldown() throws {
    var fixture = try LedgerFixture.withSubnet()
    let called = fixture.state.block.value
    let events = try fixture.run(lend("owner", to: [("miner", 9)]), as: "owner")
    #expect(events.first?.name == "SetChildrenScheduled")
    #expect(events.first?.number("cooldown_block") == called + 15)
    var applied: [UInt64] = []
    for _ in 0..<40 {
      if fixture.step().contains(where: { $0.name == "SetChildren" }) { applied.append(fixture.state.block.value) }
      #expect(fixture.state.brokenInvariant() == nil)
    }
    // The clock starts one block back, and epochs are ten blocks apart.
    #expect(applied == [called - 1 + 20])
    #expect(pairs(relations(of: "miner", in: fixture).parents) == ["owner-hot 9"])
  }

  @Test func anEpochInTheBlockOfTheCooldownIsTooEarly() throws {
    var fixture = try LedgerFixture.withSubnet { $0.parameters.pendingChildkeyCooldown = 19 }
    let called = fixture.state.block.value
    try fixture.run(lend("owner", to: [("miner", 9)]), as: "owner")
    fixture.advance(19)
    #expect(fixture.state.subnets[netuid]?.clock.lastEpochBlock.value == called + 19)
    #expect(relations(of: "miner", in: fixture).parents.isEmpty)
    fixture.advance(10)
    #expect(pairs(relations(of: "miner", in: fixture).parents) == ["owner-hot 9"])
  }

  @Test func aSecondListTakesThePlaceOfTheOneThatWaits() throws {
    var fixture = try LedgerFixture.withSubnet()
    try fixture.run(lend("owner", to: [("miner", 9)]), as: "owner")
    fixture.advance(2)
    try fixture.run(lend("owner", to: [("validator", 3)]), as: "owner")
    #expect(fixture.state.subnets[netuid]?.pendingParents == [LedgerFixture.hotkey("owner")])
    fixture.advance(30)
    #expect(pairs(relations(of: "owner", in: fixture).children) == ["validator-hot 3"])
    #expect(relations(of: "miner", in: fixture) == Relations())
  }

  @Test func whatOthersMadeImpossibleMeanwhileIsLeftOut() throws {
    var fixture = try LedgerFixture.withSubnet()
    // Each asks for the other; the lower hotkey is first, and its child cannot be its parent too.
    try fixture.run(lend("miner", to: [("owner", 5), ("validator", 6)]), as: "miner")
    try fixture.run(lend("owner", to: [("miner", 5), ("stranger", 6)]), as: "owner")
    fixture.advance(30)
    #expect(pairs(relations(of: "miner", in: fixture).children) == ["owner-hot 5", "validator-hot 6"])
    #expect(pairs(relations(of: "owner", in: fixture).children) == ["stranger-hot 6"])
    #expect(fixture.state.brokenInvariant() == nil)
  }

  @Test func lentWeightIsNeitherMadeNorLost() throws {
    var fixture = try LedgerFixture.withSubnet { $0.parameters.pendingChildkeyCooldown = 0 }
    for (name, tao) in [("owner", UInt64(70)), ("miner", 11), ("validator", 5)] {
      try fixture.run(AddStake(hotkey: LedgerFixture.hotkey(name), netuid: netuid, amount: .tao(tao)), as: name)
    }
    try fixture.run(lend("owner", to: [("miner", half), ("stranger", 12345)]), as: "owner")
    try fixture.run(lend("validator", to: [("miner", .max)]), as: "validator")
    fixture.advance(12)
    let hotkeys = ["owner", "miner", "validator", "stranger"].map(LedgerFixture.hotkey)
    let own = hotkeys.reduce(UInt64(0)) { $0 + fixture.state.poolValue(of: $1, on: netuid) }
    let inherited = hotkeys.map { fixture.state.inheritedStake(of: $0, on: netuid).alpha }
    #expect(inherited.reduce(0, +) == own)
    #expect(inherited[2] == 0)
    #expect(inherited[1] > fixture.state.poolValue(of: hotkeys[1], on: netuid))
  }

  @Test func aChildkeyTakeIsRaisedSeldomAndLoweredFreely() throws {
    var fixture = try LedgerFixture.withSubnet()
    let hotkey = LedgerFixture.hotkey("miner")
    func take(_ take: UInt16) -> SetChildkeyTake { SetChildkeyTake(hotkey: hotkey, netuid: netuid, take: take) }
    try fixture.run(take(100), as: "miner")
    fixture.advance(3)
    try fixture.run(take(50), as: "miner")
    fixture.advance(4)
    #expect(fixture.refusal(of: take(51), as: "miner") == .txChildkeyTakeRateLimitExceeded)
    try fixture.run(take(50), as: "miner")
    fixture.advance(5)
    try fixture.run(take(51), as: "miner")
    #expect(fixture.state.childkeyTake(of: hotkey, on: netuid) == 51)
  }

  @Test func theSubnetsOwnMinimumBindsChildkeyTakes() throws {
    var fixture = try LedgerFixture.withSubnet()
    let hotkey = LedgerFixture.hotkey("miner")
    try fixture.run(SetHyperparameter(netuid: netuid, name: "min_childkey_take", value: .u64(10)), as: "owner")
    #expect(fixture.state.childkeyTake(of: hotkey, on: netuid) == 10)
    #expect(
      fixture.refusal(of: SetChildkeyTake(hotkey: hotkey, netuid: netuid, take: 9), as: "miner") == .invalidChildkeyTake
    )
    #expect(
      fixture.refusal(of: SetChildkeyTake(hotkey: hotkey, netuid: NetUID(9), take: 9), as: "owner") == .subnetNotExists)
  }
}
