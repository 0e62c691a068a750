import Glibc

/// What an output can show: whether a person watches it, how wide it is, whether colours are welcome.
package struct Terminal: Sendable {
  package let descriptor: Int32
  package let isTerminal: Bool
  package let hasColour: Bool

  /// - Parameter environment: `NO_COLOR` (any text) and `TERM=dumb` turn colours off.
  package init(descriptor: Int32, environment: [String: String] = processEnvironment()) {
    let isTerminal = isatty(descriptor) == 1
    self.init(descriptor: descriptor, isTerminal: isTerminal, environment: environment)
  }

  package init(descriptor: Int32, isTerminal: Bool, environment: [String: String]) {
    self.descriptor = descriptor
    self.isTerminal = isTerminal
    let isRefused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    hasColour = isTerminal && !isRefused
  }

  package static var standardOutput: Terminal { Terminal(descriptor: STDOUT_FILENO) }
  package static var standardError: Terminal { Terminal(descriptor: STDERR_FILENO) }

  /// Columns of the window now; 80 where there is no window.
  package var width: Int {
    var size = winsize()
    guard isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  package func coloured(_ text: String, _ colour: Colour) -> String {
    hasColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Writes all of the text, waiting where the reader is slow; false when the output is gone.
  @discardableResult
  package func write(_ text: String) -> Bool { writeAll(Array(text.utf8), to: descriptor) }
}

/// Colours that read on dark and on light ground.
package enum Colour: Int, Sendable {
  case bold = 1
  case faint = 2
  case red = 31
  case green = 32
  case yellow = 33
  case blue = 34
  case magenta = 35
  case cyan = 36
}

/// Writes every byte to a descriptor, across interruptions; false when writing failed.
@discardableResult
package func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
  var offset = 0
  while offset < bytes.count {
    let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + offset, bytes.count - offset) }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return false }
    offset += count
  }
  return true
}
