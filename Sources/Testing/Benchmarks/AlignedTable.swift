/// Rows of cells as lines, every column as wide as its widest cell, flush right.
func alignedTable(_ lines: [[String]]) -> String {
  let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
  return lines.map { line in
    line.indices.map { String(repeating: " ", count: widths[$0] - line[$0].count) + line[$0] }.joined(separator: "  ")
  }.joined(separator: "\n") + "\n"
}

extension Duration {
  var wholeNanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
