/// What a command is called, does and accepts: the one table behind parsing, help and error messages.
package struct CommandDescription: Sendable {
  /// An argument that is told by its place.
  package struct Positional: Sendable {
    package let name: String
    package let purpose: String
    package let isRequired: Bool
    /// Takes all arguments that are left; only the last may.
    package let isRepeating: Bool

    package init(_ name: String, purpose: String, isRequired: Bool = true, isRepeating: Bool = false) {
      self.name = name
      self.purpose = purpose
      self.isRequired = isRequired
      self.isRepeating = isRepeating
    }
  }

  package let name: String
  /// One line, ending with a full stop.
  package let purpose: String
  package let options: [any DescribedOption]
  package let positionals: [Positional]
  /// Sub-commands; their word comes before any option.
  package let commands: [CommandDescription]
  /// Whether the command does something without a sub-command.
  package let runsAlone: Bool
  /// A whole command line that works when copied.
  package let example: String

  /// - Precondition: Names of options and of sub-commands differ from each other.
  package init(
    _ name: String, purpose: String, options: [any DescribedOption] = [], positionals: [Positional] = [],
    commands: [CommandDescription] = [], runsAlone: Bool? = nil, example: String
  ) {
    precondition(Set(options.map(\.row.name)).count == options.count, "an option of \(name) is listed twice")
    precondition(Set(commands.map(\.name)).count == commands.count, "a sub-command of \(name) is listed twice")
    self.name = name
    self.purpose = purpose
    self.options = options
    self.positionals = positionals
    self.commands = commands
    self.runsAlone = runsAlone ?? commands.isEmpty
    self.example = example
  }
}
