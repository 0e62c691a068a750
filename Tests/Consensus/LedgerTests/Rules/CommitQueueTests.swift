import Ledger
import Primitives
import Testing

@Suite struct CommitQueueTests {
  private func hash(_ number: UInt8) -> Hash256 { Hash256([number] + [UInt8](repeating: 0, count: 31))! }
  private func commit(_ number: UInt8, epoch: UInt64) -> WeightCommit {
    WeightCommit(hash: hash(number), epoch: epoch, block: BlockNumber(epoch * 10))
  }

  private func at(_ epoch: UInt64) -> EpochPosition { EpochPosition(epoch: epoch, block: BlockNumber(epoch * 10)) }

  @Test func aRevealTakesTheCommitAndAllOlderOnes() throws {
    let queue = CommitQueue([commit(1, epoch: 5), commit(2, epoch: 5), commit(3, epoch: 6)])
    let opened = try queue.opened(by: hash(2), at: EpochPosition(epoch: 6), period: 1)
    #expect(opened.commit == commit(2, epoch: 5))
    #expect(opened.rest.commits == [commit(3, epoch: 6)])
    #expect(queue.commits.count == 3)
  }

  @Test func ofEqualHashesTheOldestLiveOneIsOpened() throws {
    let queue = CommitQueue([commit(1, epoch: 4), commit(1, epoch: 5), commit(1, epoch: 6)])
    let opened = try queue.opened(by: hash(1), at: EpochPosition(epoch: 6), period: 1)
    #expect(opened.commit.epoch == 5)
    #expect(opened.rest.commits.map(\.epoch) == [6])
  }

  @Test func everyRefusalHasItsCase() {
    let queue = CommitQueue([commit(1, epoch: 1), commit(2, epoch: 5)])
    #expect(throws: LedgerError.noWeightsCommitFound) {
      try CommitQueue().opened(by: hash(1), at: EpochPosition(epoch: 6), period: 1)
    }
    #expect(throws: LedgerError.noWeightsCommitFound) {
      try queue.opened(by: hash(9), at: EpochPosition(epoch: 9), period: 1)
    }
    #expect(throws: LedgerError.expiredWeightCommit) {
      try queue.opened(by: hash(2), at: EpochPosition(epoch: 9), period: 1)
    }
    #expect(throws: LedgerError.expiredWeightCommit) {
      try queue.opened(by: hash(1), at: EpochPosition(epoch: 6), period: 1)
    }
    #expect(throws: LedgerError.invalidRevealCommitHashNotMatch) {
      try queue.opened(by: hash(9), at: EpochPosition(epoch: 6), period: 1)
    }
    #expect(throws: LedgerError.revealTooEarly) {
      try queue.opened(by: hash(2), at: EpochPosition(epoch: 5), period: 1)
    }
  }

  @Test func theEleventhLiveCommitIsRefusedAndExpiredOnesMakeRoom() throws {
    var queue = CommitQueue()
    for number in 0..<UInt8(CommitQueue.limit) { try queue.append(hash(number), at: at(3), period: 1) }
    let full = queue
    #expect(throws: LedgerError.tooManyUnrevealedCommits) { try queue.append(hash(99), at: at(4), period: 1) }
    #expect(queue == full)
    try queue.append(hash(99), at: at(5), period: 1)
    #expect(queue.commits == [commit(99, epoch: 5)])
  }

  @Test func waitingIsSaidInBlocks() throws {
    let clock = EpochClock(lastEpochBlock: BlockNumber(100), epochIndex: 5)
    let now = EpochPosition(clock, at: BlockNumber(104), tempo: 10, maxOwnerTempo: 100)
    let queue = CommitQueue([WeightCommit(hash: hash(1), epoch: 5, block: BlockNumber(101))])
    let early = try #require(throws: LedgerError.self) { try queue.opened(by: hash(1), at: now, period: 2) }
    #expect(early == .revealTooEarly && early.retryAtBlock == BlockNumber(120) && early.blocksLeft == 16)
    var full = CommitQueue()
    for number in 0..<UInt8(10) { try full.append(hash(number), at: now, period: 1) }
    let crowded = try #require(throws: LedgerError.self) { try full.append(hash(11), at: now, period: 1) }
    #expect(crowded.retryAtBlock == BlockNumber(120))
  }

  @Test func theEarliestLiveBlockPassesOverTheExpired() {
    let queue = CommitQueue([commit(1, epoch: 1), commit(2, epoch: 5)])
    #expect(queue.earliestLiveBlock(in: 6, period: 1) == BlockNumber(50))
    #expect(queue.earliestLiveBlock(in: 2, period: 1) == BlockNumber(10))
    #expect(queue.earliestLiveBlock(in: 7, period: 1) == nil)
  }

  @Test func aCommitIsOpenForExactlyOneEpoch() {
    for period in [1, 2, 100] as [UInt64] {
      let phases = (0..<300).map { commit(1, epoch: 10).phase(in: $0, period: period) }
      #expect(phases.count { $0 == .open } == 1)
      #expect(phases[Int(10 + period)] == .open)
      #expect(phases == phases.sorted { rank($0) < rank($1) })
    }
    #expect(commit(1, epoch: 2).phase(in: .max, period: .max) == .early)
  }

  private func rank(_ phase: WeightCommit.Phase) -> Int {
    switch phase {
    case .early: 0
    case .open: 1
    case .expired: 2
    }
  }

  @Test func saltAndListsAreBounded() throws {
    let hotkey = Hotkey(AccountID.zero)
    let weights = SubmittedWeights(mechid: .main, uids: [1], values: [2], versionKey: 3)
    for count in [0, 7, 65] {
      #expect(throws: LedgerError.invalidSaltLength) {
        try WeightsCommitment(
          hotkey: hotkey, netuid: NetUID(1), weights: weights, salt: [UInt8](repeating: 1, count: count))
      }
    }
    let long = SubmittedWeights(
      mechid: .main, uids: [UInt16](repeating: 0, count: 65536), values: [], versionKey: 0)
    #expect(throws: LedgerError.malformed) {
      try WeightsCommitment(
        hotkey: hotkey, netuid: NetUID(1), weights: long, salt: [UInt8](repeating: 1, count: 8))
    }
    let commitment = try WeightsCommitment(
      hotkey: hotkey, netuid: NetUID(0x0102), weights: weights, salt: [UInt8](repeating: 7, count: 8))
    #expect(commitment.preimage.count == 16 + 32 + 2 + 1 + 2 + 2 + 2 + 2 + 2 + 8 + 8)
    #expect(Array(commitment.preimage[48...49]) == [0x02, 0x01])
  }

  @Test func theWindowIsOneTempoWide() throws {
    let clock = EpochClock(lastEpochBlock: BlockNumber(100), epochIndex: 4)
    let window = try #require(CommitWindow(committedAt: BlockNumber(115), clock: clock, tempo: 10, period: 2))
    #expect(window.commitEpoch == 5 && window.revealEpoch == 7)
    #expect(window.firstRevealBlock == BlockNumber(130) && window.lastRevealBlock == BlockNumber(139))
    #expect(CommitWindow(committedAt: BlockNumber(115), clock: clock, tempo: 0, period: 2) == nil)
    #expect(CommitWindow(committedAt: BlockNumber(.max), clock: clock, tempo: 1, period: .max) == nil)
  }
}
