/// A value of a JSON5 document, and where it stands: for files that people write and want to be told about.
///
/// As in `JSONValue`, whole numbers are exact and members keep their order.
package struct JSON5Value: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    case null
    case flag(Bool)
    case integer(Int128)
    /// A number that is not an exact integer, in a form that `Double` reads: `0.25`, `1e3`, `inf`, `nan`.
    case decimal(String)
    case text(String)
    case list([JSON5Value])
    case object([JSON5Member])
  }

  package let content: Content
  package let place: TextPlace

  package init(_ content: Content, at place: TextPlace) {
    self.content = content
    self.place = place
  }

  /// What stands here, in a few words for an error message.
  package var kind: String {
    switch content {
    case .null: "null"
    case .flag(let flag): flag ? "true" : "false"
    case .integer(let value): "\(value)"
    case .decimal(let text): text
    case .text(let text): text.utf8.count > 40 ? "a text" : "'\(text)'"
    case .list(let values): "a list of \(values.count)"
    case .object: "an object"
    }
  }

  /// The value without places.
  package var plain: JSONValue {
    switch content {
    case .null: .null
    case .flag(let flag): .flag(flag)
    case .integer(let value): .integer(value)
    case .decimal(let text): .decimal(text)
    case .text(let text): .text(text)
    case .list(let values): .list(values.map(\.plain))
    case .object(let members): .object(members.map { JSONMember($0.name, $0.value.plain) })
    }
  }
}

/// One named value of an object, and where its name stands.
package struct JSON5Member: Hashable, Sendable {
  package let name: String
  package let place: TextPlace
  package let value: JSON5Value

  package init(_ name: String, at place: TextPlace, _ value: JSON5Value) {
    self.name = name
    self.place = place
    self.value = value
  }
}

/// A place in a text, both counted from 1; columns are Unicode scalars.
package struct TextPlace: Hashable, Sendable, CustomStringConvertible {
  package let line: Int
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package var description: String { "\(line):\(column)" }
}

/// Why a text is not a JSON5 document, and where.
package struct JSON5Error: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: Hashable, Sendable {
    case notUTF8
    case unexpectedEnd(expected: String)
    case unexpected(String, expected: String)
    case tooDeep
    case badNumber
    case badEscape
    case openText
    case openComment
    case repeatedMember(String, first: TextPlace)
    case trailing
  }

  package let reason: Reason
  package let place: TextPlace

  /// A sentence without the place.
  package var sentence: String {
    switch reason {
    case .notUTF8: "the text is not UTF-8"
    case .unexpectedEnd(let expected): "the text ends here; expected \(expected)"
    case .unexpected(let found, let expected): "found \(found); expected \(expected)"
    case .tooDeep: "nested deeper than \(JSONValue.depthLimit) levels"
    case .badNumber: "this is no number"
    case .badEscape: "this escape is none of \\' \\\" \\\\ \\b \\f \\n \\r \\t \\v \\0 \\xHH \\uHHHH"
    case .openText: "this text has no end; a text ends on its own line, with the quote that it began with"
    case .openComment: "this comment has no end: */"
    case .repeatedMember(let name, let first): "'\(name)' is given twice, first at \(first)"
    case .trailing: "something follows the document"
    }
  }

  package var description: String { "\(place): \(sentence)" }
}
