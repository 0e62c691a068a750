import Daemon
import Ledger
import Primitives
import Wire

/// The options that a message's fields make, and the message that given options make.
struct FieldOptions {
  private struct Entry {
    let text: FieldText
    let option: Option<[String]>
    /// Whether `has_<name>` says that it is given.
    let hasCompanion: Bool
  }
  private let entries: [Entry]

  /// Companions `has_<name>` are no options of their own: giving the value sets them.
  init(_ fields: [FieldText]) {
    let names = Set(fields.map(\.field.name))
    entries = fields.filter { !isCompanion($0.field.name, in: names) }.map { text in
      let note = text.description.map { $0.isOptional ? "may be left out" : "required" }
      return Entry(
        text: text,
        option: Option(
          repeating: text.optionName, .text(text.placeholder, expected: text.form),
          purpose: text.form.prefix(1).uppercased() + text.form.dropFirst() + (note.map { "; \($0)" } ?? "") + "."),
        hasCompanion: names.contains("has_" + text.field.name))
    }
  }

  var options: [any DescribedOption] { entries.map(\.option) }

  /// The message that the options say.
  ///
  /// - Parameter requiresAll: Whether a field that is not optional must be given.
  func fields(in arguments: ParsedArguments, accounts: AccountTexts, requiresAll: Bool) throws -> Fields {
    var fields = Fields()
    for entry in entries {
      let texts = arguments[entry.option]
      if texts.isEmpty {
        guard requiresAll, entry.text.description?.isOptional == false, !entry.text.field.isRepeated else { continue }
        if case .flag = entry.text.field.kind { continue }
        throw CommandMistake("--\(entry.text.optionName) is required: expected \(entry.text.form)")
      }
      fields.append(entry.text.field.name, try entry.text.value(texts, accounts: accounts))
      if entry.hasCompanion { fields.append("has_" + entry.text.field.name, .flag(true)) }
    }
    return fields
  }
}

private func isCompanion(_ name: String, in names: Set<String>) -> Bool {
  name.hasPrefix("has_") && names.contains(String(name.dropFirst(4)))
}
