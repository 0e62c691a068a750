import Ledger
import Primitives
import Testing
import Yuma

@Suite struct WeightsRulesTests {
  private var rules: WeightsRules {
    WeightsRules(
      netuid: NetUID(1), block: BlockNumber(1000), mechanismCount: 1, uidCount: 8, weightsVersion: 5,
      weightsRateLimit: 100, minAllowedWeights: 2, maxWeightsLimit: 40000, stakeThreshold: 1000, senderUID: UID(2),
      ownerUID: UID(0), senderStake: 1000, senderHasPermit: true, lastUpdate: BlockNumber(900))
  }

  private let sent = SubmittedWeights(mechid: .main, uids: [1, 3], values: [1, 1], versionKey: 5)

  /// Every step of the table in its order: how to break it, and what it then says.
  private static let steps:
    [(
      error: LedgerError, breakRules: @Sendable (inout WeightsRules) -> Void,
      breakSent: @Sendable (SubmittedWeights) -> SubmittedWeights
    )] = [
      (.commitRevealEnabled, { $0.commitRevealEnabled = true }, { $0 }),
      (.weightVecNotEqualSize, { _ in }, { $0.with(values: $0.values + [1]) }),
      (.mechanismDoesNotExist, { $0.mechanismCount = 0 }, { $0 }),
      (.uidsLengthExceedUidsInSubNet, { $0.uidCount = 1 }, { $0 }),
      (.hotKeyNotRegisteredInSubNet, { $0.senderUID = nil }, { $0 }),
      (.notEnoughStakeToSetWeights, { $0.senderStake = 999 }, { $0 }),
      (.incorrectWeightVersionKey, { $0.weightsVersion = 6 }, { $0 }),
      (.settingWeightsTooFast, { $0.lastUpdate = BlockNumber(901) }, { $0 }),
      (.neuronNoValidatorPermit, { $0.senderHasPermit = false }, { $0 }),
      (.weightVecLengthIsLow, { $0.minAllowedWeights = 3 }, { $0 }),
      (.maxWeightExceeded, { $0.maxWeightsLimit = 32767 }, { $0.with(values: [1, 2]) }),
    ]

  @Test func anAcceptedRowIsUpscaledInTheOrderSent() throws {
    let row = try rules.row(
      of: SubmittedWeights(mechid: .main, uids: [3, 1], values: [2, 2], versionKey: 5), arriving: .plain)
    #expect(row == [WeightEntry(uid: UID(3), weight: 65535), WeightEntry(uid: UID(1), weight: 65535)])
  }

  @Test func eachStepRefusesAndEarlierStepsSpeakFirst() {
    for (index, step) in WeightsRulesTests.steps.enumerated() {
      var (broken, weights) = (rules, sent)
      // Everything from this step on is broken; this step must be the one that speaks.
      for later in WeightsRulesTests.steps[index...].reversed() {
        later.breakRules(&broken)
        weights = later.breakSent(weights)
      }
      #expect(throws: step.error) { try broken.row(of: weights, arriving: .plain) }
    }
  }

  @Test func aRevealSkipsTheSwitchAndTheRateLimitAlone() throws {
    var revealed = rules
    revealed.commitRevealEnabled = true
    revealed.lastUpdate = BlockNumber(999)
    #expect(try revealed.row(of: sent, arriving: .revealed).count == 2)
    revealed.senderHasPermit = false
    #expect(throws: LedgerError.neuronNoValidatorPermit) { try revealed.row(of: sent, arriving: .revealed) }
  }

  @Test func rootAndMissingSubnetsCountAsCommitRevealOff() {
    var root = rules
    root.netuid = .root
    root.commitRevealEnabled = true
    #expect(throws: LedgerError.canNotSetRootNetworkWeights) { try root.row(of: sent, arriving: .plain) }
    let missing = WeightsRules(netuid: NetUID(9), block: BlockNumber(1))
    #expect(throws: LedgerError.mechanismDoesNotExist) { try missing.row(of: sent, arriving: .plain) }
  }

  @Test func theWaitIsSaid() throws {
    var early = rules
    early.lastUpdate = BlockNumber(950)
    let error = try #require(throws: LedgerError.self) { try early.row(of: sent, arriving: .plain) }
    #expect(error == .settingWeightsTooFast)
    #expect(error.blocksLeft == 50 && error.retryAtBlock == BlockNumber(1050))
  }

  @Test func newcomersAreConcealedFromARevealedRow() {
    let row = [
      WeightEntry(uid: UID(0), weight: 5), WeightEntry(uid: UID(1), weight: 6), WeightEntry(uid: UID(2), weight: 7),
    ]
    let registeredAt = [BlockNumber(9), BlockNumber(10), BlockNumber(11)]
    let stored = concealingNewcomers(row, registeredAt: registeredAt, committedAt: BlockNumber(10))
    #expect(stored.map(\.weight) == [5, 0, 0])
  }

  @Test func upscalingReachesTheTopAndKeepsTheOrder() {
    var random = SplitMix64(seed: 6)
    for _ in 0..<3000 {
      let values = (0..<Int.random(in: 0...20, using: &random)).map { _ in UInt16(truncatingIfNeeded: random.edge()) }
      let stored = WeightUpscaling.largestBecomesFull(values)
      #expect(stored.count == values.count)
      if let most = values.max(), most > 0 { #expect(stored.max() == 65535) } else { #expect(stored == values) }
      for (left, right) in zip(values.indices, values.indices.dropFirst()) {
        #expect((values[left] <= values[right]) == (stored[left] <= stored[right]) || stored[left] == stored[right])
      }
      #expect(isMaxShareWithin(65535, row: stored))
    }
  }

  @Test func noSubmissionTrapsTheChecks() {
    var random = SplitMix64(seed: 8)
    func short() -> UInt16 { UInt16(truncatingIfNeeded: random.edge()) }
    var accepted = 0
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...5, using: &random)
      let weights = SubmittedWeights(
        mechid: MechID(UInt8.random(in: 0...2, using: &random)), uids: (0..<count).map { _ in short() % 9 },
        values: (0..<(Bool.random(using: &random) ? count : 3)).map { _ in short() }, versionKey: random.edge())
      var hostile = rules
      hostile.netuid = NetUID(UInt16.random(in: 0...1, using: &random))
      hostile.block = BlockNumber(random.edge())
      hostile.lastUpdate = BlockNumber(random.edge())
      hostile.weightsRateLimit = random.edge()
      hostile.maxWeightsLimit = short()
      hostile.uidCount = Int.random(in: 0...8, using: &random)
      guard let row = try? hostile.row(of: weights, arriving: .plain) else { continue }
      accepted += 1
      #expect(row.map(\.uid.value) == weights.uids)
      #expect(row.allSatisfy { $0.uid.index < hostile.uidCount })
    }
    #expect(accepted > 0)
  }
}

extension SubmittedWeights {
  fileprivate func with(values: [UInt16]) -> SubmittedWeights {
    SubmittedWeights(mechid: mechid, uids: uids, values: values, versionKey: versionKey)
  }
}
