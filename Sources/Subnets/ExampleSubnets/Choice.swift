import SubnetKit

/// A way of behaving that an operator chooses by its name; the first case is the default.
protocol Choice: CaseIterable, Equatable, RawRepresentable, Sendable where RawValue == String {}

extension MechanismOption where Value: Choice {
  /// One of a few names.
  static func choice(_ name: String, default defaultValue: Value, _ summary: String) -> MechanismOption {
    MechanismOption(
      name, default: defaultValue, form: Value.allCases.map(\.rawValue).joined(separator: "|"), summary
    ) { Value(rawValue: $0) }
  }
}
