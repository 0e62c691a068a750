extension CommandDescription {
  /// The text of `--help`: purpose, usage, sub-commands, every option with default and unit, one example.
  ///
  /// - Parameter path: The command's words, program first.
  package func helpText(path: [String]) -> String {
    let command = path.joined(separator: " ")
    var sections = ["\(command): \(purpose)", "Usage: \(usage(command))"]
    if !positionals.isEmpty { sections.append(section("Arguments", positionals.map { ($0.name, $0.purpose) })) }
    if !commands.isEmpty { sections.append(section("Commands", commands.map { ($0.name, $0.purpose) })) }
    let rows = options.map(\.row).map { (heading($0), explanation($0)) }
    sections.append(section("Options", rows + [("--help", "Show this text.")]))
    if !options.isEmpty {
      let name = options[0].row
      sections.append("Every option may also be set in the environment: --\(name.name) as \(name.environmentName).")
    }
    sections.append("Example:\n  \(example)")
    return sections.joined(separator: "\n\n") + "\n"
  }

  private func usage(_ command: String) -> String {
    var words = [command]
    if !commands.isEmpty { words.append(runsAlone ? "[COMMAND]" : "COMMAND") }
    words += options.map(\.row).filter(\.isRequired).map(heading)
    words.append("[options]")
    words += positionals.map { positional in
      let name = positional.name + (positional.isRepeating ? "..." : "")
      return positional.isRequired ? name : "[\(name)]"
    }
    return words.joined(separator: " ")
  }

  private func heading(_ row: OptionDescription) -> String {
    (row.letter.map { "-\($0), " } ?? "") + "--\(row.name)" + (row.placeholder.map { " \($0)" } ?? "")
  }

  private func explanation(_ row: OptionDescription) -> String {
    var notes: [String] = []
    if let text = row.defaultText { notes.append("default \(text)" + (row.unit.map { " \($0)" } ?? "")) }
    if row.defaultText == nil, let unit = row.unit { notes.append("in \(unit)") }
    if row.isRequired { notes.append("required") }
    if row.isRepeating { notes.append("may be repeated") }
    return row.purpose + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
  }

  /// Two columns; a heading that is too wide has its explanation on the next line.
  private func section(_ title: String, _ rows: [(String, String)]) -> String {
    let column = min(30, rows.map(\.0.count).max() ?? 0)
    let lines = rows.map { heading, explanation in
      let gap = heading.count <= column ? String(repeating: " ", count: column - heading.count + 2) : nil
      return "  " + heading + (gap ?? "\n" + String(repeating: " ", count: column + 4)) + explanation
    }
    return "\(title):\n" + lines.joined(separator: "\n")
  }
}
