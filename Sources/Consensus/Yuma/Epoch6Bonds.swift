import FixedPoint

extension YumaEpoch {
  /// Step 6: move the bonds toward the weights, and pay raters by what they hold of what turned out good.
  ///
  /// Without Yuma3:
  ///
  ///     B  = old bonds, each column divided by its sum
  ///     ΔB = act_i * WB_ij, each column divided by its sum
  ///     E  = α ΔB + α' B, each column divided by its sum
  ///     d_i = sum over j of incentive_j * E_ij;  stored: E, each column divided by its largest
  ///
  /// With Yuma3:
  ///
  ///     B = old bonds / 65535
  ///     E = α WB + α' B                        with liquid alpha a factor for each pair
  ///     N = E, each column divided by its sum
  ///     d_i = act_i * (sum over j of incentive_j * N_ij);  stored: E
  ///
  /// `dividends` are `d` divided by its sum. Products round down, quotients toward zero. Stored bonds are parts of 65535; a row
  /// is stored only for uids that now have a permit.
  ///
  /// - Source: yuma 9 and 11.
  mutating func moveBonds<Recorder: EpochRecorder>(
    _ parameters: EpochParameters, _ output: inout EpochOutput, _ recorder: inout Recorder
  ) {
    let rule = BondRule(parameters, hasConsensus: (0..<uidCount).contains { consensus[$0] > .zero })
    dividends.fill(count: uidCount, with: .zero)
    nextCell.fill(count: uidCount, with: 0)
    for number in 0..<uidCount {
      openColumn(number, rule, &recorder)
      smoothBonds(of: number, rule, &recorder)
      payAndKeep(number, rule, &recorder)
    }
    output.bonds = storedBonds()
    if rule.isYuma3 {
      tell(.totalBonds, dividends, to: &recorder)
      for uid in 0..<uidCount { dividends[uid] = dividends[uid].multipliedRoundingDownOrZero(by: activeStake[uid]) }
    }
    normalise(dividends)
    output.dividends = proportions(dividends)
    tell(.dividends, dividends, to: &recorder)
  }

  /// Brings one column's weights for bonds together, and finds what its old bonds are shares of: the original rule takes the
  /// column's sum, Yuma3 takes 65535.
  private mutating func openColumn<Recorder: EpochRecorder>(
    _ number: Int, _ rule: BondRule, _ recorder: inout Recorder
  ) {
    column.open(count: columnStart[number + 1] - columnStart[number])
    let consensus = consensus[number]
    switch rule.penalty {
    case .zero: takeColumn(number, rule, &recorder) { $0 }
    case .one: takeColumn(number, rule, &recorder) { $0.clipped(at: consensus) ?? BondColumn.absent }
    default: takeColumn(number, rule, &recorder) { rule.weightBetween($0, and: $0.clipped(at: consensus) ?? .zero) }
    }
  }

  /// Unpacks one column with the weights that `weightForBonds` makes. The original rule goes on with claims: weight times active
  /// stake, rounded down; an absent weight claims nothing.
  ///
  /// - Source: yuma 9.3.1 and 9.3.2, 9.4.1.
  @inline(__always)
  private mutating func takeColumn<Recorder: EpochRecorder>(
    _ number: Int, _ rule: BondRule, _ recorder: inout Recorder, _ weightForBonds: (I32F32) -> I32F32
  ) {
    let (fresh, entries, activeStake) = (column.fresh.elements, entries.elements, activeStake.elements)
    let (start, isYuma3, isLiquid) = (columnStart[number], rule.isYuma3, rule.liquidAlpha != nil)
    var bondSum: UInt64 = 0
    var claimSum = I32F32.zero
    for index in 0..<column.count {
      let entry = entries[start &+ index]
      let weight = entry.hasWeight ? weightForBonds(entry.weight) : BondColumn.absent
      bondSum &+= UInt64(entry.bond)
      if isYuma3 {
        fresh[index] = isLiquid ? weight : max(.zero, weight)
      } else {
        let claim = activeStake[entry.row].shareRoundingDown(of: max(.zero, weight))
        fresh[index] = claim
        // Cannot overflow: at most 2^15 shares.
        claimSum = claimSum.addingWrapping(claim)
      }
      if Recorder.isRecording { tellWeight(weight, entry.row, number, &recorder) }
    }
    column.claimSum = claimSum
    column.bondWhole = CountDivisor(orZeros: isYuma3 ? UInt64(UInt16.max) : bondSum)
  }

  /// Moves the old bonds toward the weights: by one factor for all, or by liquid alpha.
  private mutating func smoothBonds<Recorder: EpochRecorder>(
    of number: Int, _ rule: BondRule, _ recorder: inout Recorder
  ) {
    let (entries, start) = (entries.elements, columnStart[number])
    if let liquidAlpha = rule.liquidAlpha {
      column.smooth(liquidAlpha, consensus: consensus[number], from: entries, start: start) { index, factor in
        if Recorder.isRecording {
          recorder.record(.smoothing, row: entries[start + index].row, column: number, bits: factor.bits)
        }
      }
    } else if rule.isYuma3 {
      column.smooth(rule.smoothing, from: entries, start: start, findsLargest: false) { $0 }
    } else {
      let whole = ShareDivisor(orZeros: column.claimSum)
      tellClaims(number, whole, &recorder)
      column.smooth(rule.smoothing, from: entries, start: start, findsLargest: true) { whole.share(of: $0) }
    }
    tellSmoothing(number, rule, &recorder)
  }

