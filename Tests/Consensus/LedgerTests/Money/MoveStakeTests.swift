import Economy
import Ledger
import Primitives
import Testing

/// Moves of stake between subnets: a sale and a purchase with one fee.
@Suite struct MoveStakeTests {
  private static let feeRate: UInt16 = 6554

  /// Alice holds alpha on subnet 1 and TAO on root, on the owner's hotkeys.
  private func market() throws -> MoneyFixture {
    var market = try MoneyFixture(subnets: 2) { $0.feeRate = Self.feeRate }
    for netuid in [NetUID(1), .root] {
      try market.run(
        AddStake(hotkey: MoneyFixture.hotkey(100), netuid: netuid, amount: .tao(100)), by: MoneyFixture.alice)
    }
    return market
  }

  private func move(_ amount: UInt64, from netuid: NetUID, to destination: NetUID) -> MoveStake {
    MoveStake(
      hotkey: MoneyFixture.hotkey(100), netuid: netuid, toHotkey: MoneyFixture.hotkey(101), toNetuid: destination,
      amount: Rao(amount))
  }

  @Test func betweenSubnetsTheFeeIsOnTheSaleAlone() throws {
    var market = try market()
    let terms = market.state.tradeTerms
    let (amount, origin, target) = (20 * Rao.perTAO, market.state.pool(of: NetUID(1)), market.state.pool(of: NetUID(2)))
    let sale = try origin.quote(.sell, amount, terms: terms)
    let purchase = try target.quote(.buy, sale.output, terms: terms.withoutFee)
    let held = market.stake(MoneyFixture.alice, MoneyFixture.hotkey(100))
    try market.run(move(amount, from: NetUID(1), to: NetUID(2)), by: MoneyFixture.alice)
    #expect(sale.fee > 0)
    #expect(market.stake(MoneyFixture.alice, MoneyFixture.hotkey(101), NetUID(2)) == purchase.output)
    #expect(market.stake(MoneyFixture.alice, MoneyFixture.hotkey(100)) == held - amount)
    #expect(market.state.subnets[NetUID(1)]?.flow == Int64(100 * Rao.perTAO) - Int64(sale.output))
    #expect(market.state.subnets[NetUID(2)]?.flow == Int64(sale.output))
    #expect(market.state.brokenInvariant() == nil)
  }

  @Test func fromRootTheFeeIsOnThePurchase() throws {
    var market = try market()
    let purchase = try market.state.pool(of: NetUID(2)).quote(.buy, 20 * Rao.perTAO, terms: market.state.tradeTerms)
    try market.run(move(20 * Rao.perTAO, from: .root, to: NetUID(2)), by: MoneyFixture.alice)
    #expect(purchase.fee > 0)
    #expect(market.stake(MoneyFixture.alice, MoneyFixture.hotkey(101), NetUID(2)) == purchase.output)
    #expect(market.state.chain.rootTao == 80 * Rao.perTAO)
    #expect(market.state.brokenInvariant() == nil)
  }

  @Test func insideASubnetNothingIsTradedOrPaid() throws {
    var market = try market()
    let pool = market.state.pool(of: NetUID(1))
    try market.run(move(20 * Rao.perTAO, from: NetUID(1), to: NetUID(1)), by: MoneyFixture.alice)
    #expect(market.stake(MoneyFixture.alice, MoneyFixture.hotkey(101), NetUID(1)) == 20 * Rao.perTAO)
    #expect(market.state.pool(of: NetUID(1)) == pool)
    #expect(market.state.subnets[NetUID(1)]?.flow == Int64(100 * Rao.perTAO))
  }

  @Test func aMoveToWhereTheStakeAlreadyIsIsRefused() throws {
    var market = try market()
    let before = market.state.canonicalBytes
    let stay = SwapStake(hotkey: MoneyFixture.hotkey(100), netuid: NetUID(1), toNetuid: NetUID(1), amount: Rao(5))
    #expect { try market.run(stay, by: MoneyFixture.alice) } throws: { ($0 as? LedgerError)?.code == .sameNetuid }
    #expect(market.state.canonicalBytes == before)
  }
}
