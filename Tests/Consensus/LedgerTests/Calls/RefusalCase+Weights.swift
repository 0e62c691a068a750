import Ledger
import Primitives

extension RefusalCase {
  private static func weights(_ uids: [UInt16], _ values: [UInt16], on netuid: NetUID = one) -> SetWeights {
    SetWeights(netuid: netuid, uids: uids, values: values)
  }

  private static let anyTime: @Sendable (inout Genesis) -> Void = { $0.parameters.newSubnet.weightsRateLimit = 0 }

  static let weights: [RefusalCase] = [
    RefusalCase(
      .commitRevealEnabled, genesis: { $0.parameters.newSubnet.commitRevealWeightsEnabled = true },
      .signed(weights([0], [1]), by: "owner-hot")),
    RefusalCase(.canNotSetRootNetworkWeights, .signed(weights([0], [1], on: .root), by: "owner-hot")),
    RefusalCase(.weightVecNotEqualSize, .signed(weights([0], [1, 2]), by: "owner-hot")),
    RefusalCase(.mechanismDoesNotExist, .signed(weights([0], [1], on: nine), by: "owner-hot")),
    RefusalCase(.uidsLengthExceedUidsInSubNet, .signed(weights([0, 1, 2, 3], [1, 1, 1, 1]), by: "owner-hot")),
    RefusalCase(.hotKeyNotRegisteredInSubNet, .signed(weights([0], [1]), by: "stranger-hot")),
    RefusalCase(
      .notEnoughStakeToSetWeights, genesis: { $0.parameters.stakeThreshold = 1 },
      .signed(weights([1], [1]), by: "validator-hot")),
    RefusalCase(
      .incorrectWeightVersionKey, genesis: { $0.parameters.newSubnet.weightsVersion = 2 },
      .signed(weights([1], [1]), by: "validator-hot")),
    RefusalCase(.settingWeightsTooFast, .signed(weights([1], [1]), by: "validator-hot")),
    RefusalCase(.neuronNoValidatorPermit, genesis: anyTime, .signed(weights([0], [1]), by: "validator-hot")),
    RefusalCase(.duplicateUids, genesis: anyTime, .signed(weights([1, 1], [1, 1]), by: "owner-hot")),
    RefusalCase(.uidVecContainInvalidOne, genesis: anyTime, .signed(weights([1, 3], [1, 1]), by: "owner-hot")),
    RefusalCase(
      .weightVecLengthIsLow,
      genesis: {
        anyTime(&$0)
        $0.parameters.newSubnet.minAllowedWeights = 2
      }, .signed(weights([1], [1]), by: "owner-hot")),
    RefusalCase(
      .maxWeightExceeded,
      genesis: {
        anyTime(&$0)
        $0.parameters.newSubnet.maxWeightsLimit = 32768
      }, .signed(weights([1, 2], [2, 1]), by: "owner-hot")),
  ]

  private static let hidden: @Sendable (inout Genesis) -> Void = {
    anyTime(&$0)
    $0.parameters.newSubnet.commitRevealWeightsEnabled = true
  }
  private static let salt: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]

  private static func reveal(_ values: [UInt16] = [1], salt: [UInt8] = salt) -> RevealWeights {
    RevealWeights(netuid: one, uids: [1], values: values, salt: salt)
  }

  private static func commit(_ values: [UInt16] = [1]) throws -> CommitWeights {
    let sent = SubmittedWeights(mechid: .main, uids: [1], values: values, versionKey: 0)
    let commitment = try WeightsCommitment(hotkey: hot("owner"), netuid: one, weights: sent, salt: salt)
    return CommitWeights(netuid: one, hash: commitment.hash(by: LedgerFixture.host.hash))
  }

  static let commits: [RefusalCase] = [
    RefusalCase(.commitRevealDisabled, .signed(try commit(), by: "owner-hot")),
    RefusalCase(
      .committingWeightsTooFast, genesis: { $0.parameters.newSubnet.commitRevealWeightsEnabled = true },
      .signed(try commit(), by: "owner-hot")),
    RefusalCase(
      .tooManyUnrevealedCommits, genesis: hidden,
      first: { for value in 1...10 { try $0.run(commit([UInt16(value)]), as: "owner-hot") } },
      .signed(try commit([11]), by: "owner-hot")),
    RefusalCase(.invalidSaltLength, genesis: hidden, .signed(reveal(salt: [1, 2, 3, 4, 5, 6, 7]), by: "owner-hot")),
    RefusalCase(.noWeightsCommitFound, genesis: hidden, .signed(reveal(), by: "owner-hot")),
    RefusalCase(
      .expiredWeightCommit, genesis: hidden,
      first: {
        try $0.run(commit(), as: "owner-hot")
        $0.advance(20)
      }, .signed(reveal(), by: "owner-hot")),
    RefusalCase(
      .invalidRevealCommitHashNotMatch, genesis: hidden,
      first: {
        try $0.run(commit(), as: "owner-hot")
        $0.advance(10)
      }, .signed(reveal([2]), by: "owner-hot")),
    RefusalCase(
      .revealTooEarly, genesis: hidden, first: { try $0.run(commit(), as: "owner-hot") },
      .signed(reveal(), by: "owner-hot")),
  ]
}
