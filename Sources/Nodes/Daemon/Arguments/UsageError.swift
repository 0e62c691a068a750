/// Why a command line was refused; every message names the value and what was expected instead.
package struct UsageError: ExitCoding, Equatable, CustomStringConvertible {
  package enum Reason: Equatable, Sendable {
    case unknownOption(String, nearest: String?)
    case missingValue(option: String, expected: String)
    case badValue(option: String, value: String, expected: String, source: ValueSource)
    case missingOption(String, expected: String)
    case unknownCommand(String, nearest: String?, known: [String])
    case missingCommand(known: [String])
    case missingArgument(String)
    case unexpectedArgument(String)
  }

  package let reason: Reason
  /// The words of the command that was being parsed, program first.
  package let command: [String]

  package init(_ reason: Reason, command: [String]) {
    self.reason = reason
    self.command = command
  }

  package var exitCode: ExitCode { .usage }

  package var description: String {
    "\(sentence). See: \(command.joined(separator: " ")) --help"
  }

  private var sentence: String {
    switch reason {
    case .unknownOption(let name, let nearest):
      "unknown option \(quoted(name))" + (nearest.map { "; did you mean --\($0)?" } ?? "")
    case .missingValue(let option, let expected): "--\(option) needs a value: expected \(expected)"
    case .badValue(let option, let value, let expected, let source):
      "\(source.described(option: option)) is \(quoted(value)): expected \(expected)"
    case .missingOption(let option, let expected): "--\(option) is required: expected \(expected)"
    case .unknownCommand(let word, let nearest, let known):
      "unknown command \(quoted(word)); "
        + (nearest.map { "did you mean \($0)?" } ?? "known: \(known.joined(separator: ", "))")
    case .missingCommand(let known): "a command is required, one of \(known.joined(separator: ", "))"
    case .missingArgument(let name): "\(name) is required"
    case .unexpectedArgument(let value):
      "unexpected argument \(quoted(value))" + (command.count > 1 ? "" : "; a command comes before its options")
    }
  }

  private func quoted(_ value: String) -> String { "\"\(escapedText(value, limit: fieldByteLimit))\"" }
}

/// Where a value came from; the first of them that has one wins.
package enum ValueSource: Equatable, Sendable {
  case flag
  case environment(String)
  case preset

  func described(option: String) -> String {
    switch self {
    case .environment(let name): "\(name) (for --\(option))"
    case .flag, .preset: "--\(option)"
    }
  }
}

extension ValueSource: CustomStringConvertible {
  package var description: String {
    switch self {
    case .flag: "flag"
    case .environment(let name): "environment \(name)"
    case .preset: "default"
    }
  }
}
