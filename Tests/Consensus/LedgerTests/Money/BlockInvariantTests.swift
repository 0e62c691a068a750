import Ledger
import Primitives
import Testing

/// The check that stays on in release builds finds what the walk over the whole state finds.
@Suite struct BlockInvariantTests {
  /// A chain at rest: stakes, pots and root stake, with nothing written since.
  private func settledMarket() throws -> MoneyFixture {
    var market = try MoneyFixture(subnets: 2)
    for (netuid, hotkey) in [(NetUID(1), UInt8(100)), (NetUID(2), 101), (.root, 100)] {
      try market.run(
        AddStake(hotkey: MoneyFixture.hotkey(hotkey), netuid: netuid, amount: .tao(10)), by: MoneyFixture.alice)
    }
    market.makeBlocks(13, dividends: [1])
    _ = market.state.takeChangedSections()
    return market
  }

  private static let faults: [@Sendable (inout LedgerState) -> Void] = [
    { $0.accounts.modify(MoneyFixture.alice.account) { $0.balance += 1 } },
    { $0.accounts[MoneyFixture.bob.account] = nil },
    { $0.chain.issuance += 1 },
    { $0.chain.recycled += 1 },
    { $0.chain.rootTao -= 1 },
    {
      $0.chain.minted += 3_000_000_000
      $0.chain.issuance += 3_000_000_000
    },
    { $0.subnets.modify(NetUID(1)) { $0.taoReserve += 1 } },
    { $0.subnets.modify(NetUID(1)) { $0.taoReserve = 0 } },
    { $0.subnets.modify(NetUID(2)) { $0.alphaIn = 0 } },
    { $0.subnets.modify(NetUID(2)) { $0.alphaIn = 21_000_000_000_000_000 } },
    { $0.subnets.modify(NetUID(2)) { $0.alphaOut -= 1 } },
    { $0.subnets.modify(NetUID(2)) { $0.alphaBurned += 1 } },
    { $0.subnets.modify(NetUID(2)) { $0.pendingServer += 1 } },
    { $0.subnets.modify(NetUID(2)) { $0.pendingValidator += 1 } },
    { $0.subnets.modify(NetUID(2)) { $0.pendingRoot += 1 } },
    { $0.subnets.modify(NetUID(2)) { $0.pendingOwner += 1 } },
    { $0.pools[HotkeyOnSubnet(NetUID(1), MoneyFixture.hotkey(100))] = nil },
    { $0.pools[HotkeyOnSubnet(.root, MoneyFixture.hotkey(100))] = nil },
    { $0.subnets[NetUID(2)] = nil },
    {
      $0.subnets[NetUID(2)] = nil
      $0.chain.netuids.removeLast()
    },
  ]

  @Test(arguments: faults.indices)
  func aFaultInOneFigureIsFound(index: Int) throws {
    let earlier = try settledMarket().state
    var state = earlier
    Self.faults[index](&state)
    #expect(state.brokenInvariant(since: earlier) != nil)
  }

  @Test func changesThatBalanceAreAccepted() throws {
    var market = try settledMarket()
    var earlier = market.state
    let steps: [(inout MoneyFixture) throws -> Void] = [
      { $0.makeBlocks(1, incentive: [1], dividends: [1]) },
      { try $0.run(Transfer(to: MoneyFixture.bob.account, amount: .tao(3)), by: MoneyFixture.alice) },
      { try $0.run(RegisterSubnet(hotkey: MoneyFixture.hotkey(9)), by: MoneyFixture.alice) },
      { _ = try $0.state.run(DissolveSubnet(netuid: NetUID(2)), as: .root, with: MoneyFixture.host) },
      { try $0.run(UnstakeAll(hotkey: MoneyFixture.hotkey(100)), by: MoneyFixture.alice) },
    ]
    for step in steps {
      try step(&market)
      #expect(market.state.brokenInvariant(since: earlier) == nil)
      #expect(market.state.brokenInvariant() == nil)
      _ = market.state.takeChangedSections()
      earlier = market.state
    }
  }

  @Test func whatIsLeftOfASubnetThatIsGoneIsFound() throws {
    var state = try settledMarket().state
    state.relations[HotkeyOnSubnet(NetUID(9), MoneyFixture.hotkey(1))] = Relations()
    #expect(state.brokenInvariant() == "stakes or relations of subnet 9 remain")
  }

  @Test func aLoanThatOnlyOneSideKnowsIsFound() throws {
    var state = try settledMarket().state
    var lent = Relations()
    lent.children = [Relation(MoneyFixture.hotkey(8), .max / 2)]
    state.relations[HotkeyOnSubnet(NetUID(1), MoneyFixture.hotkey(100))] = lent
    #expect(state.brokenInvariant()?.contains("does not know its parent") == true)
  }
}
