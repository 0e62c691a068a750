import FixedPoint
import Primitives

/// Settles epochs: stakes, weights and old bonds in; scores, amounts and new bonds out.
///
/// One value is a workspace: it keeps its buffers, so that later epochs allocate nothing but their output. Each caller has its
/// own; what a workspace did before never shows in a result.
///
/// The algorithm works column by column. Weights and bonds are stored by rater (a row each), but consensus, ranks and bonds are
/// decided for each rated uid alone, so the rows are turned over once (``MatrixEntry``) and each column is then read from one
/// short run of memory.
///
/// - Source: yuma, all of it; sparse form.
package struct YumaEpoch: ~Copyable {
  var uidCount = 0

  // Per uid.
  var totalStake = Scratch<I64F64>()
  var stake = Scratch<I32F32>()
  var isActive = Scratch<Bool>()
  var hadPermit = Scratch<Bool>()
  var hasPermit = Scratch<Bool>()
  var activeStake = Scratch<I32F32>()
  var voterStake = Scratch<I32F32>()
  var consensus = Scratch<I32F32>()
  var validatorTrust = Scratch<I32F32>()
  var ranks = Scratch<I32F32>()
  var incentive = Scratch<I32F32>()
  var dividends = Scratch<I32F32>()

  // The voters as a whole.
  var voterCount = 0
  var voterTotal = I32F32.zero

  // Weights and bonds by column: those of column `j` stand at `columnStart[j]..<columnStart[j + 1]`.
  var registrationBlock = Scratch<UInt64>()
  var weightDeadline = Scratch<UInt64>()
  var bondDeadline: UInt64 = 0
  var weightSum = Scratch<UInt64>()
  var mark = Scratch<UInt32>()
  var columnStart = Scratch<Int>()
  var entries = Scratch<MatrixEntry>()

  // One column at a time.
  var ballots = Scratch<Int64>()
  var drawers = Scratch<Int64>()
  var column = BondColumn()

  // The next free cell of each row of stored bonds.
  var nextCell = Scratch<Int>()

  package init() {}

  /// One epoch, in a workspace of its own.
  package static func settled(_ input: EpochInput) throws(EpochError) -> EpochOutput {
    var epoch = YumaEpoch()
    return try epoch.settle(input)
  }

  /// One epoch.
  ///
  /// - Throws: ``EpochError`` where the input is refused at the door.
  package mutating func settle(_ input: EpochInput) throws(EpochError) -> EpochOutput {
    var nothing = NoRecording()
    return try settle(input, recording: &nothing)
  }

  /// One epoch, told step by step to `recorder`.
  package mutating func settle<Recorder: EpochRecorder>(
    _ input: EpochInput, recording recorder: inout Recorder
  ) throws(EpochError) -> EpochOutput {
    try input.validate()
    uidCount = input.uidCount
    var output = EpochOutput()
    try shareStake(input, &output, &recorder)
    grantPermits(input, &output, &recorder)
    loadColumns(input, &recorder)
    agreeOnWeights(input.parameters, &output, &recorder)
    rankServers(&output, &recorder)
    moveBonds(input.parameters, &output, &recorder)
    payOut(input.emission, &output, &recorder)
    return output
  }

  /// The bytes the workspace holds on to.
  package var byteCount: Int {
    totalStake.byteCount + stake.byteCount + isActive.byteCount + hadPermit.byteCount + hasPermit.byteCount
      + activeStake.byteCount + voterStake.byteCount + consensus.byteCount + validatorTrust.byteCount + ranks.byteCount
      + incentive.byteCount + dividends.byteCount + registrationBlock.byteCount + weightDeadline.byteCount
      + weightSum.byteCount + mark.byteCount + columnStart.byteCount + entries.byteCount + ballots.byteCount
      + drawers.byteCount
      + column.byteCount + nextCell.byteCount
  }

  /// Divides every value by their sum, so that together they make one, less a few bits; leaves them alone if the sum is zero.
  ///
  /// `norm` of the rules: shape `[uids]`, none negative; each quotient rounds toward zero.
  ///
  /// - Source: yuma 2.
  func normalise(_ values: borrowing Scratch<I32F32>) {
    let sum = sum(of: values)
    guard sum > .zero else { return }
    let divisor = ShareDivisor(sum)
    for uid in 0..<uidCount { values[uid] = divisor.share(of: values[uid]) }
  }

  /// `wsum` of the rules; cannot wrap for shares of at most ``EpochInput/uidLimit`` uids.
  func sum(of values: borrowing Scratch<I32F32>) -> I32F32 {
    var sum = I32F32.zero
    for uid in 0..<uidCount { sum = sum.addingWrapping(values[uid]) }
    return sum
  }

  func tell<Recorder: EpochRecorder>(
    _ vector: EpochVector, _ values: borrowing Scratch<I32F32>, to recorder: inout Recorder
  ) {
    guard Recorder.isRecording else { return }
    for uid in 0..<uidCount { recorder.record(vector, uid: uid, bits: Int128(values[uid].bits)) }
  }

  /// Scores as the chain stores them: parts of 65535, rounded down. Shape `[uids]`.
  func proportions(_ values: borrowing Scratch<I32F32>) -> [UInt16] {
    var parts: [UInt16] = []
    parts.reserveCapacity(uidCount)
    for uid in 0..<uidCount { parts.append(values[uid].proportion) }
    return parts
  }
}
