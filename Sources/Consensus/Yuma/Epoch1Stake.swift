package import FixedPoint
import Primitives

extension YumaEpoch {
  /// Step 1: each uid's share of all stake.
  ///
  ///     weight  = taoWeight / (2^64 - 1)                      32 fraction bits, rounded down
  ///     total_i = alphaStake_i + taoStake_i * weight          64 fraction bits, product rounded down, saturating
  ///     total_i = 0 where total_i < threshold, not the owner  compared in whole units
  ///     stake_i = total_i / sum(total)                        64 fraction bits, then cut to 32; both round down
  ///
  /// Shape `[uids]`. Without any stake all shares are zero.
  ///
  /// - Throws: ``EpochError/stakeTooLarge``.
  /// - Source: yuma 4.
  mutating func shareStake<Recorder: EpochRecorder>(
    _ input: EpochInput, _ output: inout EpochOutput, _ recorder: inout Recorder
  ) throws(EpochError) {
    let parameters = input.parameters
    let weight = I64F64(saturating: U96F32(parameters.taoWeight, of: .max))
    totalStake.resize(to: uidCount)
    stake.fill(count: uidCount, with: .zero)
    output.stake.reserveCapacity(uidCount)

    var sum = I64F64.zero
    for uid in 0..<uidCount {
      var total = I64F64(combining: input.alphaStake[uid].value, root: input.taoStake[uid].value, weight: weight)
      if Recorder.isRecording { recorder.record(.totalStake, uid: uid, bits: total.bits) }
      let whole = Rao(total.wholeRoundingDown)
      output.stake.append(whole)
      if whole < parameters.stakeThreshold && uid != parameters.ownerUID?.index { total = .zero }
      totalStake[uid] = total
      let (next, overflow) = sum.bits.addingReportingOverflow(total.bits)
      guard !overflow else { throw .stakeTooLarge }
      sum = I64F64(bits: next)
    }

    if sum > .zero {
      let divisor = StakeDivisor(sum)
      for uid in 0..<uidCount { stake[uid] = divisor.share(of: totalStake[uid]) }
    }
    output.stakeWeight = proportions(stake)
    tell(.stake, stake, to: &recorder)
  }
}

extension I64F64 {
  /// The stake that counts: the subnet's own plus weighted root stake. The product rounds down, the sum saturates.
  ///
  /// - Source: yuma 4.2.
  package init(combining alphaStake: UInt64, root taoStake: UInt64, weight: I64F64) {
    self = I64F64(saturating: alphaStake)
      .addingSaturating(I64F64(saturating: taoStake).multipliedRoundingDownSaturating(by: weight))
  }
}
