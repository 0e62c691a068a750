// Numbers.
extension JSON5Parser {
  mutating func number() throws(JSON5Error) -> JSON5Value.Content {
    let start = offset
    var sign = ""
    if next == "+" || next == "-" {
      if next == "-" { sign = "-" }
      offset += 1
    }
    if next == "I" || next == "N" { return try wordNumber(sign, from: start) }
    if next == "0", offset + 1 < scalars.count, scalars[offset + 1] == "x" || scalars[offset + 1] == "X" {
      return try hexadecimal(sign, from: start)
    }
    let whole = digits()
    guard whole.count < 2 || whole.first != "0" else { throw failure(.badNumber, at: start) }
    var fraction: String?
    if next == "." {
      offset += 1
      fraction = digits()
    }
    guard !whole.isEmpty || fraction?.isEmpty == false else { throw failure(.badNumber, at: start) }
    let exponent = try exponent(from: start)
    // "5." and "5.0" are the author's way to say that a number is not meant to be whole, so they stay decimals.
    if fraction == nil, exponent.isEmpty, let value = Int128(sign + whole) { return .integer(value) }
    let point = fraction.map { $0.isEmpty ? "" : "." + $0 } ?? ""
    return .decimal(sign + (whole.isEmpty ? "0" : whole) + point + exponent)
  }

  private mutating func exponent(from start: Int) throws(JSON5Error) -> String {
    guard next == "e" || next == "E" else { return "" }
    offset += 1
    var text = "e"
    if next == "+" || next == "-" {
      if next == "-" { text += "-" }
      offset += 1
    }
    let power = digits()
    guard !power.isEmpty else { throw failure(.badNumber, at: start) }
    return text + power
  }

  private mutating func wordNumber(_ sign: String, from start: Int) throws(JSON5Error) -> JSON5Value.Content {
    for (word, text) in [("Infinity", "inf"), ("NaN", "nan")] {
      let scalars = Array(word.unicodeScalars)
      if self.scalars[offset...].starts(with: scalars) {
        offset += scalars.count
        return .decimal(sign + text)
      }
    }
    throw failure(.badNumber, at: start)
  }

  private mutating func hexadecimal(_ sign: String, from start: Int) throws(JSON5Error) -> JSON5Value.Content {
    offset += 2
    var text = sign
    while let scalar = next, scalar.properties.isASCIIHexDigit {
      text.unicodeScalars.append(scalar)
      offset += 1
    }
    guard let value = Int128(text, radix: 16) else { throw failure(.badNumber, at: start) }
    return .integer(value)
  }

  private mutating func digits() -> String {
    var text = ""
    while let scalar = next, ("0"..."9").contains(scalar) {
      text.unicodeScalars.append(scalar)
      offset += 1
    }
    return text
  }
}

// Texts.
extension JSON5Parser {
  mutating func text() throws(JSON5Error) -> String {
    let start = offset
    let quote = scalars[offset]
    offset += 1
    var text = String.UnicodeScalarView()
    while let scalar = next, scalar != quote {
      // The separators of Unicode may stand in a text, the ends of lines may not.
      guard scalar != "\n", scalar != "\r" else { throw failure(.openText, at: start) }
      offset += 1
      if scalar == "\\" {
        if let escaped = try escape(textStart: start) { text.append(escaped) }
      } else {
        text.append(scalar)
      }
    }
    guard next == quote else { throw failure(.openText, at: start) }
    offset += 1
    return String(text)
  }

  /// What stands for an escape; nil for the end of a line that goes on.
  private mutating func escape(textStart: Int) throws(JSON5Error) -> Unicode.Scalar? {
    let start = offset - 1
    guard let scalar = next else { throw failure(.openText, at: textStart) }
    offset += 1
    switch scalar {
    case "b": return "\u{08}"
    case "f": return "\u{0C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "v": return "\u{0B}"
    case "0":
      guard let digit = next, ("0"..."9").contains(digit) else { return "\0" }
      throw failure(.badEscape, at: start)
    case "1"..."9": throw failure(.badEscape, at: start)
    case "x": return Unicode.Scalar(try hexDigits(2, from: start))
    case "u": return try unicodeEscape(from: start)
    case "\r":
      if next == "\n" { offset += 1 }
      return nil
    case "\n", "\u{2028}", "\u{2029}": return nil
    default: return scalar
    }
  }

  /// The scalar after `\u`; a high surrogate takes the low one that must follow.
  private mutating func unicodeEscape(from start: Int) throws(JSON5Error) -> Unicode.Scalar {
    var code = try hexDigits(4, from: start)
    if code & 0xFC00 == 0xD800 {
      guard offset + 1 < scalars.count, scalars[offset] == "\\", scalars[offset + 1] == "u" else {
        throw failure(.badEscape, at: start)
      }
      offset += 2
      let low = try hexDigits(4, from: start)
      guard low & 0xFC00 == 0xDC00 else { throw failure(.badEscape, at: start) }
      code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
    }
    guard let scalar = Unicode.Scalar(code) else { throw failure(.badEscape, at: start) }
    return scalar
  }

  private mutating func hexDigits(_ count: Int, from start: Int) throws(JSON5Error) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<count {
      guard let scalar = next, scalar.properties.isASCIIHexDigit, let digit = UInt32(String(scalar), radix: 16) else {
        throw failure(.badEscape, at: start)
      }
      code = code << 4 | digit
      offset += 1
    }
    return code
  }
}
