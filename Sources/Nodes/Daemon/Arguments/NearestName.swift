/// The known name that a mistyped one most likely meant; nil when none is close.
///
/// Close means at most a third of the letters, and at least one, are wrong. Among equals the first listed wins.
package func nearestName(to name: String, in known: [String]) -> String? {
  let typed = Array(name.prefix(64))
  var best: (name: String, distance: Int)?
  for candidate in known {
    let distance = editDistance(typed, Array(candidate))
    let limit = max(1, max(typed.count, candidate.count) / 3)
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

/// The number of letters to insert, drop, change or swap with a neighbour (optimal string alignment).
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var rows = [Array(0...right.count)]
  for i in left.indices {
    var row = [i + 1]
    for j in right.indices {
      var cost = min(row[j] + 1, rows[i][j + 1] + 1, rows[i][j] + (left[i] == right[j] ? 0 : 1))
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
      row.append(cost)
    }
    rows.append(row)
  }
  return rows[left.count][right.count]
}
