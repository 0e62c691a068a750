import Primitives
import Testing
import Yuma

@Suite struct EpochGarbageTests {
  @Test(arguments: 0..<300)
  func randomInputIsSettledOrRefusedButNeverTraps(seed: Int) {
    var generator = SplitMix64(seed: 9000 + UInt64(seed))
    let input = garbage(&generator)
    guard let output = try? YumaEpoch.settled(input) else { return }
    #expect(output.emission.count == input.uidCount)
    #expect(output.bonds.rowCount == input.uidCount)
    var recording = EpochRecording(uidCount: input.uidCount)
    var epoch = YumaEpoch()
    #expect(throws: Never.self) { try epoch.settle(input, recording: &recording) }
  }

  private func garbage(_ generator: inout SplitMix64) -> EpochInput {
    let uids = Int.random(in: 0...12, using: &generator)
    func count() -> Int {
      Int.random(in: 0...9, using: &generator) == 0 ? Int.random(in: 0...14, using: &generator) : uids
    }
    func number() -> UInt64 {
      let anything = UInt64.random(in: 0...UInt64.max, using: &generator)
      return [0, 1, .max, anything, anything >> 2, anything >> 20, anything >> 50].randomElement(using: &generator)!
    }
    func rows() -> SparseRows {
      SparseRows(
        (0..<count()).map { _ in
          (0..<Int.random(in: 0...20, using: &generator)).map { _ in
            let column = Bool.random(using: &generator) ? UInt16(uids) : UInt16(truncatingIfNeeded: number())
            return (column &- UInt16.random(in: 0...14, using: &generator), UInt16(truncatingIfNeeded: number()))
          }
        })
    }
    func commits() -> [PendingCommits.Queue] {
      (0..<3).map { _ in
        PendingCommits.Queue(
          uid: UID(UInt16(truncatingIfNeeded: number())),
          commits: (0..<2).map { _ in PendingCommits.Commit(epoch: number(), block: BlockNumber(number())) })
      }
    }
    // Stakes stay small in half of the cases, so that more than the door is reached.
    let small = Bool.random(using: &generator)
    func stake() -> Rao { Rao(small ? number() >> 12 : number()) }
    var input = EpochInput(
      block: BlockNumber(number()), lastStepBlock: BlockNumber(number()), emission: Rao(number()),
      alphaStake: (0..<uids).map { _ in stake() }, taoStake: (0..<count()).map { _ in stake() },
      lastUpdate: (0..<count()).map { _ in BlockNumber(number()) },
      blockAtRegistration: (0..<count()).map { _ in BlockNumber(number()) },
      validatorPermit: (0..<count()).map { _ in Bool.random(using: &generator) }, weights: rows(), bonds: rows(),
      epochIndex: number(), commits: PendingCommits(hashed: commits(), timelocked: commits()))
    input.parameters.tempo = UInt16(truncatingIfNeeded: number())
    input.parameters.activityCutoffFactorMilli = UInt32(truncatingIfNeeded: number())
    input.parameters.taoWeight = number()
    input.parameters.stakeThreshold = Rao(number() >> 30)
    input.parameters.maxAllowedValidators = UInt16(truncatingIfNeeded: number() % 20)
    input.parameters.ownerUID = Bool.random(using: &generator) ? UID(UInt16(truncatingIfNeeded: number() % 14)) : nil
    input.parameters.kappa = UInt16(truncatingIfNeeded: number())
    input.parameters.bondsPenalty = UInt16(truncatingIfNeeded: number())
    input.parameters.bondsMovingAverage = number()
    input.parameters.yuma3 = Bool.random(using: &generator)
    input.parameters.liquidAlpha = Bool.random(using: &generator)
    input.parameters.alphaLow = UInt16(truncatingIfNeeded: number())
    input.parameters.alphaHigh = UInt16(truncatingIfNeeded: number())
    input.parameters.alphaSigmoidSteepness = Int16(truncatingIfNeeded: number())
    input.parameters.revealPeriod = number()
    return input
  }

  @Test func eachFaultAtTheDoorHasItsName() {
    var generator = SplitMix64(seed: 1)
    let good = Markets.random(&generator, uids: 4, validators: 2)
    func refused(_ error: EpochError, _ change: (inout EpochInput) -> Void) {
      var input = good
      change(&input)
      #expect(throws: error) { try YumaEpoch.settled(input) }
    }
    refused(.length(.taoStake, found: 3, uids: 4)) { $0.taoStake.removeLast() }
    refused(.length(.blockAtRegistration, found: 5, uids: 4)) { $0.blockAtRegistration.append(.genesis) }
    refused(.length(.lastUpdate, found: 5, uids: 4)) { $0.lastUpdate.append(.genesis) }
    refused(.length(.validatorPermit, found: 5, uids: 4)) { $0.validatorPermit.append(true) }
    refused(.ownerOutOfRange(UID(4), uids: 4)) { $0.parameters.ownerUID = UID(4) }
    refused(.stakeTooLarge) { $0.alphaStake = Array(repeating: Rao(.max), count: 4) }
    refused(.tooManyUIDs(40_000, limit: 32768)) { $0.alphaStake = Array(repeating: .zero, count: 40_000) }
  }

  @Test func shortListsReadAsBlockZeroAndNoPermit() throws {
    var generator = SplitMix64(seed: 2)
    var short = Markets.random(&generator, uids: 6, validators: 3)
    var long = short
    short.lastUpdate.removeLast(2)
    long.lastUpdate.replaceSubrange(4..., with: [.genesis, .genesis])
    short.validatorPermit.removeLast(3)
    #expect(try YumaEpoch.settled(short) == YumaEpoch.settled(long))
  }
}
