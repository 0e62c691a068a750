import FixedPoint
import Primitives
import TestThreads
import Testing
import Yuma

@Suite(.computing) struct EpochPropertyTests {
  @Test(arguments: 0..<40)
  func incentiveAndDividendsEachSumToOneOrToZero(seed: Int) throws {
    var generator = SplitMix64(seed: UInt64(seed))
    let uids = Int.random(in: 2...40, using: &generator)
    let input = Markets.random(&generator, uids: uids, validators: Int.random(in: 1...uids, using: &generator))
    var recording = EpochRecording(uidCount: uids)
    var epoch = YumaEpoch()
    let output = try epoch.settle(input, recording: &recording)
    let one = Int128(I32F32.one.bits)
    for vector in [EpochVector.incentive, .dividends, .activeStake, .combinedShare] {
      let sum = try #require(recording[vector]).reduce(0, +)
      // Each quotient loses less than one bit.
      #expect(sum == 0 || (one - Int128(uids)...one).contains(sum), "\(vector) sums to \(sum)")
    }
    let paid = output.emission.reduce(UInt128(0)) { $0 + UInt128($1.value) }
    #expect(paid <= UInt128(input.emission.value))
  }

  @Test(arguments: 0..<40)
  func renamingUIDsRenamesTheResultAndNothingElse(seed: Int) throws {
    var generator = SplitMix64(seed: 1000 + UInt64(seed))
    let uids = Int.random(in: 2...40, using: &generator)
    let input = Markets.random(&generator, uids: uids, validators: Int.random(in: 1...uids, using: &generator))
    let old = (0..<uids).shuffled(using: &generator)
    var new = Array(repeating: 0, count: uids)
    for (place, uid) in old.enumerated() { new[uid] = place }
    var renamed = input
    renamed.alphaStake = old.map { input.alphaStake[$0] }
    renamed.taoStake = old.map { input.taoStake[$0] }
    renamed.lastUpdate = old.map { input.lastUpdate[$0] }
    renamed.blockAtRegistration = old.map { input.blockAtRegistration[$0] }
    renamed.validatorPermit = old.map { input.validatorPermit[$0] }
    renamed.weights = renaming(input.weights, old, new)
    renamed.bonds = renaming(input.bonds, old, new)

    let (before, after) = (try YumaEpoch.settled(input), try YumaEpoch.settled(renamed))
    #expect(after.incentive == old.map { before.incentive[$0] })
    #expect(after.dividends == old.map { before.dividends[$0] })
    #expect(after.consensus == old.map { before.consensus[$0] })
    #expect(after.validatorTrust == old.map { before.validatorTrust[$0] })
    #expect(after.validatorPermit == old.map { before.validatorPermit[$0] })
    #expect(after.emission == old.map { before.emission[$0] })
    #expect(after.bonds == renaming(before.bonds, old, new))
  }

  private func renaming(_ rows: SparseRows, _ old: [Int], _ new: [Int]) -> SparseRows {
    SparseRows(old.map { row in rows[row].map { (UInt16(new[Int($0.column)]), $0.value) } })
  }

  @Test(arguments: 0..<60)
  func raisingAWeightThatIsAboveConsensusLiftsNobody(seed: Int) throws {
    var generator = SplitMix64(seed: 2000 + UInt64(seed))
    let (uids, validators) = (24, 8)
    var input = Markets.random(&generator, uids: uids, validators: validators)
    input.parameters.kappa = 32767
    let before = try recorded(input)
    let consensus = try #require(before[.consensus])
    let weights = try #require(before[.weights])
    for row in 0..<validators {
      for entry in weights[row] where Int128(entry.bits) > consensus[entry.column] {
        var raised = input
        raised.weights = SparseRows(
          input.weights.pairs.enumerated().map { index, cells in
            cells.map { index == row && Int($0.0) == entry.column ? ($0.0, 65535) : $0 }
          })
        let after = try recorded(raised)
        #expect(after[.consensus]?[entry.column] == consensus[entry.column])
        #expect(after[.ranks]?[entry.column] == before[.ranks]?[entry.column])
        #expect(try #require(after[.validatorTrust])[row] <= #require(before[.validatorTrust])[row])
      }
    }
  }

  private func recorded(_ input: EpochInput) throws -> EpochRecording {
    var recording = EpochRecording(uidCount: input.uidCount)
    var epoch = YumaEpoch()
    _ = try epoch.settle(input, recording: &recording)
    return recording
  }

  /// The epoch selects; the closed form of the rule sorts.
  @Test(arguments: 0..<60)
  func consensusIsTheWeightedMedianOfWhatTheVotersGive(seed: Int) throws {
    var generator = SplitMix64(seed: 3000 + UInt64(seed))
    let validators = Int.random(in: 1...90, using: &generator)
    var input = Markets.random(&generator, uids: 100, validators: validators)
    // Many equal weights, and weights that lie close together: the hard cases of a selection.
    if seed % 3 == 0 {
      input.weights = SparseRows(
        input.weights.pairs.map { row in row.map { ($0.0, $0.1 % 3 + (seed % 2 == 0 ? 0 : 60_000)) } })
    }
    let recording = try recorded(input)
    let active = try #require(recording[.activeStake])
    let voters = active.indices.filter { active[$0] > 0 }
    let sum = I32F32(bits: Int64(active.reduce(0, +)))
    let stakes = voters.map { I32F32(bits: Int64(active[$0])).dividedTowardZeroOrZero(by: sum) }
    let total = stakes.reduce(I32F32.zero) { $0.addingWrapping($1) }
    let minority = total.subtractingSaturating(I32F32(proportion: input.parameters.kappa))
    let consensus = try #require(recording[.consensus])
    let weights = recording[.weights] ?? Array(repeating: [], count: 100)
    for column in 0..<100 {
      let scores = voters.map { row in
        I32F32(bits: weights[row].first { $0.column == column }?.bits ?? 0)
      }
      let median = WeightedMedian.of(scores: scores, stakes: stakes, minority: minority)
      #expect(consensus[column] == Int128(median.bits), "column \(column)")
    }
  }

  @Test func whatAWorkspaceDidBeforeNeverShows() throws {
    var generator = SplitMix64(seed: 4000)
    var used = YumaEpoch()
    for _ in 0..<40 {
      let uids = Int.random(in: 1...40, using: &generator)
      let input = Markets.random(&generator, uids: uids, validators: Int.random(in: 1...uids, using: &generator))
      #expect(try used.settle(input) == YumaEpoch.settled(input))
    }
  }

  @Test func epochsSettledTogetherAreThoseSettledOneByOne() throws {
    var generator = SplitMix64(seed: 5000)
    var inputs = (0..<17).map { _ in Markets.random(&generator, uids: 30, validators: 12) }
    inputs[5].taoStake.removeLast()
    let together = EpochBatch.settle(inputs)
    for (input, result) in zip(inputs, together) {
      switch result {
      case .success(let output): #expect(try output == YumaEpoch.settled(input))
      case .failure(let error): #expect(throws: error) { try YumaEpoch.settled(input) }
      }
    }
    #expect(together.count { if case .failure = $0 { true } else { false } } == 1)
  }
}
