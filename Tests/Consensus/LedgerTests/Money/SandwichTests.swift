import Ledger
import Primitives
import Testing

/// An order with a limit loses no more than its limit says, whatever is traded around it.
@Suite struct SandwichTests {
  @Test func aBuyerNeverPaysMoreThanItsLimit() throws {
    var random = SplitMix64(seed: 51)
    var executed = 0
    for _ in 0..<300 {
      var market = try MoneyFixture()
      let hotkey = MoneyFixture.hotkey(100)
      func buy(_ amount: Rao, _ limit: Rao? = nil, partly: Bool = false) -> AddStake {
        AddStake(
          hotkey: hotkey, netuid: MoneyFixture.subnet, amount: amount, limitPrice: limit, allowPartial: partly)
      }
      let limit = Rao(1_000_000_000 + random.next() % 400_000_000)
      try market.run(buy(Rao(1_000_000_000 + random.next() % 150_000_000_000)), by: MoneyFixture.bob)
      let before = market.state.freeBalance(of: MoneyFixture.alice)
      let order = buy(Rao(10_000_000 + random.next() % 200_000_000_000), limit, partly: random.next() % 2 == 0)
      do throws(LedgerError) {
        try market.run(order, by: MoneyFixture.alice)
      } catch {
        #expect(error.code == .priceLimitExceeded || error.code == .slippageTooHigh || error.code == .amountTooLow)
        #expect(market.state.freeBalance(of: MoneyFixture.alice) == before)
        #expect(market.stake(MoneyFixture.alice, hotkey) == 0)
        continue
      }
      executed += 1
      let paid = before - market.state.freeBalance(of: MoneyFixture.alice)
      let alpha = market.stake(MoneyFixture.alice, hotkey)
      let net = paid - paid * 33 / 65_535
      // One unit of alpha is what rounding may cost.
      #expect(UInt128(net) * 1_000_000_000 <= UInt128(limit.value) * UInt128(alpha + 1))
      let pool = try #require(market.state.subnets[MoneyFixture.subnet])
      #expect(UInt128(pool.taoReserve) * 1_000_000_000 <= UInt128(limit.value) * UInt128(pool.alphaIn))
      // The other side of the sandwich takes nothing back from the buyer.
      try market.run(RemoveStakeFull(hotkey: hotkey, netuid: MoneyFixture.subnet), by: MoneyFixture.bob)
      #expect(market.stake(MoneyFixture.alice, hotkey) == alpha)
      #expect(market.state.brokenInvariant() == nil)
    }
    #expect(executed > 50)
  }

  @Test func aSellerNeverGetsLessThanItsLimit() throws {
    var random = SplitMix64(seed: 52)
    var executed = 0
    for _ in 0..<300 {
      var market = try MoneyFixture()
      let (hotkey, netuid) = (MoneyFixture.hotkey(100), MoneyFixture.subnet)
      for coldkey in [MoneyFixture.alice, MoneyFixture.bob] {
        try market.run(AddStake(hotkey: hotkey, netuid: netuid, amount: .tao(200)), by: coldkey)
      }
      let front = market.stake(MoneyFixture.bob, hotkey)
      try market.run(
        RemoveStake(hotkey: hotkey, netuid: netuid, amount: Rao(front / 100 * (1 + random.next() % 99))),
        by: MoneyFixture.bob)
      let held = market.stake(MoneyFixture.alice, hotkey)
      let before = market.state.freeBalance(of: MoneyFixture.alice)
      let limit = Rao(1_000_000_000 + random.next() % 900_000_000)
      do throws(LedgerError) {
        try market.run(
          RemoveStake(
            hotkey: hotkey, netuid: netuid, amount: Rao(held / 100 * (1 + random.next() % 99)), limitPrice: limit,
            allowPartial: random.next() % 2 == 0), by: MoneyFixture.alice)
      } catch {
        #expect(error.code == .priceLimitExceeded || error.code == .slippageTooHigh || error.code == .amountTooLow)
        #expect(market.stake(MoneyFixture.alice, hotkey) == held)
        continue
      }
      executed += 1
      let sold = held - market.stake(MoneyFixture.alice, hotkey)
      let got = market.state.freeBalance(of: MoneyFixture.alice) - before
      let net = sold - sold * 33 / 65_535
      // Withdrawing rounds the stake that is left down by at most one unit.
      #expect(UInt128(got + 2) * 1_000_000_000 + UInt128(limit.value) >= UInt128(limit.value) * UInt128(net))
      #expect(market.state.brokenInvariant() == nil)
    }
    #expect(executed > 50)
  }
}
