package import FixedPoint

extension YumaEpoch {
  /// Step 4: for each column the weight that the majority of voting stake agrees on.
  ///
  ///     minority    = sum(u) - kappa / 65535          can be negative
  ///     consensus_j = weighted median of W_ij under u_i, a missing weight counting as zero
  ///
  /// Shape `[uids]`; zero everywhere if nobody votes.
  ///
  /// - Source: yuma 7.1 to 7.3.
  mutating func agreeOnWeights<Recorder: EpochRecorder>(
    _ parameters: EpochParameters, _ output: inout EpochOutput, _ recorder: inout Recorder
  ) {
    consensus.fill(count: uidCount, with: .zero)
    ballots.resize(to: voterCount)
    ballotsAside.resize(to: voterCount)
    let minority = voterTotal.subtractingSaturating(I32F32(proportion: parameters.kappa))
    if voterCount > 0 {
      for column in 0..<uidCount { consensus[column] = agreedWeight(on: column, minority: minority) }
    }
    output.consensus = proportions(consensus)
    tell(.consensus, consensus, to: &recorder)
  }

  /// The stake-weighted median of one column: the least weight such that the voters who give it or less hold **more** than
  /// `minority`; the largest weight if there is none such.
  ///
  /// Voters who give nothing, or zero, need no ballot: they all stand at zero, and their stake is the rest.
  ///
  /// - Source: yuma 2.3 and 7.3.
  private func agreedWeight(on column: Int, minority: I32F32) -> I32F32 {
    var count = 0
    var ballotStake = I32F32.zero
    for index in columnStart[column]..<columnStart[column + 1] {
      let entry = entries[index]
      let stake = voterStake[entry.row]
      if entry.hasWeight && entry.weight > .zero && stake > .zero {
        ballots[count] = entry.packed
        ballotStake = ballotStake.addingWrapping(stake)
        count += 1
      }
    }
    let stakeAtZero = I32F32(bits: voterTotal.bits &- ballotStake.bits)
    if count < voterCount && stakeAtZero > minority { return .zero }
    guard count > 0 else { return .zero }
    return medianBallot(count: count, minority: minority.bits, below: stakeAtZero.bits).weight
  }

  /// The first ballot, by (weight, row), at which the accumulated stake passes `minority`; the last one if none does.
  ///
  /// Selection instead of sorting: split the ballots at a pivot, add up the stake of the lower part, go on in the part that
  /// holds the answer. Packed entries are all different, so two parts suffice. Every ballot is written to both sides and the
  /// comparison moves only the cursors: nothing for the processor to guess.
  ///
  /// - Complexity: O(count) expected.
  private func medianBallot(count: Int, minority: Int64, below: Int64) -> MatrixEntry {
    var count = count
    var below = below
    while count > 1 {
      let pivot = middleOfThree(ballots[0], ballots[count / 2], ballots[count - 1])
      var lower = 0
      var upper = 0
      var lowerStake: Int64 = 0
      for index in 0..<count {
        let ballot = ballots[index]
        let isLower = ballot < pivot
        ballotsAside[upper] = ballot
        ballots[lower] = ballot
        lowerStake &+= isLower ? voterStake[MatrixEntry(packed: ballot).row].bits : 0
        lower += isLower ? 1 : 0
        upper += isLower ? 0 : 1
      }
      if lower > 0 && below &+ lowerStake > minority {
        count = lower
        continue
      }
      let pivotStake = voterStake[MatrixEntry(packed: pivot).row].bits
      if upper == 1 || below &+ lowerStake &+ pivotStake > minority { return MatrixEntry(packed: pivot) }
      // The pivot itself is done with; the rest of the upper part holds the answer.
      below = below &+ lowerStake &+ pivotStake
      count = 0
      for index in 0..<upper {
        let ballot = ballotsAside[index]
        ballots[count] = ballot
        count += ballot == pivot ? 0 : 1
      }
    }
    return MatrixEntry(packed: ballots[0])
  }

  @inline(__always)
  private func middleOfThree(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> UInt64 {
    max(min(first, second), min(max(first, second), third))
  }
}

/// The stake-weighted median by itself.
package enum WeightedMedian {
  /// The least score at which the accumulated stake, of scores up to and with it, is more than `minority`; the largest score
  /// if there is none such; zero without scores.
  ///
  /// - Parameters:
  ///   - scores: Shape `[voters]`.
  ///   - stakes: Shape `[voters]`, all positive.
  ///   - minority: May be negative.
  /// - Source: yuma 2.3; the sorted form that the epoch's selection is held against.
  package static func of(scores: [I32F32], stakes: [I32F32], minority: I32F32) -> I32F32 {
    let ascending = zip(scores, stakes).sorted { $0.0 < $1.0 }
    var accumulated = I32F32.zero
    for index in ascending.indices {
      accumulated = accumulated.addingWrapping(ascending[index].1)
      let isLastOfEquals = index + 1 == ascending.count || ascending[index + 1].0 != ascending[index].0
      if isLastOfEquals && accumulated > minority { return ascending[index].0 }
    }
    return ascending.last?.0 ?? .zero
  }
}
