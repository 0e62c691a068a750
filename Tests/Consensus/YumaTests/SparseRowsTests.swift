import Testing
import Yuma

@Suite struct SparseRowsTests {
  @Test func rowsAscendAndTheLastOfARepeatedColumnCounts() {
    let rows = SparseRows([[(5, 1), (2, 9), (5, 3)], [], [(1, 0)]])
    #expect(rows.rowCount == 3)
    #expect(Array(rows[0]) == [Cell(2, 9), Cell(5, 3)])
    #expect(rows[1].isEmpty)
    #expect(Array(rows[2]) == [Cell(1, 0)])
  }
}
