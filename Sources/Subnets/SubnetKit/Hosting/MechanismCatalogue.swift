/// The mechanisms that an executable can run, by name.
public struct MechanismCatalogue: Sendable {
  private let types: [any IncentiveMechanism.Type]

  /// Lists mechanisms; the order is the one of `--help`.
  ///
  /// - Precondition: Names are 1 to 64 of `a-z 0-9 _ -`, each once.
  public init(_ types: [any IncentiveMechanism.Type]) {
    var seen: Set<String> = []
    for type in types {
      precondition(isPlainName(type.name, lengthLimit: 64), "A mechanism's name is 1 to 64 of a-z 0-9 _ -.")
      precondition(seen.insert(type.name).inserted, "Two mechanisms of a catalogue have the same name.")
    }
    self.types = types
  }

  /// The names, in order.
  public var names: [String] { types.map { $0.name } }

  /// Names, summaries and options of all mechanisms, for `--help`.
  public var help: String {
    types.map { "\($0.name)  \($0.summary)\n\($0.options.help)" }.joined()
  }

  /// The mechanism of that name.
  ///
  /// - Throws: `.unknownMechanism` with the names there are.
  public func type(named name: String) throws(MechanismError) -> any IncentiveMechanism.Type {
    for type in types where type.name == name { return type }
    throw MechanismError(
      .unknownMechanism, "There is no mechanism \(quoted(name)). Known: \(names.joined(separator: ", ")).")
  }

  /// Sets up the mechanism of that name from `--option name=value` texts.
  ///
  /// - Throws: `.unknownMechanism`, `.invalidOption`, or what the mechanism's own `init` throws.
  public func host(
    named name: String, role: MechanismRole, arguments: [String] = []
  ) async throws(MechanismError) -> MechanismHost {
    try await MechanismHost(type(named: name), role: role, arguments: arguments)
  }
}
