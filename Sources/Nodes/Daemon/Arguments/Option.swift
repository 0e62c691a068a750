/// One row of the option table: everything that help text and error messages say about an option.
package struct OptionDescription: Sendable {
  package let name: String
  package let purpose: String
  /// Nil for a flag, which takes no value.
  package let placeholder: String?
  package let expected: String
  /// The default as it would be typed; nil where there is none.
  package let defaultText: String?
  package let unit: String?
  package let isRequired: Bool
  package let isRepeating: Bool
  /// Stands for the whole name after one dash: `-f`.
  package var letter: Character?
  /// Whether a text is an acceptable value.
  package let accepts: @Sendable (String) -> Bool

  /// The variable that stands in for the option: `--axon.port` is `SUBNETKIT_AXON_PORT`.
  package var environmentName: String {
    "SUBNETKIT_" + String(name.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
  }
}

/// An option of any value type, as a row of a command's table.
package protocol DescribedOption: Sendable {
  var row: OptionDescription { get }
}

/// A typed option: declared once, listed in a command's table, and used as the key to its parsed value.
///
/// ```swift
/// static let blockTime = Option("block-time", .duration(), default: .seconds(12), purpose: "Time between blocks.")
/// arguments[blockTime]  // a Duration
/// ```
package struct Option<Value: Sendable>: DescribedOption {
  package let row: OptionDescription
  /// From the accepted texts, in order, to the value; texts are checked before this is asked.
  let read: @Sendable ([String]) -> Value

  /// An option that always has a value.
  package init(
    _ name: String, _ kind: ValueKind<Value>, default value: Value, unit: String? = nil, purpose: String
  ) {
    row = OptionDescription(
      name: name, purpose: purpose, placeholder: kind.placeholder, expected: kind.expected,
      defaultText: kind.show(value), unit: unit, isRequired: false, isRepeating: false,
      accepts: { kind.parse($0) != nil })
    read = { $0.last.flatMap(kind.parse) ?? value }
  }

  /// An option without which the command refuses to run.
  package init(required name: String, _ kind: ValueKind<Value>, unit: String? = nil, purpose: String) {
    row = OptionDescription(
      name: name, purpose: purpose, placeholder: kind.placeholder, expected: kind.expected, defaultText: nil,
      unit: unit, isRequired: true, isRepeating: false, accepts: { kind.parse($0) != nil })
    read = { texts in
      guard let value = texts.last.flatMap(kind.parse) else {
        preconditionFailure("the parser lets no command through without --\(name)")
      }
      return value
    }
  }

  /// An option that may be absent.
  package init<Wrapped: Sendable>(
    optional name: String, _ kind: ValueKind<Wrapped>, unit: String? = nil, purpose: String
  ) where Value == Wrapped? {
    row = OptionDescription(
      name: name, purpose: purpose, placeholder: kind.placeholder, expected: kind.expected, defaultText: nil,
      unit: unit, isRequired: false, isRepeating: false, accepts: { kind.parse($0) != nil })
    read = { $0.last.flatMap(kind.parse) }
  }

  /// An option that may be given several times; its variable holds the values separated by commas.
  package init<Element: Sendable>(
    repeating name: String, _ kind: ValueKind<Element>, unit: String? = nil, purpose: String
  ) where Value == [Element] {
    row = OptionDescription(
      name: name, purpose: purpose, placeholder: kind.placeholder, expected: kind.expected, defaultText: nil,
      unit: unit, isRequired: false, isRepeating: true, accepts: { kind.parse($0) != nil })
    read = { $0.compactMap(kind.parse) }
  }

  /// A switch that is off unless given; `--name=false` turns it off over its variable.
  ///
  /// - Parameter letter: Stands for the whole name after one dash.
  package init(flag name: String, letter: Character? = nil, purpose: String) where Value == Bool {
    row = OptionDescription(
      name: name, purpose: purpose, placeholder: nil, expected: "true or false", defaultText: nil, unit: nil,
      isRequired: false, isRepeating: false, letter: letter, accepts: { flagValue(of: $0) != nil })
    read = { $0.last.flatMap(flagValue) ?? false }
  }
}

/// The truth that a text stands for in a flag's `=value` or variable.
func flagValue(of text: String) -> Bool? {
  switch text {
  case "true", "yes", "1", "on": true
  case "false", "no", "0", "off": false
  default: nil
  }
}
