package import JSONText

/// The one line on standard output that says a node does its work, and where.
///
/// As text `ready chain endpoint=tcp://127.0.0.1:9944 height=0`, as JSON `{"ready":"chain","endpoint":...}`.
package struct ReadyLine: Equatable, Sendable {
  package let name: String
  /// In the order they were given.
  package let fields: [JSONMember]

  package init(_ name: String, _ fields: LogFields) {
    self.name = name
    self.fields = fields.entries.map { key, value in
      let json: JSONValue =
        switch value {
        case .text(let text): .text(text)
        case .signed(let number): JSONValue(number)
        case .unsigned(let number): JSONValue(number)
        case .flag(let flag): .flag(flag)
        }
      return JSONMember(key.rawValue, json)
    }
  }

  /// The line of a child that was started with `--json`; nil when it is another line.
  package init?(parsing line: String) {
    guard let value = try? JSONValue(parsing: line), case .object(let members) = value,
      members.first?.name == "ready", case .text(let name)? = members.first?.value
    else { return nil }
    self.name = name
    fields = Array(members.dropFirst())
  }

  /// A field as text, whatever its type.
  package subscript(key: LogKey) -> String? {
    switch fields.first(where: { $0.name == key.rawValue })?.value {
    case .text(let text): text
    case .integer(let number): String(number)
    case .flag(let flag): String(flag)
    case .decimal, .list, .object, .null, nil: nil
    }
  }

  /// The line without its newline.
  package func text(json: Bool) -> String {
    if json { return JSONValue.object([JSONMember("ready", .text(name))] + fields).compactText }
    let words = fields.map { member -> String in
      switch member.value {
      case .text(let text): "\(member.name)=\(LogValue.text(text).word)"
      default: "\(member.name)=\(member.value.compactText)"
      }
    }
    return (["ready", name] + words).joined(separator: " ")
  }

  /// Prints the line to standard output; call once, when the node does its work.
  package func announce(json: Bool) { Terminal.standardOutput.write(text(json: json) + "\n") }
}
