import Ledger
import Primitives
import Testing

@Suite struct MechanismTests {
  @Test func partsAlwaysSumToTheWhole() {
    var random = SplitMix64(seed: 21)
    for _ in 0..<5000 {
      let count = UInt8.random(in: 1...16, using: &random)
      var (split, left): ([UInt16], UInt16) = ([], 65535)
      while left > 0, split.count < Int(count) {
        let part = split.count + 1 == Int(count) ? left : UInt16.random(in: 0...left, using: &random)
        split.append(part)
        left -= part
      }
      let emission = random.edge()
      for mechanisms in [Mechanisms(count: count), Mechanisms(count: count, split: split)] {
        let parts = mechanisms.parts(of: emission)
        #expect(parts.count == Int(count))
        #expect(parts.reduce(0, +) == emission)
      }
    }
    #expect(Mechanisms(count: 0).parts(of: 5).isEmpty)
  }

  @Test func storageIndicesAreDistinctAndBounded() {
    #expect(Mechanisms.storageIndex(netuid: NetUID(4096), mechid: .main) == nil)
    #expect(Mechanisms.storageIndex(netuid: NetUID(1), mechid: MechID(16)) == nil)
    var seen = Set<UInt16>()
    for netuid in 0...UInt16(4095) {
      for mechid in 0..<UInt8(16) {
        let index = Mechanisms.storageIndex(netuid: NetUID(netuid), mechid: MechID(mechid))
        #expect(index.map { seen.insert($0).inserted } == true)
      }
    }
    #expect(seen.count == 65536)
  }
}

@Suite struct ProposalTallyTests {
  private func tally(
    _ proposalClass: ProposalClass = .simple, total: UInt64 = 300, aye: UInt64 = 0, nay: UInt64 = 0, veto: UInt64 = 0,
    abstain: UInt64 = 0
  ) -> ProposalTally {
    ProposalTally(
      proposalClass: proposalClass, quorumPermille: 200, totalPower: total, aye: aye, nay: nay, veto: veto,
      abstain: abstain)
  }

  @Test func equalityFailsEveryMajority() {
    #expect(tally(aye: 100, nay: 100).result == .rejected)
    #expect(tally(aye: 101, nay: 100).result == .approved)
    #expect(tally(.strict, aye: 100, nay: 50).result == .rejected)
    #expect(tally(.strict, aye: 101, nay: 50).result == .approved)
    #expect(tally(aye: 80, nay: 0, veto: 40).result == .approved)
    #expect(tally(aye: 79, nay: 0, veto: 40).result == .vetoed)
    #expect(tally(aye: 60).result == .approved)
    #expect(tally(aye: 59).result == .quorumNotMet)
  }

  @Test func withoutPowerNothingEndsEarlyAndNothingPasses() {
    let empty = tally(total: 0)
    #expect(empty.earlyResult == nil)
    #expect(empty.result == .quorumNotMet)
    #expect(!empty.recyclesDeposit(at: .quorumNotMet))
  }

  @Test func anEarlyEndIsNeverOverturnedByTheVotesStillOpen() {
    var random = SplitMix64(seed: 22)
    var ended = 0
    for _ in 0..<20_000 {
      let total = UInt64.random(in: 1...1000, using: &random)
      func part(_ left: UInt64) -> UInt64 { UInt64.random(in: 0...left, using: &random) }
      let aye = part(total)
      let nay = part(total - aye)
      let veto = Bool.random(using: &random) ? 0 : part(total - aye - nay)
      let early = tally(total: total, aye: aye, nay: nay, veto: veto)
      guard let result = early.earlyResult else { continue }
      ended += 1
      let rest = total - aye - nay - veto
      switch result {
      case .approved: #expect(tally(total: total, aye: aye, nay: nay + rest).result == .approved)
      case .rejected, .vetoed:
        #expect(tally(total: total, aye: aye + rest, nay: nay, veto: veto).result != .approved)
      case .quorumNotMet: Issue.record("no early end for want of votes")
      }
    }
    #expect(ended > 1000)
  }

