/// What a mechanism is started with: its role and the values of its options.
public struct MechanismSetup: Sendable {
  public let role: MechanismRole
  private let values: [String: any Sendable]

  /// Reads `name=value` texts against the options that a mechanism declares.
  ///
  /// - Throws: `.invalidOption` with a sentence that names the option and what it takes.
  public init(
    _ role: MechanismRole, options: OptionTable = OptionTable(), arguments: [String] = []
  ) throws(MechanismError) {
    self.role = role
    self.values = try options.parse(arguments)
  }

  /// The value that was given, or the option's default.
  public subscript<Value>(option: MechanismOption<Value>) -> Value {
    values[option.name] as? Value ?? option.defaultValue
  }
}
