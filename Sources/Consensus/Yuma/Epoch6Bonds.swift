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
    output.bonds = openBondRows()
    for column in 0..<uidCount {
      openColumn(column, rule, &recorder)
      if rule.isYuma3 {
        moveAbsoluteBonds(of: column, rule, &recorder)
      } else {
        moveRelativeBonds(of: column, rule, &recorder)
      }
      storeBonds(of: column, in: &output.bonds.cells)
    }
    closeBondRows(&output.bonds)
    if rule.isYuma3 {
      tell(.totalBonds, dividends, to: &recorder)
      for uid in 0..<uidCount { dividends[uid] = dividends[uid].multipliedRoundingDownOrZero(by: activeStake[uid]) }
    }
    normalise(dividends)
    output.dividends = proportions(dividends)
    tell(.dividends, dividends, to: &recorder)
  }

  /// Brings one column's weights for bonds and old bonds (still integers) together.
  private mutating func openColumn<Recorder: EpochRecorder>(
    _ number: Int, _ rule: BondRule, _ recorder: inout Recorder
  ) {
    let start = columnStart[number]
    column.resize(to: columnStart[number + 1] - start)
    for index in 0..<column.count {
      let entry = entries[start + index]
      let weight = entry.hasWeight ? rule.weightForBonds(entry.weight, consensus: consensus[number]) : nil
      column.rows[index] = entry.row
      column.fresh[index] = weight ?? BondColumn.absent
      column.old[index] = I32F32(entry.bond)
    }
    tellColumn(.weightsForBonds, number, column.fresh, to: &recorder)
  }

  /// The original rule: bonds are shares of their column.
  ///
  /// - Source: yuma 9.3.
  private func moveRelativeBonds<Recorder: EpochRecorder>(
    of number: Int, _ rule: BondRule, _ recorder: inout Recorder
  ) {
    column.normalise(column.old)
    tellOldBonds(number, to: &recorder)
    for index in 0..<column.count where column.fresh[index] > .zero {
      column.fresh[index] = activeStake[column.rows[index]].multipliedRoundingDownSaturating(by: column.fresh[index])
    }
    column.normalise(column.fresh)
    tellColumn(.freshBonds, number, column.fresh, to: &recorder)
    column.smooth(move: rule.move, keep: rule.keep)
    column.normalise(column.next)
    tellColumn(.smoothedBonds, number, column.next, to: &recorder)
    payRaters(for: number, column.next)
    column.upscale()
    tellColumn(.upscaledBonds, number, column.next, to: &recorder)
  }

  /// The Yuma3 rule: each bond is a share of its own.
  ///
  /// - Source: yuma 9.4.
  private func moveAbsoluteBonds<Recorder: EpochRecorder>(
    of number: Int, _ rule: BondRule, _ recorder: inout Recorder
  ) {
    for index in 0..<column.count {
      column.old[index] = I32F32(proportion: column.old[index].wholeRoundingDown())
    }
    tellOldBonds(number, to: &recorder)
    if let liquidAlpha = rule.liquidAlpha {
      column.smooth { index, weight, bond in
        liquidAlpha.factor(consensus: consensus[number], weight: weight, bond: bond)
      }
    } else {
      column.smooth(move: rule.move, keep: rule.keep)
    }
    tellColumn(.smoothedBonds, number, column.next, to: &recorder)
    // The shares are needed for pay alone; what is stored are the bonds themselves.
    for index in 0..<column.count { column.fresh[index] = column.next[index] }
    column.normalise(column.fresh)
    tellColumn(.bondShares, number, column.fresh, to: &recorder)
    payRaters(for: number, column.fresh)
  }

  /// Adds `incentive_j * share` to the pay of each rater that holds a share of the column; products round down.
  private func payRaters(for number: Int, _ shares: borrowing Scratch<I32F32>) {
    let incentive = incentive[number]
    for index in 0..<column.count where shares[index] > .zero {
      let row = column.rows[index]
      dividends[row] = dividends[row].addingSaturating(incentive.multipliedRoundingDownSaturating(by: shares[index]))
    }
  }
}

// Bonds as they are stored.
extension YumaEpoch {
  /// Rows with room for every bond that could be stored: a cell for each entry of a uid with a new permit.
  private mutating func openBondRows() -> SparseRows {
    nextCell.fill(count: uidCount, with: 0)
    for index in 0..<columnStart[uidCount] { nextCell[entries[index].row] += 1 }
    var rows = SparseRows(rowCount: uidCount)
    var next = 0
    for row in 0..<uidCount {
      let length = hasPermit[row] ? nextCell[row] : 0
      nextCell[row] = next
      rows.starts[row] = next
      next += length
    }
    rows.starts[uidCount] = next
    rows.cells = Array(repeating: Cell(0, 0), count: next)
    return rows
  }

  private func storeBonds(of number: Int, in cells: inout [Cell]) {
    let name = UInt16(truncatingIfNeeded: number)
    for index in 0..<column.count where column.next[index] != BondColumn.absent && hasPermit[column.rows[index]] {
      let row = column.rows[index]
      cells[nextCell[row]] = Cell(name, column.next[index].proportion)
      nextCell[row] += 1
    }
  }

  /// Closes the gaps of bonds that were not kept.
  private func closeBondRows(_ rows: inout SparseRows) {
    var end = 0
    for row in 0..<uidCount {
      let start = rows.starts[row]
      rows.starts[row] = end
      for index in start..<nextCell[row] {
        rows.cells[end] = rows.cells[index]
        end += 1
      }
    }
    rows.starts[uidCount] = end
    rows.cells.removeLast(rows.cells.count - end)
  }
}

// What a recorder hears of the bonds.
extension YumaEpoch {
  private func tellColumn<Recorder: EpochRecorder>(
    _ matrix: EpochMatrix, _ number: Int, _ values: borrowing Scratch<I32F32>, to recorder: inout Recorder
  ) {
    guard Recorder.isRecording else { return }
    for index in 0..<column.count where values[index] != BondColumn.absent {
      recorder.record(matrix, row: column.rows[index], column: number, bits: values[index].bits)
    }
  }

  private func tellOldBonds<Recorder: EpochRecorder>(_ number: Int, to recorder: inout Recorder) {
    guard Recorder.isRecording else { return }
    for index in 0..<column.count where entries[columnStart[number] + index].hasBond {
      recorder.record(.oldBonds, row: column.rows[index], column: number, bits: column.old[index].bits)
    }
  }
}
