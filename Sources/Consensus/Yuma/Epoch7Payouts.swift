import FixedPoint
import Primitives

extension YumaEpoch {
  /// Step 7: divide the emission by incentive and dividends.
  ///
  ///     es = sum(incentive + dividends)                about two, so each side gets about half
  ///     server_i = incentive_i / es, validator_i = dividends_i / es, combined_i = (incentive_i + dividends_i) / es
  ///     amounts = emission * share                     rounds down
  ///
  /// Quotients round toward zero. If nobody earned anything (`es = 0`), validators share by active stake, or if there is none by
  /// plain stake. What rounding loses is not given to anybody here. Shape `[uids]` each.
  ///
  /// - Source: yuma 10.
  mutating func payOut<Recorder: EpochRecorder>(
    _ emission: Rao, _ output: inout EpochOutput, _ recorder: inout Recorder
  ) {
    let earned = sum(of: incentive).addingWrapping(sum(of: dividends))
    let divisor = earned > .zero ? ShareDivisor(earned) : nil
    let activeTotal = sum(of: activeStake)
    output.serverEmission.reserveCapacity(uidCount)
    output.validatorEmission.reserveCapacity(uidCount)
    output.emission.reserveCapacity(uidCount)
    for uid in 0..<uidCount {
      let server, validator, combined: I32F32
      if let divisor {
        server = divisor.share(of: incentive[uid])
        validator = divisor.share(of: dividends[uid])
        combined = divisor.share(of: incentive[uid].addingSaturating(dividends[uid]))
      } else {
        server = incentive[uid]
        validator = activeTotal > .zero ? activeStake[uid] : stake[uid]
        combined = validator
      }
      output.serverEmission.append(Rao(server.part(of: emission.value)))
      output.validatorEmission.append(Rao(validator.part(of: emission.value)))
      output.emission.append(Rao(combined.part(of: emission.value)))
      if Recorder.isRecording {
        recorder.record(.serverShare, uid: uid, bits: Int128(server.bits))
        recorder.record(.validatorShare, uid: uid, bits: Int128(validator.bits))
        recorder.record(.combinedShare, uid: uid, bits: Int128(combined.bits))
      }
    }
  }
}
