import Primitives
import Economy
import Testing

@Suite struct ConstantProductPoolTests {
  private let terms = TradeTerms()

  private func randomPool(_ random: inout SplitMix64) -> ConstantProductPool {
    ConstantProductPool(
      tao: min(EmissionSchedule.supply, random.amount(bits: 55)),
      alpha: min(EmissionSchedule.supply, random.amount(bits: 55)))
  }

  private func product(_ pool: ConstantProductPool) -> UInt128 { UInt128(pool.tao) * UInt128(pool.alpha) }

  @Test func theProductOfTheReservesNeverFalls() throws {
    var random = SplitMix64(seed: 31)
    var trades = 0
    for _ in 0..<500 {
      var pool = randomPool(&random)
      for _ in 0..<20 {
        let before = pool
        let side: TradeSide = random.next() % 2 == 0 ? .buy : .sell
        let terms = TradeTerms(feeRate: [0, 33, 10_000].randomElement(using: &random)!)
        let input = random.amount(bits: 56)
        guard (try? pool.trade(side, input, terms: terms)) != nil else {
          #expect(pool == before)
          continue
        }
        trades += 1
        #expect(product(pool) >= product(before))
        #expect(pool.tao > 0 && pool.alpha > 0)
      }
    }
    #expect(trades > 2_000)
  }

  @Test func buyingAndSellingAgainNeverGains() throws {
    var random = SplitMix64(seed: 32)
    var rounds = 0
    for _ in 0..<3_000 {
      var pool = randomPool(&random)
      let input = random.amount(bits: 54)
      guard let bought = try? pool.trade(.buy, input, terms: terms.withoutFee),
        let sold = try? pool.trade(.sell, bought.output, terms: terms.withoutFee)
      else { continue }
      rounds += 1
      #expect(sold.output <= input)
    }
    #expect(rounds > 500)
  }

  @Test func theFeeStaysInThePool() throws {
    var pool = ConstantProductPool(tao: 1_000_000_000_000, alpha: 1_000_000_000_000)
    let trade = try pool.trade(.buy, 10_000_000_000, terms: terms)
    #expect(trade.fee == 5_035_477)
    #expect(trade.output == 9_896_053_816)
    #expect(pool == ConstantProductPool(tao: 1_010_000_000_000, alpha: 1_000_000_000_000 - 9_896_053_816))
  }

  @Test func refusalsComeInTheirOrderAndMoveNothing() {
    func refusal(_ pool: ConstantProductPool, _ side: TradeSide, _ input: UInt64) -> TradeRefusal? {
      var pool = pool
      let before = pool
      do throws(TradeRefusal) {
        _ = try pool.trade(side, input, terms: terms.withoutFee)
        return nil
      } catch {
        #expect(pool == before)
        return error
      }
    }
    let even = ConstantProductPool(tao: 1_000_000_000, alpha: 1_000_000_000)
    #expect(refusal(ConstantProductPool(tao: 0, alpha: 1_000_000_000), .buy, .max) == .reservesTooLow)
    #expect(refusal(ConstantProductPool(tao: 1_000_000_000, alpha: 999_999), .buy, 1) == .reservesTooLow)
    #expect(refusal(even, .buy, 1_000_000_000_001) == .swapInputTooLarge)
    #expect(refusal(even, .buy, 1_000_000_000_000) == nil)
    #expect(refusal(even, .sell, .max) == .swapInputTooLarge)
    let vast = ConstantProductPool(tao: EmissionSchedule.supply, alpha: EmissionSchedule.supply)
    #expect(refusal(vast, .buy, .max) == .swapInputTooLarge)
    #expect(refusal(ConstantProductPool(tao: 1_000_000_000, alpha: 1_000_000), .buy, 1) == .amountTooLow)
    #expect(refusal(even, .buy, 0) == nil)
  }

