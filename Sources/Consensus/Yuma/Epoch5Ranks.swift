import FixedPoint

extension YumaEpoch {
  /// Step 5: cut weights at the consensus, and reward what is left.
  ///
  ///     C_ij     = min(W_ij, consensus_j); removed where that cuts a weight to zero
  ///     trust_i  = sum over j of C_ij
  ///     rank_j   = sum over i of act_i * C_ij     each product rounds down
  ///     incentive = rank divided by its sum       rounds toward zero
  ///
  /// Shape `[uids]` each.
  ///
  /// - Source: yuma 7.4, 7.5 and 8.
  mutating func rankServers<Recorder: EpochRecorder>(_ output: inout EpochOutput, _ recorder: inout Recorder) {
    validatorTrust.fill(count: uidCount, with: .zero)
    ranks.resize(to: uidCount)
    incentive.resize(to: uidCount)
    let (entries, trust, activeStake) = (entries.elements, validatorTrust.elements, activeStake.elements)
    for column in 0..<uidCount {
      let consensus = consensus[column]
      var rank = I32F32.zero
      for index in columnStart[column]..<columnStart[column + 1] {
        let entry = entries[index]
        guard entry.hasWeight, let clipped = entry.weight.clipped(at: consensus) else { continue }
        let row = entry.row
        trust[row] = trust[row].addingWrapping(clipped)
        // Cannot overflow: at most 2^15 products of shares.
        rank = rank.addingWrapping(activeStake[row].shareRoundingDown(of: clipped))
        if Recorder.isRecording { recorder.record(.clippedWeights, row: row, column: column, bits: clipped.bits) }
      }
      ranks[column] = rank
      incentive[column] = rank
    }
    normalise(incentive)
    output.validatorTrust = proportions(validatorTrust)
    output.incentive = proportions(incentive)
    tell(.validatorTrust, validatorTrust, to: &recorder)
    tell(.ranks, ranks, to: &recorder)
    tell(.incentive, incentive, to: &recorder)
  }
}

extension I32F32 {
  /// A weight cut at the consensus; nil where that leaves nothing of a positive weight.
  ///
  /// - Source: yuma 7.4.
  @inline(__always)
  func clipped(at consensus: I32F32) -> I32F32? {
    // The question is asked of the column first: its answer rarely changes, while the smaller of two numbers is no guess.
    consensus > .zero ? Swift.min(self, consensus) : (self > .zero ? nil : .zero)
  }
}