  @Test func noPowersTrapATally() {
    var random = SplitMix64(seed: 23)
    for _ in 0..<5000 {
      let wide = ProposalTally(
        proposalClass: .strict, quorumPermille: random.edge(), totalPower: random.edge(), aye: random.edge(),
        nay: random.edge(), veto: random.edge(), abstain: random.edge())
      #expect(wide.result != .quorumNotMet || !wide.recyclesDeposit(at: .approved))
      _ = wide.earlyResult
    }
  }
}

@Suite struct ChildrenAndQuotaTests {
  private func hotkey(_ number: UInt8) -> Hotkey { Hotkey([number] + [UInt8](repeating: 0, count: 31))! }

  private var rules: ChildrenRules {
    ChildrenRules(
      netuid: NetUID(1), block: BlockNumber(100), parent: hotkey(0), rateLimitBlocksLeft: 0, subnetExists: true,
      subnetStarted: true, callerOwnsParent: true, isOwnerHotkey: false, parentsOfParent: [], ownStake: 1000,
      stakeThreshold: 1000, pendingCooldown: 50)
  }

  @Test func theChecksComeInTheirOrder() throws {
    func share(_ number: UInt8, _ proportion: UInt64 = 1) -> ChildShare {
      ChildShare(child: hotkey(number), proportion: proportion)
    }
    var broken = rules
    broken.rateLimitBlocksLeft = 3
    broken.netuid = .root
    broken.subnetExists = false
    broken.callerOwnsParent = false
    broken.parentsOfParent = [hotkey(1)]
    broken.ownStake = 0
    let error = try #require(throws: LedgerError.self) { try broken.effect(of: [share(1), share(1)]) }
    #expect(error == .txRateLimitExceeded && error.retryAtBlock == BlockNumber(103))
    broken.rateLimitBlocksLeft = 0
    #expect(throws: LedgerError.registrationNotPermittedOnRootSubnet) { try broken.effect(of: [share(1), share(1)]) }
    broken.netuid = NetUID(1)
    #expect(throws: LedgerError.subnetNotExists) { try broken.effect(of: [share(1), share(1)]) }
    broken.subnetExists = true
    #expect(throws: LedgerError.nonAssociatedColdKey) { try broken.effect(of: [share(1), share(1)]) }
    broken.callerOwnsParent = true
    #expect(throws: LedgerError.duplicateChild) { try broken.effect(of: [share(0), share(1), share(1)]) }
    let many = (0...5).map { share($0, .max) }
    #expect(throws: LedgerError.invalidChild) { try broken.effect(of: many) }
    #expect(throws: LedgerError.tooManyChildren) { try broken.effect(of: (1...6).map { share($0, .max) }) }
    #expect(throws: LedgerError.proportionOverflow) { try broken.effect(of: [share(1, .max), share(2)]) }
    #expect(throws: LedgerError.childParentInconsistency) { try broken.effect(of: [share(1)]) }
    #expect(throws: LedgerError.notEnoughStakeToSetChildkeys) { try broken.effect(of: [share(2)]) }
    #expect(try broken.effect(of: []) == .after(cooldown: BlockNumber(150)))
    #expect(try rules.effect(of: [share(1, .max)]) == .after(cooldown: BlockNumber(150)))
  }

  @Test func aRefusedCommitmentIsNotCharged() throws {
    var quota = CommitmentQuota()
    try quota.charge(fieldLengths: [300], at: EpochPosition(epoch: 1), maxSpace: 400)
    let before = quota
    #expect(throws: LedgerError.spaceLimitExceeded) {
      try quota.charge(fieldLengths: [1], at: EpochPosition(epoch: 1), maxSpace: 399)
    }
    #expect(throws: LedgerError.tooManyFieldsInCommitmentInfo) {
      try quota.charge(fieldLengths: [1, 1, 1, 1], at: EpochPosition(epoch: 2), maxSpace: 400)
    }
    #expect(quota == before)
    try quota.charge(fieldLengths: [], at: EpochPosition(epoch: 1), maxSpace: 400)
    #expect(quota.used == 400)
    try quota.charge(fieldLengths: [7], at: EpochPosition(epoch: 2), maxSpace: 400)
    #expect(quota.used == 100 && quota.epoch == 2)
  }
}
