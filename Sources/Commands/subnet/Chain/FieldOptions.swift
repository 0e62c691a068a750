import Daemon
import Ledger
import Primitives
import Wire

/// The options that a message's fields make, and the message that given options make.
struct FieldOptions {
  private enum Source {
    case required(Option<String>)
    case optional(Option<String?>)
    case repeated(Option<[String]>)
  }

  private struct Entry {
    let text: FieldText
    let source: Source
    /// Whether `has_<name>` says that it is given.
    let hasCompanion: Bool
  }
  private let entries: [Entry]

  /// Companions `has_<name>` are no options of their own: giving the value sets them.
  ///
  /// - Parameter requiresValues: Whether a field must be given that the ledger does not call optional.
  init(_ fields: [FieldText], requiresValues: Bool) {
    let names = Set(fields.map(\.field.name))
    entries = fields.filter { !isCompanion($0.field.name, in: names) }.map { text in
      Entry(
        text: text, source: FieldOptions.source(of: text, requiresValues: requiresValues),
        hasCompanion: names.contains("has_" + text.field.name))
    }
  }

  private static func source(of text: FieldText, requiresValues: Bool) -> Source {
    let kind = ValueKind<String>.text(text.placeholder, expected: text.form)
    let purpose = text.form.prefix(1).uppercased() + text.form.dropFirst() + "."
    if text.field.isRepeated { return .repeated(Option(repeating: text.optionName, kind, purpose: purpose)) }
    return requiresValues && text.isNeeded
      ? .required(Option(required: text.optionName, kind, purpose: purpose))
      : .optional(Option(optional: text.optionName, kind, purpose: purpose))
  }

  var options: [any DescribedOption] {
    entries.map { entry in
      switch entry.source {
      case .required(let option): option
      case .optional(let option): option
      case .repeated(let option): option
      }
    }
  }

  /// The message that the options say.
  func fields(in arguments: ParsedArguments, context: FieldContext) throws -> Fields {
    var fields = Fields()
    for entry in entries {
      let texts: [String] =
        switch entry.source {
        case .required(let option): [arguments[option]]
        case .optional(let option): arguments[option].map { [$0] } ?? []
        case .repeated(let option): arguments[option]
        }
      guard !texts.isEmpty else { continue }
      fields.append(entry.text.field.name, try entry.text.value(texts, in: context))
      if entry.hasCompanion { fields.append("has_" + entry.text.field.name, .flag(true)) }
    }
    return fields
  }
}

private func isCompanion(_ name: String, in names: Set<String>) -> Bool {
  name.hasPrefix("has_") && names.contains(String(name.dropFirst(4)))
}
