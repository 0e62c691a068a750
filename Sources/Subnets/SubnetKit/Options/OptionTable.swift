/// The options of a mechanism, in the order in which `--help` shows them.
public struct OptionTable: Sendable {
  private struct Row: Sendable {
    let name: String
    let form: String
    let summary: String
    let defaultText: String
    let parse: @Sendable (String) -> (any Sendable)?
  }

  private var rows: [Row] = []

  /// Lists options of any types.
  ///
  /// - Precondition: No two have the same name.
  public init<each Value>(_ option: repeat MechanismOption<each Value>) {
    repeat append(each option)
  }

  /// The names, in order.
  public var names: [String] { rows.map(\.name) }

  /// One line an option for `--help`; empty without options.
  public var help: String {
    rows.map { "  \($0.name)=\($0.form)  \($0.summary) (default \($0.defaultText))\n" }.joined()
  }

  private mutating func append<Value>(_ option: MechanismOption<Value>) {
    precondition(!names.contains(option.name), "Two options of a mechanism have the same name.")
    rows.append(
      Row(
        name: option.name, form: option.form, summary: option.summary, defaultText: "\(option.defaultValue)",
        parse: { text in option.parse(text) }))
  }

  /// Reads `name=value` texts; names that are not given are absent.
  func parse(_ arguments: [String]) throws(MechanismError) -> [String: any Sendable] {
    var values: [String: any Sendable] = [:]
    for argument in arguments {
      guard let cut = argument.firstIndex(of: "=") else {
        throw MechanismError(.invalidOption, "An option is written name=value, and \(quoted(argument)) has no '='.")
      }
      let name = String(argument[..<cut])
      let text = String(argument[argument.index(after: cut)...])
      guard let row = rows.first(where: { $0.name == name }) else {
        let known = names.isEmpty ? "This mechanism has none." : "Known: \(names.joined(separator: ", "))."
        throw MechanismError(.invalidOption, "There is no option \(quoted(name)). \(known)")
      }
      guard values[name] == nil else {
        throw MechanismError(.invalidOption, "The option \(name) is given twice.")
      }
      guard text.utf8.count <= MechanismOption<String>.valueLengthLimit, let value = row.parse(text) else {
        throw MechanismError(.invalidOption, "The option \(name) takes \(row.form), and \(quoted(text)) is none.")
      }
      values[name] = value
    }
    return values
  }
}

/// A stranger's text made safe for one line of a log.
func quoted(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(80).map { scalar in
    scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format ? "?" : scalar
  }
  var line = String.UnicodeScalarView()
  line.append(contentsOf: shown)
  return "'\(String(line))'"
}
