import Ledger
import Primitives
import Testing

@Suite struct SlotTests {
  private func occupants(_ count: Int, using random: inout SplitMix64) -> [SlotOccupant] {
    (0..<count).map { uid in
      SlotOccupant(
        uid: UID(UInt16(uid)), emission: UInt64.random(in: 0...3, using: &random),
        registeredAt: BlockNumber(UInt64.random(in: 0...10, using: &random)),
        belongsToSubnetOwner: UInt64.random(in: 0...9, using: &random) == 0)
    }
  }

  private func protection(_ count: Int, using random: inout SplitMix64) -> SlotProtection {
    let owner = Int.random(in: 0...count, using: &random)
    return SlotProtection(
      block: BlockNumber(12), immunityPeriod: UInt64.random(in: 0...14, using: &random),
      ownerUID: owner == count ? nil : UID(UInt16(owner)),
      immuneOwnerUIDsLimit: Int.random(in: 1...3, using: &random))
  }

  @Test func neverTakesAnImmortalSlotNorAnImmuneOneWhileOthersMayGo() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<3000 {
      let count = Int.random(in: 1...20, using: &random)
      let (neurons, rule) = (occupants(count, using: &random), protection(count, using: &random))
      let least = Int.random(in: 0...4, using: &random)
      let immortal = rule.immortalUIDs(of: neurons)
      #expect(immortal.count <= rule.immuneOwnerUIDsLimit && Set(immortal).count == immortal.count)
      if let owner = rule.ownerUID { #expect(immortal.contains(owner)) }
      let mortal = neurons.filter { !immortal.contains($0.uid) }
      let free = mortal.filter { !rule.isImmune($0) }
      let pool = free.count > least ? free : mortal.filter(rule.isImmune)
      let pruned = rule.prunedUID(of: neurons, minNonImmuneUIDs: least)
      // The first by the rule's key, found by sorting instead of by one walk.
      let expected = pool.sorted {
        ($0.emission, $0.registeredAt, $0.uid) < ($1.emission, $1.registeredAt, $1.uid)
      }
      #expect(pruned == expected.first?.uid)
      #expect(pruned == rule.prunedUID(of: neurons.reversed(), minNonImmuneUIDs: least))
    }
  }

  @Test func aTrimLeavesADenseSubnetOfTheSizeAskedFor() {
    var random = SplitMix64(seed: 4)
    var trimmed = 0
    for _ in 0..<3000 {
      let count = Int.random(in: 1...30, using: &random)
      let (neurons, rule) = (occupants(count, using: &random), protection(count, using: &random))
      let most = Int.random(in: 1...30, using: &random)
      guard let plan = try? TrimPlan(of: neurons, to: most, allowed: (1, 30), protection: rule) else { continue }
      trimmed += plan.removed.isEmpty ? 0 : 1
      #expect(plan.kept.count == min(count, most))
      #expect(plan.removed.count + plan.kept.count == count)
      #expect(plan.mapping.map(\.new.index) == Array(plan.kept.indices))
      #expect(plan.kept == plan.kept.sorted() && plan.removed == plan.removed.sorted())
      let immortal = rule.immortalUIDs(of: neurons)
      for uid in plan.removed { #expect(!immortal.contains(uid) && !rule.isImmune(neurons[uid.index])) }
      let worstKept = plan.kept.filter { !immortal.contains($0) && !rule.isImmune(neurons[$0.index]) }
        .map { neurons[$0.index].emission }.min()
      let bestRemoved = plan.removed.map { neurons[$0.index].emission }.max()
      if let worstKept, let bestRemoved { #expect(bestRemoved <= worstKept) }
    }
    #expect(trimmed > 100)
  }

  @Test func rootTakesTheLowestStakeAndOnTiesTheLowestUid() throws {
    let stakes = [Rao(5), Rao(2), Rao(2), Rao(9)]
    #expect(try replacedRootUID(memberStakes: stakes, newcomer: Rao(3)) == UID(1))
    #expect(throws: LedgerError.stakeTooLowForRoot) { try replacedRootUID(memberStakes: stakes, newcomer: Rao(2)) }
    #expect(throws: LedgerError.stakeTooLowForRoot) {
      try replacedRootUID(memberStakes: [Rao(.max)], newcomer: Rao(.max))
    }
  }

  @Test func permitsGoToTheLargestSharesAndNeverToNothing() {
    var random = SplitMix64(seed: 5)
    for _ in 0..<3000 {
      let count = Int.random(in: 0...12, using: &random)
      let stakes = (0..<count).map { _ in random.edge() }
      let (most, threshold) = (UInt16.random(in: 0...14, using: &random), random.edge())
      let result = ValidatorPermits(stakes: stakes, threshold: threshold, maxValidators: most, ownerUID: nil)
      #expect(result.permits.count(where: { $0 }) <= Int(most))
      #expect(result.shares.reduce(0, +) <= 1 << 32)
      for (uid, permit) in result.permits.enumerated() where permit {
        #expect(result.shares[uid] > 0 && stakes[uid] >= threshold)
        for (other, share) in result.shares.enumerated() where !result.permits[other] {
          #expect((share, other) < (result.shares[uid], uid))
        }
      }
      guard count > 0 else { continue }
      let owner = UID(UInt16(Int.random(in: 0..<count, using: &random)))
      let owned = ValidatorPermits(stakes: stakes, threshold: threshold, maxValidators: most, ownerUID: owner)
      #expect(owned.permits[owner.index])
    }
  }

  @Test func aNewSubnetTakesTheFirstGap() {
    #expect(smallestFreeNetUID(existing: []) == NetUID(1))
    #expect(smallestFreeNetUID(existing: [.root, NetUID(1), NetUID(2)]) == NetUID(3))
    #expect(smallestFreeNetUID(existing: [NetUID(1), NetUID(3)]) == NetUID(2))
  }
}
