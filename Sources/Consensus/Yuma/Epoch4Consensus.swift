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
    drawers.resize(to: YumaEpoch.drawerCount)
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
    let (entries, voterStake, ballots) = (entries.elements, voterStake.elements, ballots.elements)
    var count = 0
    var ballotStake: Int64 = 0
    var least = Int64.max
    var most = Int64.min
    for index in columnStart[column]..<columnStart[column + 1] {
      let entry = entries[index]
      let stake = voterStake[entry.row].bits
      if entry.hasPositiveWeight && stake > 0 {
        let ballot = entry.ballot
        ballots[count] = ballot
        count &+= 1
        ballotStake &+= stake
        least = min(least, ballot)
        most = max(most, ballot)
      }
    }
    let below = voterTotal.bits &- ballotStake
    guard count > 0 && !(count < voterCount && below > minority.bits) else { return .zero }
    return medianBallot(count, least, most, minority: minority.bits, below: below)
  }

  /// The weight on the first ballot, by (weight, row), at which the accumulated stake passes `minority`; on the last one if
  /// none does.
  ///
  /// Selection instead of sorting: spread the ballots evenly over drawers, add up the stake in each, find the drawer that holds
  /// the answer and go on with its ballots alone. Whatever the weights are, each round narrows their range by the number of
  /// drawers, so there are never more than eight; mostly one or two do.
  ///
  /// - Parameters:
  ///   - count: How many of `ballots` are cast, at least one; from `least` to `most`.
  ///   - below: Stake that stands below all ballots.
  /// - Complexity: O(count).
  private func medianBallot(_ count: Int, _ least: Int64, _ most: Int64, minority: Int64, below: Int64) -> I32F32 {
    let (voterStake, ballots, drawers) = (voterStake.elements, ballots.elements, drawers.elements)
    var (count, least, most, below) = (count, least, most, below)
    while count > YumaEpoch.sortingLimit {
      // The shift that brings the range just within the drawers.
      let width = Int64.bitWidth - (most &- least).leadingZeroBitCount
      let shift = Int64(max(0, width - YumaEpoch.drawerBits))
      for drawer in 0..<YumaEpoch.drawerCount { drawers[drawer] = 0 }
      for index in 0..<count {
        let ballot = ballots[index]
        let drawer = Int(truncatingIfNeeded: (ballot &- least) &>> shift)
        drawers[drawer] &+= voterStake[MatrixEntry.row(ofBallot: ballot)].bits
      }
      var drawer = 0
      let last = Int(truncatingIfNeeded: (most &- least) &>> shift)
      while drawer < last && below &+ drawers[drawer] <= minority {
        below &+= drawers[drawer]
        drawer &+= 1
      }
      let chosen = Int64(drawer)
      var (kept, nextLeast, nextMost) = (0, Int64.max, Int64.min)
      for index in 0..<count {
        let ballot = ballots[index]
        ballots[kept] = ballot
        if (ballot &- least) &>> shift == chosen {
          kept &+= 1
          nextLeast = min(nextLeast, ballot)
          nextMost = max(nextMost, ballot)
        }
      }
      (count, least, most) = (kept, nextLeast, nextMost)
    }
    return firstPast(minority, below: below, count: count)
  }

  /// The same for a few ballots: sort them and walk.
  private func firstPast(_ minority: Int64, below: Int64, count: Int) -> I32F32 {
    let (voterStake, ballots) = (voterStake.elements, ballots.elements)
    for index in 1..<max(1, count) {
      let ballot = ballots[index]
      var place = index
      while place > 0 && ballots[place &- 1] > ballot {
        ballots[place] = ballots[place &- 1]
        place &-= 1
      }
      ballots[place] = ballot
    }
    var accumulated = below
    var index = 0
    while true {
      let ballot = ballots[index]
      accumulated &+= voterStake[MatrixEntry.row(ofBallot: ballot)].bits
      index &+= 1
      if accumulated > minority || index == count { return MatrixEntry.weight(ofBallot: ballot) }
    }
  }

  /// Up to so many ballots sorting is quicker than another round of drawers.
  private static var sortingLimit: Int { 8 }
  private static var drawerBits: Int { 6 }
  private static var drawerCount: Int { 1 << drawerBits }
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
