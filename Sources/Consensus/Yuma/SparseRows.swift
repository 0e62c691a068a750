/// One stored entry of a row: what its owner says of the uid `column`.
package struct Cell: Hashable, Sendable, BitwiseCopyable {
  package let column: UInt16
  package let value: UInt16

  @inlinable @inline(__always)
  package init(_ column: UInt16, _ value: UInt16) {
    self.column = column
    self.value = value
  }
}

/// A sparse matrix of u16 values: weights or bonds, one row per uid, all rows in one buffer.
///
/// Invariant: the columns of a row ascend strictly. A missing entry reads as zero, but an entry with the value zero is kept:
/// the rules tell the two apart. Columns may pass the number of uids; the epoch drops such entries.
///
/// - Source: yuma 1 and 3 (`weights`, `bonds`).
package struct SparseRows: Hashable, Sendable {
  /// All rows, one after the other.
  package internal(set) var cells: [Cell]
  /// Where each row starts in `cells`, and last where the last one ends. Count: `rowCount + 1`.
  package internal(set) var starts: [Int]

  init(cells: [Cell], starts: [Int]) {
    self.cells = cells
    self.starts = starts
  }

  /// Empty rows.
  package init(rowCount: Int = 0) { self.init(cells: [], starts: Array(repeating: 0, count: rowCount + 1)) }

  /// Rows of `(column, value)` in any order; of a column given twice in one row the last one counts.
  package init(_ rows: [[(UInt16, UInt16)]]) {
    self.init()
    reserve(rowCount: rows.count, cellCount: rows.reduce(0) { $0 + $1.count })
    for row in rows { append(row: row.map { Cell($0.0, $0.1) }) }
  }

  package mutating func reserve(rowCount: Int, cellCount: Int) {
    starts.reserveCapacity(rowCount + 1)
    cells.reserveCapacity(cellCount)
  }

  /// Appends one row, brought into ascending order; of a column given twice the last one counts.
  package mutating func append(row: [Cell]) {
    let start = cells.count
    cells.append(contentsOf: row)
    let isAscending = zip(cells[start...], cells[start...].dropFirst()).allSatisfy { $0.column < $1.column }
    if !isAscending { cells.replaceSubrange(start..., with: SparseRows.ascending(cells[start...])) }
    starts.append(cells.count)
  }

  package var rowCount: Int { starts.count - 1 }

  /// The entries of one row, by ascending column.
  package subscript(row: Int) -> ArraySlice<Cell> { cells[starts[row]..<starts[row + 1]] }

  /// All rows as pairs, as they stand in vectors and snapshots.
  package var pairs: [[(UInt16, UInt16)]] { (0..<rowCount).map { self[$0].map { ($0.column, $0.value) } } }

  private static func ascending(_ row: ArraySlice<Cell>) -> [Cell] {
    let sorted = row.enumerated().sorted { ($0.element.column, $0.offset) < ($1.element.column, $1.offset) }
    var kept: [Cell] = []
    for (_, cell) in sorted {
      if kept.last?.column == cell.column { kept.removeLast() }
      kept.append(cell)
    }
    return kept
  }
}

extension SparseRows {
  /// The bytes the rows take.
  package var byteCount: Int {
    cells.count * MemoryLayout<Cell>.stride + starts.count * MemoryLayout<Int>.stride
  }
}

extension EpochInput {
  /// The bytes the arrays take.
  package var byteCount: Int {
    uidCount * (4 * MemoryLayout<UInt64>.stride + MemoryLayout<Bool>.stride) + weights.byteCount + bonds.byteCount
  }
}

extension EpochOutput {
  /// The bytes the arrays take.
  package var byteCount: Int {
    active.count
      * (2 * MemoryLayout<Bool>.stride + 5 * MemoryLayout<UInt16>.stride + 4 * MemoryLayout<UInt64>.stride)
      + bonds.byteCount
  }
}
