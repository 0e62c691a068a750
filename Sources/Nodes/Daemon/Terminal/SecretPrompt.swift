import Glibc

/// Asks the person at a terminal for a secret that the terminal does not show.
package struct SecretPrompt: Sendable {
  private let input: Int32
  private let output: Int32

  /// The longest secret, in bytes.
  package static let byteLimit = 1024

  /// - Returns: Nil where nobody could be asked: in a script, a pipe, a service.
  package init?(input: Int32 = STDIN_FILENO, output: Int32 = STDERR_FILENO) {
    guard isatty(input) == 1, isatty(output) == 1 else { return nil }
    self.input = input
    self.output = output
  }

  /// The line that is typed, without its end.
  ///
  /// The terminal gives each key at once instead of whole lines, so that Ctrl-C comes here as a key too: the terminal is
  /// never left mute.
  package func ask(_ question: String) throws(SecretPromptError) -> [UInt8] {
    var before = termios()
    guard tcgetattr(input, &before) == 0 else { throw SecretPromptError.notAsked(code: errno) }
    var mute = before
    mute.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    guard tcsetattr(input, TCSAFLUSH, &mute) == 0 else { throw SecretPromptError.notAsked(code: errno) }
    defer {
      tcsetattr(input, TCSAFLUSH, &before)
      writeAll([UInt8(ascii: "\n")], to: output)
    }
    writeAll(Array(question.utf8), to: output)
    var line: [UInt8] = []
    while true {
      switch try key() {
      case SecretPrompt.enter, SecretPrompt.newline: return line
      case SecretPrompt.interrupt, SecretPrompt.end: throw SecretPromptError.givenUp
      case SecretPrompt.backspace, SecretPrompt.delete: SecretPrompt.removeLastCharacter(of: &line)
      case SecretPrompt.killLine: line = []
      case let byte:
        guard line.count < SecretPrompt.byteLimit else { throw SecretPromptError.tooLong }
        line.append(byte)
      }
    }
  }

  private static let interrupt: UInt8 = 0x03
  private static let end: UInt8 = 0x04
  private static let backspace: UInt8 = 0x08
  private static let newline: UInt8 = 0x0A
  private static let enter: UInt8 = 0x0D
  private static let killLine: UInt8 = 0x15
  private static let delete: UInt8 = 0x7F

  private func key() throws(SecretPromptError) -> UInt8 {
    var byte: UInt8 = 0
    while true {
      let count = read(input, &byte, 1)
      if count == 1 { return byte }
      guard count < 0, errno == EINTR else { throw SecretPromptError.givenUp }
    }
  }

  /// A character of UTF-8 ends with its first byte, seen from behind.
  private static func removeLastCharacter(of line: inout [UInt8]) {
    while let byte = line.popLast(), byte & 0xC0 == 0x80 {}
  }
}

/// Why no secret was typed.
package enum SecretPromptError: ExitCoding, Equatable, CustomStringConvertible {
  /// The terminal could not be made mute.
  case notAsked(code: Int32)
  /// By Ctrl-C, Ctrl-D or the terminal's end.
  case givenUp
  case tooLong

  package var exitCode: ExitCode { .failed }
  package var description: String {
    switch self {
    case .notAsked(let code): "the terminal cannot hide what is typed: \(String(cString: strerror(code)))"
    case .givenUp: "nothing was typed; nothing is done"
    case .tooLong: "that is longer than \(SecretPrompt.byteLimit) bytes"
    }
  }
}
