/// One value that an operator may set with `--option name=value`, with its type, bounds and default.
///
/// ```swift
/// static let order = MechanismOption.integer("k", default: 3, in: 0...8, "bytes of context that the model uses")
/// static let options = OptionTable(order)
/// init(_ setup: MechanismSetup) { model = Model(order: setup[Self.order]) }
/// ```
public struct MechanismOption<Value: Sendable & Equatable>: Sendable {
  /// 1 to 32 of `a-z 0-9 _ -`.
  public let name: String
  public let defaultValue: Value
  /// One line for `--help`.
  public let summary: String
  /// What a value looks like, such as `INTEGER 0...8`.
  public let form: String
  let parse: @Sendable (String) -> Value?

  /// The longest value that is read, in bytes.
  public static var valueLengthLimit: Int { 4096 }

  /// An option of the author's own type.
  ///
  /// - Parameter parse: Gives nil for a text that is no value.
  /// - Precondition: `name` is 1 to 32 of `a-z 0-9 _ -`.
  public init(
    _ name: String, default defaultValue: Value, form: String, _ summary: String,
    parse: @escaping @Sendable (String) -> Value?
  ) {
    precondition(isPlainName(name, lengthLimit: 32), "An option's name is 1 to 32 of a-z 0-9 _ -.")
    self.name = name
    self.defaultValue = defaultValue
    self.summary = summary
    self.form = form
    self.parse = parse
  }
}

extension MechanismOption where Value == Int {
  /// A whole number within bounds.
  public static func integer(
    _ name: String, default defaultValue: Int, in bounds: ClosedRange<Int>, _ summary: String
  ) -> MechanismOption {
    precondition(bounds.contains(defaultValue), "The default of an option lies within its bounds.")
    return MechanismOption(name, default: defaultValue, form: "INTEGER \(bounds)", summary) { text in
      Int(text).flatMap { bounds.contains($0) ? $0 : nil }
    }
  }
}

extension MechanismOption where Value == Double {
  /// A finite number within bounds.
  public static func number(
    _ name: String, default defaultValue: Double, in bounds: ClosedRange<Double>, _ summary: String
  ) -> MechanismOption {
    precondition(bounds.contains(defaultValue), "The default of an option lies within its bounds.")
    return MechanismOption(name, default: defaultValue, form: "NUMBER \(bounds)", summary) { text in
      Double(text).flatMap { $0.isFinite && bounds.contains($0) ? $0 : nil }
    }
  }
}

extension MechanismOption where Value == Bool {
  /// `true` or `false`.
  public static func flag(_ name: String, default defaultValue: Bool, _ summary: String) -> MechanismOption {
    MechanismOption(name, default: defaultValue, form: "true|false", summary) { Bool($0) }
  }
}

extension MechanismOption where Value == String {
  /// Any text.
  public static func text(_ name: String, default defaultValue: String, _ summary: String) -> MechanismOption {
    MechanismOption(name, default: defaultValue, form: "TEXT", summary) { $0 }
  }

  /// A file or folder; it is not looked at before the mechanism opens it.
  public static func path(_ name: String, default defaultValue: String, _ summary: String) -> MechanismOption {
    MechanismOption(name, default: defaultValue, form: "PATH", summary) { text in
      text.isEmpty || text.utf8.contains(0) ? nil : text
    }
  }
}

/// Whether a name is safe on the wire, in a file name and on a command line.
func isPlainName(_ name: String, lengthLimit: Int) -> Bool {
  (1...lengthLimit).contains(name.utf8.count)
    && name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "_"), UInt8(ascii: "-"): true
      default: false
      }
    }
}
