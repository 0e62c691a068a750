extension JSON5Value {
  /// Reads one JSON5 document (json5.org, version 1.0.0): comments, trailing commas, single quotes, plain names,
  /// hexadecimal numbers, leading and trailing points.
  package init(parsing bytes: [UInt8]) throws(JSON5Error) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw JSON5Error(reason: .notUTF8, place: TextPlace(line: 1, column: 1))
    }
    try self.init(parsing: text)
  }

  package init(parsing text: String) throws(JSON5Error) {
    var parser = JSON5Parser(Array(text.unicodeScalars))
    self = try parser.document()
  }
}

/// A recursive-descent reader over scalars; recursion is bounded by `JSONValue.depthLimit`.
struct JSON5Parser {
  let scalars: [Unicode.Scalar]
  var offset = 0
  private var depth = 0
  /// Offsets of the first scalar of each line.
  private let lineStarts: [Int]

  init(_ scalars: [Unicode.Scalar]) {
    self.scalars = scalars
    var starts = [0]
    for (offset, scalar) in scalars.enumerated() where scalar.endsLine {
      // The two scalars of a Windows line end are one end.
      if scalar == "\r", offset + 1 < scalars.count, scalars[offset + 1] == "\n" { continue }
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  mutating func document() throws(JSON5Error) -> JSON5Value {
    try skipSpace()
    let value = try value()
    try skipSpace()
    guard offset == scalars.count else { throw failure(.trailing) }
    return value
  }

  var next: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

  func place(of offset: Int) -> TextPlace {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return TextPlace(line: low + 1, column: offset - lineStarts[low] + 1)
  }

  func failure(_ reason: JSON5Error.Reason, at offset: Int? = nil) -> JSON5Error {
    JSON5Error(reason: reason, place: place(of: offset ?? self.offset))
  }

  func unexpected(_ expected: String) -> JSON5Error {
    guard let next else { return failure(.unexpectedEnd(expected: expected)) }
    return failure(.unexpected("'\(next.isPlain ? String(next) : "?")'", expected: expected))
  }

  /// Passes white space and comments.
  mutating func skipSpace() throws(JSON5Error) {
    while let scalar = next {
      if scalar.isJSON5Space {
        offset += 1
      } else if scalar == "/", offset + 1 < scalars.count, scalars[offset + 1] == "/" {
        while let scalar = next, !scalar.endsLine { offset += 1 }
      } else if scalar == "/", offset + 1 < scalars.count, scalars[offset + 1] == "*" {
        try skipBlockComment()
      } else {
        return
      }
    }
  }

  private mutating func skipBlockComment() throws(JSON5Error) {
    let start = offset
    offset += 2
    while offset + 1 < scalars.count {
      if scalars[offset] == "*", scalars[offset + 1] == "/" {
        offset += 2
        return
      }
      offset += 1
    }
    throw failure(.openComment, at: start)
  }

  private mutating func value() throws(JSON5Error) -> JSON5Value {
    let start = place(of: offset)
    switch next {
    case "{": return JSON5Value(.object(try nested { (parser) throws(JSON5Error) in try parser.object() }), at: start)
    case "[": return JSON5Value(.list(try nested { (parser) throws(JSON5Error) in try parser.list() }), at: start)
    case "\"", "'": return JSON5Value(.text(try text()), at: start)
    case "+", "-", ".", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9":
      return JSON5Value(try number(), at: start)
    case let scalar? where scalar.startsName: return JSON5Value(try word(), at: start)
    default: throw unexpected("a value")
    }
  }

  private mutating func word() throws(JSON5Error) -> JSON5Value.Content {
    let start = offset
    switch try plainName() {
    case "true": return .flag(true)
    case "false": return .flag(false)
    case "null": return .null
    case "Infinity": return .decimal("inf")
    case "NaN": return .decimal("nan")
    case let other:
      throw failure(.unexpected(other, expected: "a value; a text stands in quotes: '\(other)'"), at: start)
    }
  }

  private mutating func nested<Result>(
    _ read: (inout JSON5Parser) throws(JSON5Error) -> Result
  ) throws(JSON5Error) -> Result {
    guard depth < JSONValue.depthLimit else { throw failure(.tooDeep) }
    depth += 1
    offset += 1
    let result = try read(&self)
    depth -= 1
    return result
  }

  private mutating func list() throws(JSON5Error) -> [JSON5Value] {
    var values: [JSON5Value] = []
    while true {
      try skipSpace()
      if next == "]" { break }
      values.append(try value())
      try skipSpace()
      if next == "]" { break }
      guard next == "," else { throw unexpected("',' or ']'") }
      offset += 1
    }
    offset += 1
    return values
  }

  private mutating func object() throws(JSON5Error) -> [JSON5Member] {
    var members: [JSON5Member] = []
    var known: [String: TextPlace] = [:]
    while true {
      try skipSpace()
      if next == "}" { break }
      let start = offset
      let place = place(of: start)
      let name = try memberName()
      if let first = known.updateValue(place, forKey: name) {
        throw failure(.repeatedMember(name, first: first), at: start)
      }
      try skipSpace()
      guard next == ":" else { throw unexpected("':' after the name '\(name)'") }
      offset += 1
      try skipSpace()
      members.append(JSON5Member(name, at: place, try value()))
      try skipSpace()
      if next == "}" { break }
      guard next == "," else { throw unexpected("',' or '}'") }
      offset += 1
    }
    offset += 1
    return members
  }

  private mutating func memberName() throws(JSON5Error) -> String {
    switch next {
    case "\"", "'": return try text()
    case let scalar? where scalar.startsName: return try plainName()
    default: throw unexpected("a name or '}'")
    }
  }

  private mutating func plainName() throws(JSON5Error) -> String {
    var name = String.UnicodeScalarView()
    while let scalar = next, scalar.continuesName {
      name.append(scalar)
      offset += 1
    }
    return String(name)
  }
}

extension Unicode.Scalar {
  /// Line feed, carriage return, and the two separators of Unicode.
  fileprivate var endsLine: Bool { self == "\n" || self == "\r" || self == "\u{2028}" || self == "\u{2029}" }

  fileprivate var isJSON5Space: Bool {
    switch self {
    case " ", "\t", "\u{0B}", "\u{0C}", "\u{A0}", "\u{FEFF}": true
    default: endsLine || (value > 0x7F && properties.generalCategory == .spaceSeparator)
    }
  }

  fileprivate var startsName: Bool { self == "$" || self == "_" || properties.isAlphabetic }

  fileprivate var continuesName: Bool {
    guard !startsName else { return true }
    switch properties.generalCategory {
    case .decimalNumber, .nonspacingMark, .spacingMark, .connectorPunctuation: return true
    default: return self == "\u{200C}" || self == "\u{200D}"
    }
  }

  /// Whether it can stand in a message.
  fileprivate var isPlain: Bool {
    switch properties.generalCategory {
    case .control, .format, .unassigned, .surrogate, .privateUse: false
    default: !endsLine
    }
  }
}
