import Primitives
import Economy
import Testing

@Suite struct EmissionScheduleTests {
  @Test(
    arguments: [
      (0, 1_000_000_000), (10_499_999_999_999_999, 1_000_000_000), (10_500_000_000_000_000, 500_000_000),
      (15_750_000_000_000_000, 250_000_000), (20_835_937_500_000_000, 7_812_500), (20_999_999_960_884_452, 1),
      (20_999_999_980_442_225, 1), (20_999_999_980_442_226, 0), (21_000_000_000_000_000, 0), (UInt64.max, 0),
    ] as [(UInt64, UInt64)])
  func emissionHalvesAtItsThresholds(issuance: UInt64, emission: UInt64) {
    #expect(EmissionSchedule.emission(atIssuance: issuance) == emission)
  }

  @Test func halvingsAreTheDoublingsThatStayWithinTheSupply() {
    var random = SplitMix64(seed: 21)
    for _ in 0..<5_000 {
      let issuance = EmissionSchedule.supply - 1 - random.amount(bits: 55) % EmissionSchedule.supply
      var rest = UInt128(EmissionSchedule.supply - issuance)
      var doublings = 0
      while rest * 2 <= UInt128(EmissionSchedule.supply) {
        rest *= 2
        doublings += 1
      }
      #expect(EmissionSchedule.halvings(atIssuance: issuance) == doublings)
    }
  }

  @Test func emissionNeverRisesWithTheIssuance() {
    for halving in 0..<55 {
      let threshold = EmissionSchedule.issuance(ofHalving: halving)
      let before = EmissionSchedule.emission(atIssuance: threshold == 0 ? 0 : threshold - 1)
      #expect(EmissionSchedule.emission(atIssuance: threshold) <= before)
      #expect(EmissionSchedule.halvings(atIssuance: threshold) == halving)
    }
  }

  @Test func recyclingUnderAThresholdBringsTheLargerEmissionBack() {
    let threshold = EmissionSchedule.issuance(ofHalving: 1)
    #expect(EmissionSchedule.emission(atIssuance: threshold) == 500_000_000)
    #expect(EmissionSchedule.emission(atIssuance: threshold - 1) == 1_000_000_000)
    #expect(EmissionSchedule.nextHalving(atIssuance: threshold - 1) == threshold)
  }

  @Test func theDelayOfAHalvingMatchesBlockByBlockCounting() {
    let start = EmissionSchedule.issuance(ofHalving: 20) - 777
    for recycled: UInt64 in [0, 1, 300, 476] {
      var issuance = start
      var blocks: UInt64 = 0
      while issuance < EmissionSchedule.issuance(ofHalving: 20) {
        issuance += EmissionSchedule.emission(atIssuance: issuance) - recycled
        blocks += 1
      }
      #expect(
        EmissionSchedule.blocks(untilHalving: 20, fromIssuance: start, recycledPerBlock: recycled) == blocks)
    }
    #expect(EmissionSchedule.blocks(untilHalving: 21, fromIssuance: start, recycledPerBlock: 800) != nil)
    #expect(EmissionSchedule.blocks(untilHalving: 1, fromIssuance: 0, recycledPerBlock: 1_000_000_000) == nil)
    #expect(EmissionSchedule.blocks(untilHalving: 60, fromIssuance: start, recycledPerBlock: 0) == nil)
  }

  @Test(arguments: [(0, 1_000_000), (100_000_000, 1_111_112), (200_000_000, 1_250_000), (500_000_000, 2_000_000)])
  func recycledFeesDelayTheHalvingByTheirShareOfTheEmission(recycledPerBlock: UInt64, expected: UInt64) {
    // The last million TAO before the first halving, block by block.
    let threshold = EmissionSchedule.issuance(ofHalving: 1)
    var issuance = threshold - 1_000_000_000_000_000
    let start = issuance
    var blocks: UInt64 = 0
    while issuance < threshold {
      issuance += EmissionSchedule.emission(atIssuance: issuance)
      issuance -= recycledPerBlock
      blocks += 1
    }
    #expect(blocks == expected)
    #expect(
      EmissionSchedule.blocks(untilHalving: 1, fromIssuance: start, recycledPerBlock: recycledPerBlock) == expected)
  }

  @Test func recyclingAllThatIsMintedPutsTheHalvingOffForEver() {
    var issuance = EmissionSchedule.issuance(ofHalving: 1) - 500_000_000
    let start = issuance
    for _ in 0..<1_000_000 {
      issuance += EmissionSchedule.emission(atIssuance: issuance)
      issuance -= 1_000_000_000
      // Over the threshold for a moment in each block, and back: there is no latch.
      if issuance != start { break }
    }
    #expect(issuance == start)
    #expect(EmissionSchedule.blocks(untilHalving: 1, fromIssuance: start, recycledPerBlock: 1_000_000_000) == nil)
  }
}
