/// How much a line matters; `info` is for operators, `debug` for developers.
package enum LogLevel: String, Sendable, CaseIterable, Comparable {
  case debug, info, warning, error

  private var rank: Int {
    switch self {
    case .debug: 0
    case .info: 1
    case .warning: 2
    case .error: 3
    }
  }

  package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }
}

/// The written shape of log lines.
package enum LogForm: String, Sendable, CaseIterable {
  /// One JSON object a line, for machines and files.
  case json
  /// Short lines for a person at a terminal.
  case text
  /// The same, with colours.
  case colouredText
}

/// One event, ready to be written in either form.
struct LogLine {
  /// Lines stay below `PIPE_BUF` (4096), so that a write to a pipe is whole or not at all.
  static let byteLimit = 4000

  let millisecondsSince1970: UInt64
  let level: LogLevel
  let name: String
  let sentence: StaticString
  let fields: LogFields

  func bytes(in form: LogForm) -> [UInt8] {
    switch form {
    case .json: Array(json.utf8)
    case .text: Array(text(isColoured: false).utf8)
    case .colouredText: Array(text(isColoured: true).utf8)
    }
  }

  private var json: String {
    var line = "{\"time\":\"\(utcText(millisecondsSince1970: millisecondsSince1970))\",\"level\":\"\(level.rawValue)\""
    line += ",\"name\":\"\(escapedText(name, limit: fieldByteLimit))\""
    line += ",\"message\":\"\(escapedText(sentence.description, limit: fieldByteLimit))\""
    for (key, value) in fields.entries {
      let written =
        switch value {
        case .text(let text): "\"\(escapedText(text, limit: fieldByteLimit))\""
        case .signed(let number): String(number)
        case .unsigned(let number): String(number)
        case .flag(let flag): String(flag)
        }
      let field = ",\"\(key.rawValue)\":\(written)"
      guard line.utf8.count + field.utf8.count <= LogLine.byteLimit else { return line + ",\"cut\":true}\n" }
      line += field
    }
    return line + "}\n"
  }

  private func text(isColoured: Bool) -> String {
    let hour = utcText(millisecondsSince1970: millisecondsSince1970).dropFirst(11).dropLast(1)
    let colour =
      switch level {
      case .debug: "\u{1B}[2m"
      case .info: "\u{1B}[32m"
      case .warning: "\u{1B}[33m"
      case .error: "\u{1B}[31m"
      }
    let word = level.rawValue + String(repeating: " ", count: 7 - level.rawValue.count)
    var line = "\(hour) " + (isColoured ? colour + word + "\u{1B}[0m" : word)
    line += " \(escapedText(name, limit: fieldByteLimit)): \(escapedText(sentence.description, limit: fieldByteLimit))"
    for (key, value) in fields.entries {
      let field = " \(key.rawValue)=\(value.word)"
      guard line.utf8.count + field.utf8.count <= LogLine.byteLimit else { return line + " ...\n" }
      line += field
    }
    return line + "\n"
  }
}

extension LogValue {
  /// The value as one word of a line of `key=value` pairs: quoted where a reader could not tell its end otherwise.
  var word: String {
    switch self {
    case .text(let text):
      let escaped = escapedText(text, limit: fieldByteLimit)
      let isPlain = escaped == text && !text.isEmpty && !text.contains(" ") && !text.contains("=")
      return isPlain ? text : "\"\(escaped)\""
    case .signed(let number): return String(number)
    case .unsigned(let number): return String(number)
    case .flag(let flag): return String(flag)
    }
  }
}
