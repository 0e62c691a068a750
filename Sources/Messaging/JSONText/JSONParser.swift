/// Why bytes are not a JSON document, and at which byte.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: String, Hashable, Sendable {
    case unexpectedByte = "unexpected byte"
    case unexpectedEnd = "unexpected end"
    case tooDeep = "nested too deeply"
    case badNumber = "malformed number"
    case badText = "malformed string"
    case repeatedMember = "member given twice"
    case trailingBytes = "bytes after the document"
  }

  package let reason: Reason
  package let offset: Int

  package var description: String { "\(reason.rawValue) at byte \(offset)" }
}

extension JSONValue {
  /// The deepest nesting of lists and objects that is read.
  package static let depthLimit = 64

  /// Reads one document (RFC 8259, strictly); nothing but white space may follow it.
  package init(parsing bytes: [UInt8]) throws(JSONError) {
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSONValue, JSONError> in
      var parser = JSONParser(bytes: buffer)
      do throws(JSONError) { return .success(try parser.document()) } catch { return .failure(error) }
    }
    self = try result.get()
  }

  /// Reads one document from text.
  package init(parsing text: String) throws(JSONError) { try self.init(parsing: Array(text.utf8)) }
}

/// A recursive-descent reader over bytes; recursion is bounded by `JSONValue.depthLimit`.
private struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  var offset = 0
  var depth = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value()
    skipSpace()
    guard offset == bytes.count else { throw failure(.trailingBytes) }
    return value
  }

  private func failure(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: offset) }

  private mutating func skipSpace() {
    while offset < bytes.count, case let byte = bytes[offset],
      byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    {
      offset += 1
    }
  }

  private mutating func nextByte() throws(JSONError) -> UInt8 {
    skipSpace()
    guard offset < bytes.count else { throw failure(.unexpectedEnd) }
    return bytes[offset]
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    switch try nextByte() {
    case UInt8(ascii: "{"): return try nested { (parser) throws(JSONError) in try parser.object() }
    case UInt8(ascii: "["): return try nested { (parser) throws(JSONError) in try parser.list() }
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func nested(
    _ read: (inout JSONParser) throws(JSONError) -> JSONValue
  ) throws(JSONError) -> JSONValue {
    guard depth < JSONValue.depthLimit else { throw failure(.tooDeep) }
    depth += 1
    offset += 1
    let value = try read(&self)
    depth -= 1
    return value
  }

  private mutating func list() throws(JSONError) -> JSONValue {
    var values: [JSONValue] = []
    if try nextByte() == UInt8(ascii: "]") {
      offset += 1
      return .list(values)
    }
    while true {
      values.append(try value())
      if try endOrComma(UInt8(ascii: "]")) { return .list(values) }
    }
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    var members: [JSONMember] = []
    var names: Set<String> = []
    if try nextByte() == UInt8(ascii: "}") {
      offset += 1
      return .object(members)
    }
    while true {
      guard try nextByte() == UInt8(ascii: "\"") else { throw failure(.unexpectedByte) }
      let name = try text()
      guard names.insert(name).inserted else { throw failure(.repeatedMember) }
      guard try nextByte() == UInt8(ascii: ":") else { throw failure(.unexpectedByte) }
      offset += 1
      members.append(JSONMember(name, try value()))
      if try endOrComma(UInt8(ascii: "}")) { return .object(members) }
    }
  }

  /// True after the closing bracket, false after a comma.
  private mutating func endOrComma(_ end: UInt8) throws(JSONError) -> Bool {
    let byte = try nextByte()
    guard byte == end || byte == UInt8(ascii: ",") else { throw failure(.unexpectedByte) }
    offset += 1
    return byte == end
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    let count = word.utf8CodeUnitCount
    guard bytes.count - offset >= count else { throw failure(.unexpectedEnd) }
    for position in 0..<count where bytes[offset + position] != word.utf8Start[position] {
      throw failure(.unexpectedByte)
    }
    offset += count
    return value
  }
}

// Numbers.
extension JSONParser {
  private mutating func number() throws(JSONError) -> JSONValue {
    let start = offset
    let isNegative = bytes[offset] == UInt8(ascii: "-")
    if isNegative { offset += 1 }
    let digitStart = offset
    var magnitude: UInt64 = 0
    while offset < bytes.count, case let digit = bytes[offset] &- UInt8(ascii: "0"), digit < 10 {
      magnitude = magnitude &* 10 &+ UInt64(digit)
      offset += 1
    }
    let digits = offset - digitStart
    guard digits > 0 else { throw failure(digitStart < bytes.count && !isNegative ? .unexpectedByte : .badNumber) }
    guard digits == 1 || bytes[digitStart] != UInt8(ascii: "0") else { throw failure(.badNumber) }
    let isWhole = try !skipFractionAndExponent()
    // Up to 19 digits the running value above did not wrap.
    if isWhole && digits <= 19 { return .integer(isNegative ? -Int128(magnitude) : Int128(magnitude)) }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if isWhole, let value = Int128(text) { return .integer(value) }
    return .decimal(text)
  }

  private mutating func skipFractionAndExponent() throws(JSONError) -> Bool {
    var found = false
    if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
      offset += 1
      try skipDigits()
      found = true
    }
    if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
      offset += 1
      if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") { offset += 1 }
      try skipDigits()
      found = true
    }
    return found
  }

  private mutating func skipDigits() throws(JSONError) {
    let start = offset
    while offset < bytes.count, bytes[offset] &- UInt8(ascii: "0") < 10 { offset += 1 }
    guard offset > start else { throw failure(.badNumber) }
  }
}

