import Primitives
import Economy
import Testing

@Suite struct BlockEmissionTests {
  private let total: UInt64 = 1_000_000_000

  private func shares(_ flows: [Int64], cutoff: Int64 = 0, _ exponent: SubnetEmission.Exponent = .one) -> [UInt64] {
    var division = SubnetEmission()
    division.divide(
      total, byFlows: flows.map { Int128($0) << 64 }, enabled: flows.map { _ in true }, cutoff: cutoff,
      exponent: exponent)
    return division.amounts
  }

  @Test func inflowsAboveTheCutoffShareTheEmission() {
    #expect(shares([-100, -300, -400], cutoff: -1_000) == [750_000_000, 250_000_000, 0])
    #expect(shares([-100, 500]) == [0, 1_000_000_000])
    #expect(shares([1_000, 2_000], cutoff: 2_000) == [0, 0])
    #expect(shares([-1, -2, 0]) == [0, 0, 0])
    #expect(shares([]) == [])
    #expect(shares([1_000, 3_000, 6_000], .two) == [21_739_130, 195_652_173, 782_608_695])
  }

  @Test(arguments: [SubnetEmission.Exponent.one, .two, .three])
  func sharesFollowTheOrderOfTheFlowsAndNeverPassTheEmission(exponent: SubnetEmission.Exponent) {
    var random = SplitMix64(seed: 51)
    var division = SubnetEmission()
    for _ in 0..<500 {
      let count = Int.random(in: 1...128, using: &random)
      let flows = (0..<count).map { _ in
        Int128(truncatingIfNeeded: UInt128(random.amount(bits: 55)) << 64 | UInt128(random.next()))
          * (random.next() % 3 == 0 ? -1 : 1)
      }
      let cutoff = Int64(random.amount(bits: 40)) * (random.next() % 2 == 0 ? -1 : 1)
      division.divide(total, byFlows: flows, enabled: flows.map { _ in true }, cutoff: cutoff, exponent: exponent)
      #expect(division.amounts.reduce(0, +) <= total)
      let order = flows.indices.sorted { (flows[$0], $0) < (flows[$1], $1) }
      for (low, high) in zip(order, order.dropFirst()) { #expect(division.amounts[low] <= division.amounts[high]) }
      for index in flows.indices where division.weights[index] == 0 { #expect(division.amounts[index] == 0) }
    }
  }

  @Test func aSwitchedOffSubnetLeavesItsShareToTheOthers() {
    var division = SubnetEmission()
    division.divide(total, byFlows: [1 << 70, 1 << 70], enabled: [true, false], cutoff: 0)
    #expect(division.amounts == [total, 0])
    division.divide(total, byPrices: [1 << 64, 3 << 64, 9 << 64], enabled: [true, true, false])
    #expect(division.amounts == [250_000_000, 750_000_000, 0])
  }

  @Test func protocolFlowCountsOnlyAsFarAsUsersBringTAO() {
    let unit: Int128 = 1 << 64
    let net = SubnetEmission.netFlows(users: [100 * unit, 200 * unit], protocols: [500 * unit, 100 * unit])
    #expect(net == [-150 * unit, 150 * unit])
    #expect(SubnetEmission.netFlows(users: [-5], protocols: [-7]) == [2])
    #expect(SubnetEmission.netFlows(users: [-5], protocols: [7]) == [-5])
  }

  @Test func injectionHoldsThePriceAndEveryCap() {
    var random = SplitMix64(seed: 52)
    for _ in 0..<5_000 {
      let issuance = random.amount(bits: 55) % EmissionSchedule.supply + 1
      var pool = ConstantProductPool(
        tao: random.amount(bits: 54) + 1, alpha: 1 + random.next() % issuance)
      let before = pool
      let block: UInt64 = [1_000_000_000, 500_000_000, 1].randomElement(using: &random)!
      let part = random.next() % (block + 1)
      let injection = Injection(taoEmission: part, blockEmission: block, pool: pool, alphaIssuance: issuance)
      #expect(injection.taoIn + injection.excess == part)
      #expect(injection.alphaIn <= min(block, injection.alphaOut))
      #expect(issuance + injection.alphaIn + injection.alphaOut <= EmissionSchedule.supply)

      // (T + t) / (A + a) against T / A: the relative change lies strictly between -1/T and 1/A.
      let (t, a) = (UInt128(injection.taoIn), UInt128(injection.alphaIn))
      let (oldTAO, oldAlpha) = (UInt128(before.tao), UInt128(before.alpha))
      let (gain, loss) = (t * oldAlpha, a * oldTAO)
      if gain >= loss { #expect(gain - loss < oldTAO * (1 + (oldAlpha + a) / oldAlpha)) }
      if loss > gain { #expect(loss - gain < oldAlpha + a) }

      let placement = injection.place(in: &pool, excess: .recycle, terms: TradeTerms())
      #expect(placement.minted == injection.taoIn + placement.excessSpent)
      #expect(placement.minted <= part)
      #expect(pool.tao == before.tao + placement.minted)
      #expect(pool.alpha == before.alpha + injection.alphaIn - placement.alphaBought)
      #expect(placement.excessSpent == 0 || placement.alphaBought > 0)
    }
  }

  @Test func anExcessThatCannotBuyIsNotMinted() {
    let injection = Injection(
      taoEmission: 1_000_000_000, blockEmission: 1_000_000_000,
      pool: ConstantProductPool(tao: 1_000_000_000, alpha: 10_000_000_000),
      alphaIssuance: EmissionSchedule.supply)
    #expect(injection == Injection.cappedOut)
    var thin = ConstantProductPool(tao: 1_000_000_000, alpha: 999_999)
    #expect(injection.place(in: &thin, excess: .recycle, terms: TradeTerms()).minted == 0)
    #expect(thin == ConstantProductPool(tao: 1_000_000_000, alpha: 999_999))
    var deep = ConstantProductPool(tao: 1_000_000_000, alpha: 10_000_000_000)
    #expect(injection.place(in: &deep, excess: .skip, terms: TradeTerms()).minted == 0)
    #expect(injection.place(in: &deep, excess: .buyHold, terms: TradeTerms()).minted == 1_000_000_000)
  }

  @Test func theFourPartsOfTheAlphaSumToIt() {
    var random = SplitMix64(seed: 53)
    for _ in 0..<3_000 {
      let alpha = random.amount(bits: 30)
      let split = AlphaSplit(
        alphaOut: alpha, ownerCut: UInt16(truncatingIfNeeded: random.next()), rootWeighted: random.amount(bits: 54),
        alphaIssuance: random.amount(bits: 54))
      #expect(split.owner + split.server + split.validator + split.root == alpha)
    }
    let whole = AlphaSplit(alphaOut: total, ownerCut: 11_796, rootWeighted: 0, alphaIssuance: 0)
    #expect([whole.owner, whole.server, whole.validator, whole.root] == [179_995_422, 410_002_289, 410_002_289, 0])
  }
}

extension Injection {
  /// All alpha of the subnet exists already, so every rao is excess.
  fileprivate static let cappedOut = Injection(
    taoEmission: 1_000_000_000, blockEmission: 0, pool: ConstantProductPool(tao: 1, alpha: 1),
    alphaIssuance: EmissionSchedule.supply)
}
