import Glibc

/// What an output can show: whether a person watches it, how large it is, whether colours are welcome.
package struct Terminal: Sendable {
  package let descriptor: Int32
  package let isTerminal: Bool
  package let hasColour: Bool
  /// Whether what stands there can be drawn over.
  package let canRedraw: Bool
  private let givenSize: (width: Int, height: Int)?

  /// - Parameter environment: `NO_COLOR` (any text) turns colours off, `TERM=dumb` colours and drawing over.
  package init(descriptor: Int32, environment: [String: String] = processEnvironment()) {
    let isTerminal = isatty(descriptor) == 1
    self.init(descriptor: descriptor, isTerminal: isTerminal, environment: environment)
  }

  /// - Parameter size: Columns and rows instead of the window's.
  package init(
    descriptor: Int32, isTerminal: Bool, environment: [String: String], size: (width: Int, height: Int)? = nil
  ) {
    self.descriptor = descriptor
    self.isTerminal = isTerminal
    givenSize = size
    let isDumb = environment["TERM"] == "dumb"
    hasColour = isTerminal && !isDumb && (environment["NO_COLOR"] ?? "").isEmpty
    canRedraw = isTerminal && !isDumb
  }

  package static var standardOutput: Terminal { Terminal(descriptor: STDOUT_FILENO) }
  package static var standardError: Terminal { Terminal(descriptor: STDERR_FILENO) }

  /// Columns of the window now; 80 where there is no window.
  package var width: Int { givenSize?.width ?? (window.ws_col > 0 ? Int(window.ws_col) : 80) }
  /// Rows of the window now; 24 where there is no window.
  package var height: Int { givenSize?.height ?? (window.ws_row > 0 ? Int(window.ws_row) : 24) }

  /// Of no columns and rows where there is none.
  private var window: winsize {
    var size = winsize()
    guard isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return winsize() }
    return size
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
