import Primitives
import Economy
import Testing

@Suite struct MovingAverageTests {
  @Test func theFlowAverageMovesByTheTruncatedShareOfTheDistance() {
    var random = SplitMix64(seed: 61)
    let extremes: [Int128] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
    for _ in 0..<5_000 {
      let wide = Int128(truncatingIfNeeded: UInt128(random.next()) << 64 | UInt128(random.next()))
      let average = [wide, wide >> 30, wide >> 100, extremes.randomElement(using: &random)!].randomElement(
        using: &random)!
      let flow = [Int64.min, -1, 0, 1, .max, Int64(random.amount(bits: 55))].randomElement(using: &random)!
      let factor = [0, 1, FlowAverage.factorUnit - 1, FlowAverage.factorUnit, random.amount(bits: 63)]
        .randomElement(using: &random)!
      let target = Int128(flow) << 64
      let distance = UInt128(truncatingIfNeeded: target > average ? target &- average : average &- target)
      let step = mulDivFloor(distance, UInt128(factor), UInt128(FlowAverage.factorUnit))
      let expected =
        target > average ? average &+ Int128(truncatingIfNeeded: step) : average &- Int128(truncatingIfNeeded: step)
      #expect(FlowAverage.next(average, flow: flow, factor: factor) == expected)
    }
  }

  @Test func aFactorOfOneJumpsToTheFlow() {
    #expect(FlowAverage.next(.min, flow: .max, factor: FlowAverage.factorUnit) == Int128(Int64.max) << 64)
  }

  @Test func theMovingPriceStaysBetweenItselfAndThePool() {
    var random = SplitMix64(seed: 62)
    for _ in 0..<5_000 {
      let pool = ConstantProductPool(tao: random.amount(bits: 55), alpha: random.amount(bits: 55))
      let average = UInt128(random.next()) << Int.random(in: 0...64, using: &random)
      let terms = MovingPrice.Terms(
        numerator: random.amount(bits: 40), denominator: random.amount(bits: 40), halving: random.amount(bits: 30))
      let next = MovingPrice.next(average, pool: pool, blocksSinceStart: 1 + random.amount(bits: 60), terms: terms)
      let price = MovingPrice.spot(pool)
      #expect(price <= MovingPrice.one)
      #expect(next >= min(average, price) && next <= max(average, price))
    }
  }

  @Test func aNewSubnetHardlyMovesItsPrice() {
    let terms = MovingPrice.Terms()
    #expect(MovingPrice.smoothing(blocksSinceStart: 1, terms: terms) == 274_503_758)
    #expect(
      MovingPrice.smoothing(blocksSinceStart: 1 << 62, terms: MovingPrice.Terms(numerator: 9, denominator: 1)) == .max)
  }

  @Test func thePoolPriceIsCappedAtOne() {
    #expect(MovingPrice.spot(ConstantProductPool(tao: 7, alpha: 3)) == MovingPrice.one)
    #expect(MovingPrice.spot(ConstantProductPool(tao: 1, alpha: 2)) == MovingPrice.one / 2)
    #expect(MovingPrice.spot(ConstantProductPool(tao: 0, alpha: 0)) == MovingPrice.one)
  }

  @Test func rootDividendsAreSoldAboveTheThresholdOnly() {
    #expect(!MovingPrice.sellsRootDividends(sum: MovingPrice.one, threshold: 1 << 64))
    #expect(MovingPrice.sellsRootDividends(sum: MovingPrice.one + 1, threshold: 1 << 64))
    #expect(MovingPrice.sellsRootDividends(sum: 0, threshold: -1))
  }
}
