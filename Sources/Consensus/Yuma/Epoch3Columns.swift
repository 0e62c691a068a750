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
    let bondDeadline = input.bondDeadline
    let owner = input.parameters.ownerUID?.index

    // First pass: the length of each column and the sum of each row of weights.
    columnStart.fill(count: uidCount + 1, with: 0)
    weightSum.fill(count: uidCount, with: 0)
    for row in 0..<uidCount {
      var sum: Int64 = 0
      forEachPair(row, input, owner: owner, bondDeadline: bondDeadline) { column, weight, bond in
        columnStart[column] += 1
        // Cannot overflow: fewer than 2^15 summands below 2^16.
        sum &+= Int64(weight ?? 0)
      }
      weightSum[row] = sum
    }
    var next = 0
    for column in 0...uidCount {
      let length = columnStart[column]
      columnStart[column] = next
      next += length
    }
    entries.resize(to: next)

    // Second pass: the entries. `columnStart[j]` is where column `j` goes on, and in the end where it ends.
    for row in 0..<uidCount {
      let divisor = weightSum[row] > 0 ? ShareDivisor(I32F32(bits: weightSum[row])) : nil
      forEachPair(row, input, owner: owner, bondDeadline: bondDeadline) { column, weight, bond in
        let share = weight.map { weight in divisor?.share(of: I32F32(bits: Int64(weight))) ?? .zero }
        entries[columnStart[column]] = MatrixEntry(row: row, weight: share, bond: bond)
        columnStart[column] += 1
        if Recorder.isRecording, let share { recorder.record(.weights, row: row, column: column, bits: share.bits) }
      }
    }
    var start = 0
    for column in 0...uidCount { swap(&start, &columnStart[column]) }
  }

  /// For each row the block a column's holder must have registered before, for the weight to count.
  ///
  /// - Source: yuma 6.1 (3 and 4) and 6.3.
  private mutating func setDeadlines(_ input: EpochInput) {
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

  /// Walks the weights and bonds of one row together, by ascending column, without those that do not count.
  @inline(__always)
  private func forEachPair(
    _ row: Int, _ input: EpochInput, owner: Int?, bondDeadline: UInt64,
    _ body: (_ column: Int, _ weight: UInt16?, _ bond: UInt16?) -> Void
  ) {
    let weights = hadPermit[row] ? input.weights.range(of: row) : 0..<0
    let bonds = input.bonds.range(of: row)
    let weightDeadline = weightDeadline[row]
    let ownColumn = row == owner ? -1 : row
    var weightIndex = weights.lowerBound
    var bondIndex = bonds.lowerBound
    while true {
      let weightColumn = weightIndex < weights.upperBound ? Int(input.weights.cells[weightIndex].column) : uidCount
      let bondColumn = bondIndex < bonds.upperBound ? Int(input.bonds.cells[bondIndex].column) : uidCount
      let column = min(weightColumn, bondColumn)
      // Columns ascend: the first one past the last uid ends the row.
      guard column < uidCount else { return }
      var weight: UInt16?
      var bond: UInt16?
      if weightColumn == column {
        if registrationBlock[column] < weightDeadline && column != ownColumn {
          weight = input.weights.cells[weightIndex].value
        }
        weightIndex += 1
      }
      if bondColumn == column {
        if registrationBlock[column] < bondDeadline { bond = input.bonds.cells[bondIndex].value }
        bondIndex += 1
      }
      if weight != nil || bond != nil { body(column, weight, bond) }
    }
  }
}

extension SparseRows {
  /// Where a row's cells stand; empty for a row that is not there.
  func range(of row: Int) -> Range<Int> { row < rowCount ? starts[row]..<starts[row + 1] : 0..<0 }
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