// Strings.
extension JSONParser {
  private mutating func text() throws(JSONError) -> String {
    offset += 1
    let start = offset
    while offset < bytes.count, bytes[offset] >= 0x20, bytes[offset] != UInt8(ascii: "\""),
      bytes[offset] != UInt8(ascii: "\\")
    {
      offset += 1
    }
    var plain = Array(bytes[start..<offset])
    while true {
      guard offset < bytes.count else { throw failure(.unexpectedEnd) }
      let byte = bytes[offset]
      guard byte >= 0x20 else { throw failure(.badText) }
      offset += 1
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") { try appendEscape(to: &plain) } else { plain.append(byte) }
    }
    guard let text = String(validating: plain, as: UTF8.self) else { throw failure(.badText) }
    return text
  }

  private mutating func appendEscape(to plain: inout [UInt8]) throws(JSONError) {
    guard offset < bytes.count else { throw failure(.unexpectedEnd) }
    let byte = bytes[offset]
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain.append(byte)
    case UInt8(ascii: "b"): plain.append(0x08)
    case UInt8(ascii: "f"): plain.append(0x0C)
    case UInt8(ascii: "n"): plain.append(0x0A)
    case UInt8(ascii: "r"): plain.append(0x0D)
    case UInt8(ascii: "t"): plain.append(0x09)
    case UInt8(ascii: "u"): plain.append(contentsOf: String(try escapedScalar()).utf8)
    default: throw failure(.badText)
    }
  }

  /// The scalar after `\u`; a high surrogate takes the low one that must follow.
  private mutating func escapedScalar() throws(JSONError) -> Character {
    var code = try fourHexDigits()
    if code & 0xFC00 == 0xD800 {
      guard bytes.count - offset >= 6, bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
      else {
        throw failure(.badText)
      }
      offset += 2
      let low = try fourHexDigits()
      guard low & 0xFC00 == 0xDC00 else { throw failure(.badText) }
      code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
    }
    guard let scalar = Unicode.Scalar(code) else { throw failure(.badText) }
    return Character(scalar)
  }

  private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
    guard bytes.count - offset >= 4 else { throw failure(.unexpectedEnd) }
    var code: UInt32 = 0
    for _ in 0..<4 {
      let byte = bytes[offset]
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw failure(.badText)
      }
      code = code << 4 | UInt32(digit)
      offset += 1
    }
    return code
  }
}
