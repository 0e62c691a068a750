import Primitives
import Economy
import Testing

@Suite struct EpochPaymentTests {
  @Test func everythingTakenFromThePotsIsPaidOrCarried() {
    var random = SplitMix64(seed: 71)
    for _ in 0..<2_000 {
      let count = Int.random(in: 1...12, using: &random)
      func pot() -> UInt64 { random.next() % 4 == 0 ? 0 : random.amount(bits: 50) }
      func scores() -> [UInt64] {
        let idle = random.next() % 5 == 0
        return (0..<count).map { _ in idle || random.next() % 3 == 0 ? 0 : random.amount(bits: 16) }
      }
      let pots = EpochPots(server: pot(), validator: pot(), root: pot(), owner: 0)
      let division = EpochDivision(pots: pots, incentive: scores(), dividends: scores())
      let rows = division.dividends.map { dividend in
        DividendPayment.Row(
          dividend: dividend, alpha: pot(), root: pot(), take: UInt16(truncatingIfNeeded: random.next()))
      }
      let payments = DividendPayment.divide(
        validatorPot: division.validatorPot, rootPot: division.rootPot, rows: rows, taoWeight: random.next())
      let incentives = division.incentives.reduce(0, +)
      let dividends = payments.reduce(0) { $0 + $1.alpha + $1.root }
      #expect(dividends == division.validatorPot + division.rootPot)
      #expect(incentives + dividends + division.carriedValidator + division.carriedRoot == pots.emission)
      #expect(payments.allSatisfy { $0.alphaTake + $0.alphaRest == $0.alpha && $0.rootTake + $0.rootRest == $0.root })
    }
  }

  @Test func withoutIncentiveTheServersPotGoesToValidators() {
    let pots = EpochPots(server: 10, validator: 5, root: 3, owner: 9)
    let division = EpochDivision(pots: pots, incentive: [0, 0], dividends: [1, 1])
    #expect(division.incentives == [0, 0])
    #expect(division.validatorPot == 15 && division.rootPot == 3)
    #expect(division.dividends == [9, 9])
  }

  @Test func withoutDividendsThePotsAreCarried() {
    let pots = EpochPots(server: 10, validator: 5, root: 3, owner: 9)
    let division = EpochDivision(pots: pots, incentive: [0, 0], dividends: [0, 0])
    #expect(division.carriedValidator == 15 && division.carriedRoot == 3)
    #expect(division.validatorPot == 0 && division.rootPot == 0)
    let paid = EpochDivision(pots: pots, incentive: [1, 0], dividends: [0, 0])
    #expect(paid.incentives == [10, 0] && paid.carriedValidator == 5)
  }

  @Test func withoutRootStakeTheRootPotJoinsTheValidators() {
    let row = DividendPayment.Row(dividend: 4, alpha: 100, root: 0, take: 65_535)
    let payments = DividendPayment.divide(validatorPot: 5, rootPot: 3, rows: [row], taoWeight: .max)
    #expect(payments.map(\.alpha) == [8] && payments.map(\.root) == [0])
    #expect(payments.map(\.alphaRest) == [0])
  }

  @Test func emptyPotsPayNothingWhateverTheWeights() {
    let row = DividendPayment.Row(dividend: 0, alpha: 0, root: 0, take: 0)
    let payments = DividendPayment.divide(validatorPot: 0, rootPot: 0, rows: [row, row], taoWeight: .max)
    #expect(payments.map { $0.alpha + $0.root } == [0, 0])
  }

  @Test func aChildSharesItsDividendWithoutLosingAUnit() {
    var random = SplitMix64(seed: 72)
    for _ in 0..<2_000 {
      let parents = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        ChildDividends.Parent(
          alpha: random.amount(bits: 50), root: random.amount(bits: 50), proportion: random.next(),
          sameOwner: random.next() % 2 == 0)
      }
      let dividend = random.amount(bits: 54)
      let shared = ChildDividends(
        dividend: dividend, alpha: random.amount(bits: 50), root: random.amount(bits: 50),
        childProportions: [random.next() / 2, random.next() / 2], parents: parents,
        childTake: UInt16(truncatingIfNeeded: random.next()), taoWeight: random.next())
      #expect(shared.amounts.reduce(shared.kept, +) == dividend)
    }
    let alone = ChildDividends(
      dividend: 9, alpha: 0, root: 0, childProportions: [],
      parents: [ChildDividends.Parent(alpha: 0, root: 0, proportion: .max, sameOwner: false)], childTake: 0,
      taoWeight: .max)
    #expect(alone.kept == 9 && alone.amounts == [0])
  }

  @Test func lentStakeIsNeitherLostNorMade() {
    var random = SplitMix64(seed: 73)
    for _ in 0..<200 {
      // Hotkey i lends to every later hotkey.
      let own = (0..<6).map { _ in random.amount(bits: 54) }
      let lent = (0..<6).map { parent in (0..<6).map { $0 > parent ? random.next() / 6 : 0 } }
      let inherited = own.indices.map { hotkey in
        StakeWeight.inherited(
          own: own[hotkey], childProportions: lent[hotkey],
          parents: own.indices.map { StakeWeight.Loan(stake: own[$0], proportion: lent[$0][hotkey]) })
      }
      #expect(inherited.reduce(0, +) == own.reduce(0, +))
    }
  }

  @Test func claimsNeverPassTheReserve() {
    var random = SplitMix64(seed: 74)
    var claim = RootClaim()
    var stakes: [UInt64] = [0, 0, 0, 0]
    var debts: [Int128] = [0, 0, 0, 0]
    for _ in 0..<3_000 {
      let holder = Int.random(in: 0..<4, using: &random)
      let owed = claim.owed(rootStake: stakes[holder], debt: debts[holder])
      switch random.next() % 4 {
      case 0:
        let amount = random.amount(bits: 40)
        debts[holder] += claim.debtOfAdding(amount)
        stakes[holder] += amount
        let now = claim.owed(rootStake: stakes[holder], debt: debts[holder])
        #expect(now <= owed && owed - now <= 1)
      case 1:
        let amount = random.amount(bits: 40) % (stakes[holder] + 1)
        debts[holder] -= claim.debtOfRemoving(amount)
        stakes[holder] -= amount
      case 2: _ = claim.accrue(random.amount(bits: 38), rootStake: stakes.reduce(0, +))
      default:
        let paid = claim.claim(rootStake: stakes[holder], debt: debts[holder], threshold: 500_000)
        #expect(paid == (owed < 500_000 ? 0 : owed))
        debts[holder] += Int128(paid)
      }
      let entitled = zip(stakes, debts).reduce(0) { $0 + claim.owed(rootStake: $1.0, debt: $1.1) }
      #expect(entitled <= claim.reserve)
    }
    #expect(claim.reserve > 0)
  }

  @Test func nothingIsSetAsideWithoutRootStake() {
    var claim = RootClaim()
    let accrued = claim.accrue(5, rootStake: 0)
    #expect(!accrued)
    #expect(claim == RootClaim())
  }
}
