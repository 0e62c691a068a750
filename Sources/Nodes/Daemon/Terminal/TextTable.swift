/// Rows of cells as aligned columns.
package struct TextTable: Sendable {
  package enum Alignment: Sendable {
    case leading
    case trailing
  }

  package struct Column: Sendable {
    package let title: String
    package let alignment: Alignment
    /// In which order columns are left out where there is no room for all, the highest first; never at 0.
    package let rank: Int

    package init(_ title: String, _ alignment: Alignment = .leading, rank: Int = 0) {
      self.title = title
      self.alignment = alignment
      self.rank = rank
    }
  }

  package let columns: [Column]
  package private(set) var rows: [[String]] = []

  package init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row.
  ///
  /// - Precondition: One cell a column.
  package mutating func append(_ cells: [String]) {
    precondition(cells.count == columns.count, "a row has one cell a column")
    rows.append(cells)
  }

  /// The table's lines, titles first, two spaces between columns.
  ///
  /// Where they are longer than `width`, columns are left out by their rank; what is still longer then is cut.
  package func lines(width: Int = .max) -> [String] {
    let all = [columns.map(\.title)] + rows
    let widths = columns.indices.map { column in all.map { visibleWidth($0[column]) }.max() ?? 0 }
    let shown = shownColumns(widths, within: width)
    return all.map { cells in
      var line = ""
      for column in shown {
        let cell = cells[column]
        let padding = String(repeating: " ", count: widths[column] - visibleWidth(cell))
        switch columns[column].alignment {
        case .leading: line += cell + padding
        case .trailing: line += padding + cell
        }
        if column != shown.last { line += TextTable.gap }
      }
      while line.last == " " { line.removeLast() }
      return cut(line, to: width)
    }
  }

  private static let gap = "  "

  /// The columns that have room, in order.
  private func shownColumns(_ widths: [Int], within limit: Int) -> [Int] {
    var shown = Array(columns.indices)
    while shown.reduce(0, { $0 + widths[$1] }) + TextTable.gap.count * (shown.count - 1) > limit,
      let spare = shown.max(by: { columns[$0].rank < columns[$1].rank }), columns[spare].rank > 0
    {
      shown.removeAll { $0 == spare }
    }
    return shown
  }
}

/// Columns that a text takes on a terminal; colour sequences take none.
package func visibleWidth(_ text: String) -> Int {
  var width = 0
  var isInSequence = false
  for character in text {
    if isInSequence {
      isInSequence = !character.isLetter
    } else if character == "\u{1B}" {
      isInSequence = true
    } else {
      width += 1
    }
  }
  return width
}

/// The text without what lies beyond `width` columns; colours that were begun are ended.
func cut(_ text: String, to width: Int) -> String {
  guard visibleWidth(text) > width else { return text }
  var kept = ""
  var used = 0
  var isInSequence = false
  var hasColour = false
  for character in text {
    if isInSequence {
      isInSequence = !character.isLetter
    } else if character == "\u{1B}" {
      isInSequence = true
      hasColour = true
    } else if used == width {
      break
    } else {
      used += 1
    }
    kept.append(character)
  }
  return hasColour ? kept + "\u{1B}[0m" : kept
}

/// A bar of `width` columns, filled by the share that is done: `[####------]  40%`.
package func progressBar(done: Int, of total: Int, width: Int = 24) -> String {
  let share = total > 0 ? Double(min(max(done, 0), total)) / Double(total) : 1
  let filled = Int(share * Double(width))
  let percent = String(Int(share * 100))
  let padding = String(repeating: " ", count: 3 - percent.count)
  return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
    + "] \(padding)\(percent)%"
}