  @Test func theLargestInputKeepsTheLimitAndOneMoreBreaksIt() throws {
    var random = SplitMix64(seed: 33)
    var checked = 0
    for _ in 0..<2_000 {
      let pool = randomPool(&random)
      guard pool.tao > 1_000, pool.alpha > 1_000, pool.displayPrice > 100, pool.displayPrice >> 60 == 0 else {
        continue
      }
      let side: TradeSide = random.next() % 2 == 0 ? .buy : .sell
      let terms = TradeTerms(feeRate: [0, 33, 196].randomElement(using: &random)!, minReserve: 0)
      let price = UInt64(pool.displayPrice)
      let limit = side == .buy ? price + 1 + random.next() % price : price - 1 - random.next() % (price / 2)
      let most = try pool.maxInput(side, limit: limit, terms: terms)
      guard most < UInt128(UInt64.max) else { continue }
      checked += 1
      #expect(try keeps(limit, pool, side, UInt64(most), terms))
      let all = UInt128(side == .buy ? pool.tao : pool.alpha) * 1_000
      #expect(try most == all || !keeps(limit, pool, side, UInt64(most) + 1, terms))
    }
    #expect(checked > 300)
  }

  /// Whether the price after a trade is within a limit, from the trade itself.
  private func keeps(
    _ limit: UInt64, _ pool: ConstantProductPool, _ side: TradeSide, _ input: UInt64, _ terms: TradeTerms
  ) throws -> Bool {
    var pool = pool
    do throws(TradeRefusal) {
      _ = try pool.trade(side, input, terms: terms)
    } catch .amountTooLow {
      if side == .buy { pool.tao += input } else { pool.alpha += input }
    }
    let (price, bound) = (UInt128(pool.tao) * 1_000_000_000, UInt128(limit) * UInt128(pool.alpha))
    return side == .buy ? price <= bound : price >= bound
  }

  @Test func anOrderPastItsLimitIsCutOrRefused() throws {
    let pool = ConstantProductPool(tao: 1_000_000, alpha: 1_000_000)
    let free = terms.withoutFee
    #expect(try pool.executable(.buy, 900_000, limit: 4_000_000_000, allowPartial: false, terms: free) == 900_000)
    #expect(try pool.executable(.buy, 2_000_000, limit: 4_000_000_000, allowPartial: true, terms: free) == 1_000_000)
    #expect(throws: TradeRefusal.slippageTooHigh) {
      try pool.executable(.buy, 2_000_000, limit: 4_000_000_000, allowPartial: false, terms: free)
    }
    #expect(throws: TradeRefusal.priceLimitExceeded) {
      try pool.executable(.sell, 1, limit: 1_000_000_000, allowPartial: true, terms: free)
    }
  }

  @Test func extremeReservesAndLimitsHaveAnAnswer() throws {
    let full = ConstantProductPool(tao: .max, alpha: .max)
    #expect(try full.maxInput(.buy, limit: .max, terms: terms) > 0)
    #expect(try full.maxInput(.sell, limit: 0, terms: terms) == UInt128(UInt64.max) * 1_000)
    #expect(try ConstantProductPool(tao: 0, alpha: 5).maxInput(.buy, limit: 1, terms: terms) == 0)
    #expect(throws: TradeRefusal.priceLimitExceeded) {
      try ConstantProductPool(tao: 0, alpha: 0).maxInput(.sell, limit: 0, terms: terms)
    }
    #expect(ConstantProductPool(tao: 5, alpha: 0).displayPrice == 0)
  }

  @Test func rootTradesAtOneWithinTheLimit() throws {
    #expect(try RootPrice.executable(.buy, 7, limit: 1_000_000_000, allowPartial: false) == 7)
    #expect(try RootPrice.executable(.buy, 7, limit: 999_999_999, allowPartial: true) == 0)
    #expect(try RootPrice.executable(.sell, 7, limit: 1_000_000_000, allowPartial: false) == 7)
    #expect(throws: TradeRefusal.slippageTooHigh) {
      try RootPrice.executable(.sell, 7, limit: 1_000_000_001, allowPartial: false)
    }
  }
}
