/// A command line that was accepted: every value is present, checked and typed.
package struct ParsedArguments: Sendable {
  /// One option's outcome: what won and from where.
  package struct Origin: Equatable, Sendable {
    package let name: String
    package let value: String
    package let source: ValueSource

    package init(name: String, value: String, source: ValueSource) {
      self.name = name
      self.value = value
      self.source = source
    }
  }

  /// The words of the command, program first: `["subnet", "wallet", "new"]`.
  package let command: [String]
  /// Arguments told by their place, in order.
  package let positionals: [String]
  /// One entry per option that has a value, in the order of the table.
  package let origins: [Origin]
  let texts: [String: [String]]
  let known: Set<String>

  /// The option's value.
  ///
  /// - Precondition: The option is listed in the table of the command that was parsed.
  package subscript<Value>(_ option: Option<Value>) -> Value {
    precondition(known.contains(option.row.name), "--\(option.row.name) is not in the table of \(command)")
    return option.read(texts[option.row.name] ?? [])
  }

  /// Whether the option is in the table of the command that was parsed, so that its value may be asked for.
  package func isListed<Value>(_ option: Option<Value>) -> Bool { known.contains(option.row.name) }

  /// Whether the user gave the option himself, by flag or variable.
  package func isGiven<Value>(_ option: Option<Value>) -> Bool {
    !(texts[option.row.name] ?? []).isEmpty
  }
}

/// What a command line asks for.
package enum ArgumentOutcome: Sendable {
  case run(ParsedArguments)
  /// `--help` or `-h` was given; the text goes to standard output.
  case help(String)
}

extension CommandDescription {
  /// Parses what follows the program's name: flags over environment over defaults.
  ///
  /// Sub-command words come first. A value follows its option or an equals sign; one that begins with two dashes needs
  /// the equals sign. After `--` everything is told by its place. Of an option given twice the last wins, unless it
  /// repeats.
  package func parse(
    _ arguments: some Sequence<String>, environment: [String: String] = [:]
  ) throws(UsageError) -> ArgumentOutcome {
    var words = Array(arguments)[...]
    var path = [name]
    var command = self
    while let word = words.first, !command.commands.isEmpty, !word.hasPrefix("-") {
      guard let next = command.commands.first(where: { $0.name == word }) else {
        if command.runsAlone { break }
        let known = command.commands.map(\.name)
        throw UsageError(
          .unknownCommand(word, nearest: nearestName(to: word, in: known), known: known), command: path)
      }
      command = next
      path.append(word)
      words.removeFirst()
    }
    var reading = Reading(command: command, path: path, environment: environment)
    if try reading.read(words) { return .help(command.helpText(path: path)) }
    guard command.runsAlone else {
      throw UsageError(.missingCommand(known: command.commands.map(\.name)), command: path)
    }
    return .run(try reading.finish())
  }
}

/// The state of one parse, after the sub-command is known.
private struct Reading {
  let command: CommandDescription
  let path: [String]
  let environment: [String: String]
  var given: [String: [String]] = [:]
  var positionals: [String] = []

  init(command: CommandDescription, path: [String], environment: [String: String]) {
    self.command = command
    self.path = path
    self.environment = environment
  }

  /// Takes the words in; true when help was asked for.
  mutating func read(_ words: ArraySlice<String>) throws(UsageError) -> Bool {
    var rest = words
    while let word = rest.popFirst() {
      if word == "--" {
        positionals += rest
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        positionals.append(word)
        continue
      }
      if word == "--help" || word == "-h" { return true }
      try readOption(word, rest: &rest)
    }
    return false
  }

  private mutating func readOption(_ word: String, rest: inout ArraySlice<String>) throws(UsageError) {
    let body = word.hasPrefix("--") ? word.dropFirst(2) : word[...]
    let cut = body.firstIndex(of: "=")
    let name = String(cut.map { body[..<$0] } ?? body)
    let isWord = word.hasPrefix("--")
    guard let row = command.options.lazy.map(\.row).first(where: { isWord ? $0.name == name : $0.isShort(name) }) else {
      let nearest = nearestName(to: String(name.drop { $0 == "-" }), in: command.options.map(\.row.name) + ["help"])
      throw UsageError(.unknownOption(String(word.prefix { $0 != "=" }), nearest: nearest), command: path)
    }
    let value: String
    if let cut {
      value = String(body[body.index(after: cut)...])
    } else if row.placeholder == nil {
      value = "true"
    } else if let next = rest.first, !next.hasPrefix("--") {
      value = next
      rest.removeFirst()
    } else {
      throw UsageError(.missingValue(option: row.name, expected: row.expected), command: path)
    }
    try check(value, for: row, from: .flag)
    given[row.name, default: []].append(value)
  }

  private func check(_ value: String, for row: OptionDescription, from source: ValueSource) throws(UsageError) {
    guard row.accepts(value) else {
      throw UsageError(
        .badValue(option: row.name, value: value, expected: row.expected, source: source), command: path)
    }
  }

  /// Fills in what the environment and the defaults say, and checks that nothing is missing.
  mutating func finish() throws(UsageError) -> ParsedArguments {
    var origins: [ParsedArguments.Origin] = []
    for row in command.options.map(\.row) {
      var source = ValueSource.flag
      if given[row.name] == nil, let text = environment[row.environmentName], !text.isEmpty {
        source = .environment(row.environmentName)
        let values = row.isRepeating ? text.split(separator: ",").map(String.init) : [text]
        for value in values { try check(value, for: row, from: source) }
        given[row.name] = values
      }
      if let values = given[row.name] {
        let text = row.isRepeating ? values.joined(separator: ",") : values.last ?? ""
        origins.append(.init(name: row.name, value: text, source: source))
      } else if row.isRequired {
        throw UsageError(.missingOption(row.name, expected: row.expected), command: path)
      } else if let text = row.defaultText {
        origins.append(.init(name: row.name, value: text, source: .preset))
      }
    }
    try checkPositionals()
    return ParsedArguments(
      command: path, positionals: positionals, origins: origins, texts: given,
      known: Set(command.options.map(\.row.name)))
  }

  private func checkPositionals() throws(UsageError) {
    for (index, positional) in command.positionals.enumerated()
    where positional.isRequired && index >= positionals.count {
      throw UsageError(.missingArgument(positional.name), command: path)
    }
    if command.positionals.last?.isRepeating != true, positionals.count > command.positionals.count {
      throw UsageError(.unexpectedArgument(positionals[command.positionals.count]), command: path)
    }
  }
}

extension OptionDescription {
  /// Whether a word with one dash, `-f`, means this option.
  fileprivate func isShort(_ word: String) -> Bool { letter.map { word == "-\($0)" } ?? false }
}