  /// Makes the new bonds shares of their column, pays `incentive_j * share` to each rater, and puts the bonds to store back where
  /// the column's entries stood, as parts of 65535; those of uids without a permit go.
  ///
  /// Yuma3 stores the smoothed bonds; the original rule stores the shares, scaled so that the column's largest is one.
  private mutating func payAndKeep<Recorder: EpochRecorder>(
    _ number: Int, _ rule: BondRule, _ recorder: inout Recorder
  ) {
    let whole = ShareDivisor(orZeros: column.nextSum)
    if rule.isYuma3 {
      payAndKeep(number, whole, .bondShares, &recorder) { next, _ in min(.one, next) }
    } else {
      // The largest bond has the largest share.
      let top = ShareDivisor(orZeros: whole.share(of: column.nextLargest))
      payAndKeep(number, whole, .smoothedBonds, &recorder) { _, share in top.share(of: share) }
      tellUpscaled(number, whole, top, &recorder)
    }
  }

  @inline(__always)
  private mutating func payAndKeep<Recorder: EpochRecorder>(
    _ number: Int, _ whole: ShareDivisor, _ matrix: EpochMatrix, _ recorder: inout Recorder,
    stored: (_ next: I32F32, _ share: I32F32) -> I32F32
  ) {
    let incentive = incentive[number]
    let (start, nexts, pay) = (columnStart[number], column.next.elements, dividends.elements)
    let (entries, hasPermit, bondCount) = (entries.elements, hasPermit.elements, nextCell.elements)
    for index in 0..<column.count {
      let entry = entries[start &+ index]
      let row = entry.row
      let next = nexts[index]
      let share = whole.share(of: next)
      // Cannot overflow: a product of shares for each of at most 2^15 columns.
      pay[row] = pay[row].addingWrapping(incentive.shareRoundingDown(of: share))
      if next > .zero && hasPermit[row] {
        entries[start &+ index] = entry.storing(MatrixEntry.bondCode(stored(next, share).proportionOfShare))
        bondCount[row] &+= 1
      } else {
        entries[start &+ index] = entry.storing(0)
      }
      if Recorder.isRecording && next > .zero {
        recorder.record(matrix, row: row, column: number, bits: share.bits)
      }
    }
  }

  /// The kept bonds by row.
  private mutating func storedBonds() -> SparseRows {
    var starts = [0]
    starts.reserveCapacity(uidCount + 1)
    for row in 0..<uidCount {
      let length = nextCell[row]
      nextCell[row] = starts[row]
      starts.append(starts[row] + length)
    }
    let (entries, nextCell) = (entries.elements, nextCell.elements)
    let cells = [Cell](unsafeUninitializedCapacity: starts[uidCount]) { cells, count in
      for column in 0..<uidCount {
        for index in columnStart[column]..<columnStart[column + 1] {
          let entry = entries[index]
          guard entry.hasBond else { continue }
          // Counted when the bonds were kept: every cell is written once, and none past the end.
          let place = nextCell[entry.row]
          cells.baseAddress.unsafelyUnwrapped[place] = Cell(UInt16(truncatingIfNeeded: column), entry.bond)
          nextCell[entry.row] = place &+ 1
        }
      }
      count = starts[uidCount]
    }
    return SparseRows(cells: cells, starts: starts)
  }
}

// What a recorder hears of the bonds.
extension YumaEpoch {
  private mutating func tellWeight<Recorder: EpochRecorder>(
    _ weight: I32F32, _ row: Int, _ number: Int, _ recorder: inout Recorder
  ) {
    column.isRated.append(weight != BondColumn.absent)
    if weight != BondColumn.absent { recorder.record(.weightsForBonds, row: row, column: number, bits: weight.bits) }
  }

  private func tellClaims<Recorder: EpochRecorder>(
    _ number: Int, _ whole: ShareDivisor, _ recorder: inout Recorder
  ) {
    guard Recorder.isRecording else { return }
    for index in 0..<column.count where column.isRated[index] {
      let claim = whole.share(of: column.fresh[index])
      recorder.record(.freshBonds, row: row(number, index), column: number, bits: claim.bits)
    }
  }

  private func row(_ number: Int, _ index: Int) -> Int { entries[columnStart[number] + index].row }

  private func tellSmoothing<Recorder: EpochRecorder>(_ number: Int, _ rule: BondRule, _ recorder: inout Recorder) {
    guard Recorder.isRecording else { return }
    for index in 0..<column.count {
      let entry = entries[columnStart[number] + index]
      if entry.hasBond {
        let old = column.bondWhole.share(of: entry.bond)
        recorder.record(.oldBonds, row: entry.row, column: number, bits: old.bits)
      }
      if rule.isYuma3 && column.keeps(index) {
        recorder.record(.smoothedBonds, row: entry.row, column: number, bits: column.next[index].bits)
      }
    }
  }

  private func tellUpscaled<Recorder: EpochRecorder>(
    _ number: Int, _ whole: ShareDivisor, _ top: ShareDivisor, _ recorder: inout Recorder
  ) {
    guard Recorder.isRecording else { return }
    for index in 0..<column.count where column.keeps(index) {
      let bits = top.share(of: whole.share(of: column.next[index])).bits
      recorder.record(.upscaledBonds, row: row(number, index), column: number, bits: bits)
    }
  }
}
