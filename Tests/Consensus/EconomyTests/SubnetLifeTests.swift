import Economy
import Primitives
import Testing

@Suite struct SubnetLifeTests {
  private let bounds = RegistrationPrice.Bounds(lowest: 500_000, highest: 100_000_000_000)

  @Test(arguments: [(1, 2_147_483_648), (2, 3_037_000_500), (360, 4_286_705_684), (1_000, 4_291_991_283), (0, 1 << 32)])
  func decayFactorsAreTheLargestThatHalve(halfLife: UInt64, factor: UInt64) {
    #expect(RegistrationPrice.factor(halfLife: halfLife) == factor)
  }

  @Test func aRegistrationPriceStaysWithinItsBounds() {
    var random = SplitMix64(seed: 81)
    let factor = RegistrationPrice.factor(halfLife: 10)
    var price: UInt64 = 1_000_000_000
    for _ in 0..<2_000 {
      let before = price
      if random.next() % 4 == 0 {
        price = RegistrationPrice.raised(price, numerator: 1_260_000, denominator: 1_000_000, within: bounds)
        #expect(price >= before)
      } else {
        price = RegistrationPrice.decayed(price, factor: factor, within: bounds)
        #expect(price <= before)
      }
      #expect((bounds.lowest...bounds.highest).contains(price))
    }
    let extreme = RegistrationPrice.raised(.max, numerator: .max, denominator: 1, within: bounds)
    #expect(extreme == bounds.highest)
    #expect(RegistrationPrice.raised(1_000_000, numerator: 1, denominator: 2, within: bounds) == 1_000_000)
  }

  @Test func theIntervalPriceStandsStillOnTarget() {
    func adjusted(_ registrations: UInt32, _ target: UInt32, _ alpha: UInt64) -> UInt64 {
      RegistrationPrice.adjusted(
        1_000_000_000, registrations: registrations, target: target, adjustmentAlpha: alpha, within: bounds)
    }
    #expect(adjusted(5, 5, 0) == 1_000_000_000)
    #expect(adjusted(0, 5, 0) == 500_000_000)
    #expect(adjusted(15, 5, 0) == 2_000_000_000)
    #expect(adjusted(15, 5, .max) == 1_000_000_000)
    #expect(adjusted(15, 0, 0) == 1_000_000_000)
    #expect(adjusted(.max, 1, 0) == bounds.highest)
  }

  @Test func theLockDoublesAndFallsBackOverTheInterval() {
    func cost(at now: UInt64, paidAt paid: UInt64) -> UInt64 {
      LockCost.cost(
        lastLock: 2_000_000_000_000, lastLockBlock: paid, now: now, minLock: 1_000_000_000_000,
        reductionInterval: 100_800, issuance: 0)
    }
    #expect(cost(at: 5, paidAt: 0) < 2_000_000_000_000)
    #expect(cost(at: 100, paidAt: 100) == 4_000_000_000_000)
    #expect(cost(at: 100_900, paidAt: 100) == 2_000_000_084_800)
    #expect(cost(at: .max, paidAt: 100) == 1_000_000_000_000)
    for now in 100..<1_000 { #expect(cost(at: UInt64(now) + 1, paidAt: 100) < cost(at: UInt64(now), paidAt: 100)) }
  }

  @Test func theWeakestSubnetOutsideItsImmunityMakesRoom() {
    func weakest(_ candidates: [(UInt16, UInt64, UInt128)], now: UInt64 = 100) -> UInt16? {
      let all = candidates.map { RemovalCandidate(netUID: NetUID($0.0), registeredAt: $0.1, movingPrice: $0.2) }
      return RemovalCandidate.weakest(of: all, now: now, immunity: 50)?.value
    }
    #expect(weakest([(0, 0, 0), (1, 0, 9), (2, 0, 5)]) == 2)
    #expect(weakest([(1, 0, 9), (2, 51, 5)]) == 1)
    #expect(weakest([(1, 0, 9), (2, 50, 5)]) == 2)
    #expect(weakest([(3, 7, 5), (2, 8, 5), (1, 7, 5)]) == 1)
    #expect(weakest([(0, 0, 0), (1, 60, 1)]) == nil)
    #expect(weakest([(1, .max, 1)], now: .max) == nil)
    #expect(weakest([]) == nil)
  }

  @Test func aDissolvedPotIsPaidOrRecycledWhole() {
    var random = SplitMix64(seed: 82)
    for _ in 0..<500 {
      let stakes = (0..<Int.random(in: 0...30, using: &random)).map { _ in random.amount(bits: 48) }
      let pot = random.amount(bits: 54)
      let result = Dissolution(
        pot: pot, stakes: stakes, poolAlpha: random.next() % 3 == 0 ? 0 : random.amount(bits: 50))
      #expect(result.paid.count == stakes.count)
      #expect(result.paid.reduce(result.recycled, +) == pot)
    }
    #expect(Dissolution(pot: 9, stakes: [0, 0], poolAlpha: 0) == Dissolution(pot: 9, stakes: [0, 0], poolAlpha: 3))
  }

  @Test func aSeedStartsAtOneOrAtTheMedianPrice() {
    let seed = PoolSeed.minLockAtOne(cost: 5, minLock: 3)
    #expect(seed.pool == ConstantProductPool(tao: 3, alpha: 3) && seed.recycled == 2)
    func median(_ others: [(UInt64, UInt64)]) -> UInt64? {
      PoolSeed.medianPrice(cost: 1_000, others: others.map { ConstantProductPool(tao: $0.0, alpha: $0.1) })?.pool.alpha
    }
    #expect(median([]) == 1_000)
    #expect(median([(1, 2), (0, 9), (9, 0)]) == 2_000)
    #expect(median([(1, 1), (3, 1)]) == 500)
    #expect(median([(3, 1), (1, 3), (1, 1)]) == 1_000)
    #expect(median([(1, EmissionSchedule.supply)]) == nil)
  }

  @Test func dustLeavesWithThePayment() {
    #expect(DebitedBalance(1_000, paying: 500, existentialDeposit: 500).balance == 500)
    let dusty = DebitedBalance(1_000, paying: 501, existentialDeposit: 500)
    #expect(dusty.balance == 0 && dusty.dust == 499)
    #expect(DebitedBalance(1_000, paying: 1_000, existentialDeposit: 500).dust == 0)
  }
}
