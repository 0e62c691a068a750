import FixedPoint
import Primitives

extension YumaEpoch {
  /// Step 3: drop what does not count, normalise each row of weights, and turn weights and bonds into columns.
  ///
  /// A weight `(i, j)` counts if row `i` had a permit, `j` is not `i` (the owner may rate itself), and the holder of `j`
  /// registered before row `i` set its weights and not after its earliest pending commit. A bond `(i, j)` counts if the holder
  /// of `j` registered before the block after the previous epoch. Columns past the last uid never count.
  ///
  ///     W_ij = w_ij / sum of row i       rounds toward zero; a row of zeros stays as it is
  ///
  /// Shape: `uids` columns; each a run of ``MatrixEntry`` by ascending row.
  ///
  /// - Source: yuma 6 and the mask of 9.2.
  mutating func loadColumns<Recorder: EpochRecorder>(_ input: EpochInput, _ recorder: inout Recorder) {
    setDeadlines(input)
    countColumns(input)
    entries.resize(to: turnLengthsIntoStarts())
    fillColumns(input, &recorder)
  }

  /// First pass over the rows: the length of each column, and the sum of each row of weights.
  private mutating func countColumns(_ input: EpochInput) {
    columnStart.fill(count: uidCount + 1, with: 0)
    weightSum.fill(count: uidCount, with: 0)
    mark.fill(count: uidCount, with: 0)
    let (weights, bonds) = (input.weights.cells.span, input.bonds.cells.span)
    let (length, mark, registration) = (columnStart.elements, mark.elements, registrationBlock.elements)
    for row in 0..<uidCount {
      let deadline = weightDeadline[row]
      let rowMark = UInt32(truncatingIfNeeded: row &+ 1)
      var sum: UInt64 = 0
      let own = hideOwnColumn(of: row, input)
      for index in hadPermit[row] ? input.weights.range(of: row, below: uidCount) : 0..<0 {
        let cell = weights[unchecked: index]
        let column = Int(cell.column)
        guard registration[column] < deadline else { continue }
        length[column] &+= 1
        mark[column] = rowMark
        // Cannot overflow: fewer than 2^15 summands below 2^16.
        sum &+= UInt64(cell.value)
      }
      registration[row] = own
      weightSum[row] = sum
      // A bond beside a weight shares its entry.
      for index in input.bonds.range(of: row, below: uidCount) {
        let column = Int(bonds[unchecked: index].column)
        length[column] &+= registration[column] < bondDeadline && mark[column] != rowMark ? 1 : 0
      }
    }
  }

  /// Second pass: the entries. `columnStart[j]` is where column `j` goes on, and in the end where it ends.
  private mutating func fillColumns<Recorder: EpochRecorder>(_ input: EpochInput, _ recorder: inout Recorder) {
    mark.fill(count: uidCount, with: 0)
    let (weights, bonds) = (input.weights.cells.span, input.bonds.cells.span)
    let (next, bondOf, registration) = (columnStart.elements, mark.elements, registrationBlock.elements)
    let entries = entries.elements
    for row in 0..<uidCount {
      let deadline = weightDeadline[row]
      let bondRange = input.bonds.range(of: row, below: uidCount)
      var pending = 0
      for index in bondRange {
        let cell = bonds[unchecked: index]
        let column = Int(cell.column)
        guard registration[column] < bondDeadline else { continue }
        bondOf[column] = MatrixEntry.bondCode(cell.value)
        pending &+= 1
      }
      let whole = CountDivisor(orZeros: weightSum[row])
      let own = hideOwnColumn(of: row, input)
      for index in hadPermit[row] ? input.weights.range(of: row, below: uidCount) : 0..<0 {
        let cell = weights[unchecked: index]
        let column = Int(cell.column)
        guard registration[column] < deadline else { continue }
        let share = whole.share(of: cell.value)
        let bond = bondOf[column]
        let place = next[column]
        entries[place] = MatrixEntry(row: row, weight: share, bondCode: bond)
        next[column] = place &+ 1
        bondOf[column] = 0
        pending &-= bond == 0 ? 0 : 1
        if Recorder.isRecording { recorder.record(.weights, row: row, column: column, bits: share.bits) }
      }
      registration[row] = own
      // What is left are bonds without a weight.
      for index in pending > 0 ? bondRange : 0..<0 {
        let column = Int(bonds[unchecked: index].column)
        guard bondOf[column] != 0 else { continue }
        let place = next[column]
        entries[place] = MatrixEntry(row: row, bondCode: bondOf[column])
        next[column] = place &+ 1
        bondOf[column] = 0
      }
    }
    var start = 0
    for column in 0...uidCount { swap(&start, &columnStart[column]) }
  }

  /// Makes a row's own column look as if its holder had not registered yet, so that one comparison drops both what is outdated
  /// and what a row gives itself; the owner's stays. Returns what to put back once the row's weights are read.
  private func hideOwnColumn(of row: Int, _ input: EpochInput) -> UInt64 {
    let registration = registrationBlock[row]
    if row != input.parameters.ownerUID?.index { registrationBlock[row] = .max }
    return registration
  }

  /// Replaces each column's length by where it starts; returns the length of all.
  private func turnLengthsIntoStarts() -> Int {
    var start = 0
    for column in 0...uidCount {
      let length = columnStart[column]
      columnStart[column] = start
      start += length
    }
    return start
  }

  /// The blocks a column's holder must have registered before: for each row's weights to count, and for all bonds.
  ///
  /// - Source: yuma 6.1 (3 and 4) and 6.3.
  private mutating func setDeadlines(_ input: EpochInput) {
    bondDeadline = input.bondDeadline
    registrationBlock.resize(to: uidCount)
    weightDeadline.resize(to: uidCount)
    for uid in 0..<uidCount {
      registrationBlock[uid] = input.blockAtRegistration[uid].value
      weightDeadline[uid] = uid < input.lastUpdate.count ? input.lastUpdate[uid].value : 0
    }
    guard input.parameters.commitReveal else { return }
    input.commits.forEachLive(epochIndex: input.epochIndex, revealPeriod: input.parameters.revealPeriod) { uid, block in
      guard uid.index < uidCount, block.value < .max else { return }
      // Registered up to and with the commit's block is early enough.
      weightDeadline[uid.index] = min(weightDeadline[uid.index], block.value + 1)
    }
  }
}

extension SparseRows {
  /// Where the cells of a row stand whose columns are below `limit`; empty for a row that is not there.
  fileprivate func range(of row: Int, below limit: Int) -> Range<Int> {
    guard row < rowCount else { return 0..<0 }
    var end = starts[row + 1]
    while end > starts[row] && Int(cells[end - 1].column) >= limit { end -= 1 }
    return starts[row]..<end
  }
}

extension EpochInput {
  /// The block before which a column's holder must have registered for old bonds on it to live on.
  ///
  /// - Source: yuma 9.2.
  var bondDeadline: UInt64 {
    if lastStepBlock.value > 0 { return lastStepBlock.value == .max ? .max : lastStepBlock.value + 1 }
    return block.value > UInt64(parameters.tempo) ? block.value - UInt64(parameters.tempo) : 0
  }
}
