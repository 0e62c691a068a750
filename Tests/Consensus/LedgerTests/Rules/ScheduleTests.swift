import Ledger
import Primitives
import Testing

@Suite struct ScheduleTests {
  /// One subnet's clock driven block by block, alone.
  private func runs(tempo: UInt16, created: UInt64, through last: UInt64) -> [UInt64] {
    var clock = EpochClock(createdAt: BlockNumber(created), netuid: NetUID(3), tempo: tempo)
    var blocks: [UInt64] = []
    for number in (created + 1)...last {
      var pass = EpochPass(block: BlockNumber(number), maxEpochsPerBlock: 1, maxOwnerTempo: 65535)
      guard case .run = pass.visit(&clock, tempo: tempo) else { continue }
      clock.closeEpoch(at: pass.block, paid: true)
      blocks.append(number)
    }
    return blocks
  }

  @Test(arguments: [1, 2, 7, 360] as [UInt16])
  func aLoneSubnetRunsEveryTempoBlocks(_ tempo: UInt16) {
    let blocks = runs(tempo: tempo, created: 1000, through: 3000)
    #expect(!blocks.isEmpty)
    for (earlier, later) in zip(blocks, blocks.dropFirst()) { #expect(later - earlier == UInt64(tempo)) }
  }

  @Test func aLongSilenceMakesAnEpochDueWhateverTheCycleSays() {
    var clock = EpochClock(lastEpochBlock: BlockNumber(1000), blocksSinceLastStep: 50)
    #expect(!clock.isDue(at: BlockNumber(1001), tempo: 360, maxOwnerTempo: 50))
    clock.blocksSinceLastStep = 51
    #expect(clock.isDue(at: BlockNumber(1001), tempo: 360, maxOwnerTempo: 50))
  }

  @Test func tempoZeroHaltsASubnet() {
    let clock = EpochClock(
      lastEpochBlock: BlockNumber(10), pendingEpochAt: BlockNumber(20), blocksSinceLastStep: .max - 1)
    let block = BlockNumber(.max)
    #expect(!clock.isDue(at: block, tempo: 0, maxOwnerTempo: 1))
    #expect(clock.nextEpochBlock(tempo: 0) == nil)
    #expect(!clock.isFrozen(at: block, tempo: 0, window: 10))
  }

  @Test func aDeferredSubnetTellsTransactionsTheComingEpoch() {
    var (first, second) = (EpochClock(lastEpochBlock: BlockNumber(100)), EpochClock(lastEpochBlock: BlockNumber(100)))
    var pass = EpochPass(block: BlockNumber(110), maxEpochsPerBlock: 1, maxOwnerTempo: 100)
    #expect(pass.visit(&first, tempo: 10) == .run(epoch: 1))
    first.closeEpoch(at: pass.block, paid: true)
    #expect(pass.visit(&second, tempo: 10) == .deferred(until: BlockNumber(111)))
    #expect(first.epoch(at: pass.block, tempo: 10, maxOwnerTempo: 100) == 1)
    #expect(second.epoch(at: pass.block, tempo: 10, maxOwnerTempo: 100) == 1)
    #expect(second.epochIndex == 0 && second.blocksSinceLastStep == 1)
    #expect(second.isFrozen(at: pass.block, tempo: 10, window: 0))
  }

  @Test func comingEpochsAreExpectedWhereTheyThenStart() {
    for (start, deferred) in [(UInt64(105), false), (110, true), (113, true)] {
      var clock = EpochClock(lastEpochBlock: BlockNumber(100), epochIndex: 7)
      let position = EpochPosition(clock, at: BlockNumber(start), tempo: 10, maxOwnerTempo: 100)
      #expect(position.epoch == (deferred ? 8 : 7))
      #expect(position.firstBlock(of: position.epoch) == nil)
      var firstBlocks: [UInt64: BlockNumber] = [:]
      for number in (start + 1)...200 {
        var pass = EpochPass(block: BlockNumber(number), maxEpochsPerBlock: 1, maxOwnerTempo: 100)
        guard case .run(let epoch) = pass.visit(&clock, tempo: 10) else { continue }
        firstBlocks[epoch] = pass.block
        clock.closeEpoch(at: pass.block, paid: true)
      }
      for epoch in (position.epoch + 1)...(position.epoch + 5) {
        #expect(position.firstBlock(of: epoch) == firstBlocks[epoch])
      }
    }
    let halted = EpochPosition(EpochClock(lastEpochBlock: .genesis), at: BlockNumber(5), tempo: 0, maxOwnerTempo: 1)
    #expect(halted.firstBlock(of: 1) == nil)
  }

  @Test func aSkippedEpochLeavesTheLastStepWhereItWas() {
    var clock = EpochClock(lastEpochBlock: BlockNumber(100), lastStepBlock: BlockNumber(100))
    clock.closeEpoch(at: BlockNumber(110), paid: false)
    #expect(clock.lastStepBlock == BlockNumber(100))
    #expect(clock.lastEpochBlock == BlockNumber(110) && clock.epochIndex == 1)
  }

  @Test func aTriggerFiresAfterTheWindowAndOnlyOnce() throws {
    var clock = EpochClock(lastEpochBlock: BlockNumber(1000))
    #expect(try clock.trigger(at: BlockNumber(1100), tempo: 360, window: 10) == BlockNumber(1110))
    let before = clock
    #expect(throws: LedgerError.epochTriggerAlreadyPending) {
      _ = try clock.trigger(at: BlockNumber(1101), tempo: 360, window: 10)
    }
    #expect(clock == before)
    clock = EpochClock(lastEpochBlock: BlockNumber(1000))
    #expect(throws: LedgerError.autoEpochAlreadyImminent) {
      _ = try clock.trigger(at: BlockNumber(1351), tempo: 360, window: 10)
    }
    #expect(try clock.trigger(at: BlockNumber(1350), tempo: 360, window: 10) == BlockNumber(1360))
    clock = EpochClock(lastEpochBlock: BlockNumber(1000))
    #expect(try clock.trigger(at: BlockNumber(1100), tempo: 360, window: 0) == BlockNumber(1101))
  }

  @Test func theFreezeWindowSaysWhenItOpens() throws {
    let clock = EpochClock(lastEpochBlock: BlockNumber(1000))
    try clock.checkNotFrozen(at: BlockNumber(1350), tempo: 360, window: 10)
    let error = try #require(throws: LedgerError.self) {
      try clock.checkNotFrozen(at: BlockNumber(1351), tempo: 360, window: 10)
    }
    #expect(error == .adminActionProhibitedDuringWeightsWindow)
    #expect(error.blocksLeft == 9 && error.retryAtBlock == BlockNumber(1360))
  }

  @Test func aRefusedCallPassesExactlyWhenItsTimeIsOver() {
    var random = SplitMix64(seed: 7)
    for _ in 0..<2000 {
      let (limit, last) = (UInt64.random(in: 0...50, using: &random), UInt64.random(in: 1...100, using: &random))
      let now = BlockNumber(last + UInt64.random(in: 0...60, using: &random))
      for form in [RateLimit.inclusive, .exclusive, .serving, .swapCooldown] {
        let left = form.blocksLeft(limit: limit, last: BlockNumber(last), now: now)
        let retry = now.advanced(by: left)
        #expect(form.allows(limit: limit, last: BlockNumber(last), now: retry))
        if left > 0 {
          #expect(!form.allows(limit: limit, last: BlockNumber(last), now: BlockNumber(retry.value - 1)))
        }
      }
    }
  }

  @Test func noNumbersTrapTheSchedule() {
    var random = SplitMix64(seed: 11)
    for _ in 0..<20_000 {
      let (block, window) = (BlockNumber(random.edge()), random.edge())
      let (tempo, most) = (UInt16(truncatingIfNeeded: random.edge()), UInt16(truncatingIfNeeded: random.edge()))
      var clock = EpochClock(
        lastEpochBlock: BlockNumber(random.edge()), pendingEpochAt: BlockNumber(random.edge()),
        epochIndex: random.edge() >> 1, blocksSinceLastStep: random.edge() >> 1)
      let isDue = clock.isDue(at: block, tempo: tempo, maxOwnerTempo: most)
      #expect(clock.epoch(at: block, tempo: tempo, maxOwnerTempo: most) == clock.epochIndex + (isDue ? 1 : 0))
      _ = clock.isFrozen(at: block, tempo: tempo, window: window)
      _ = try? clock.trigger(at: block, tempo: tempo, window: window)
      let limit = random.edge()
      for form in [RateLimit.inclusive, .exclusive, .serving, .swapCooldown] {
        _ = form.blocksLeft(limit: limit, last: BlockNumber(random.edge()), now: block)
      }
      let left = legacyBlocksUntilEpoch(netuid: NetUID(most), tempo: tempo, at: block)
      #expect(left <= UInt64(tempo))
      #expect((UInt128(block.value) + UInt128(left) + UInt128(most) + 1) % (UInt128(tempo) + 1) == UInt128(tempo))
      let cutoff = activityCutoff(tempo: tempo, factorMilli: UInt32(truncatingIfNeeded: window))
      #expect(isActive(lastUpdate: block, cutoff: cutoff, at: block))
    }
  }
}
