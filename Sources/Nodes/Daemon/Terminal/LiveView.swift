/// A block of lines that is drawn over itself on a terminal, and printed as plain lines elsewhere.
///
/// Not a terminal: the caller's `summary` is printed, once for every change, so that a log file stays readable.
package struct LiveView {
  private let terminal: Terminal
  private let output: (String) -> Void
  private var drawnLines = 0
  private var lastSummary = ""

  package init(_ terminal: Terminal, output: ((String) -> Void)? = nil) {
    self.terminal = terminal
    self.output = output ?? { terminal.write($0) }
  }

  /// Shows the lines in place of the ones before.
  package mutating func show(_ lines: [String], summary: @autoclosure () -> String) {
    guard terminal.isTerminal else {
      let text = summary()
      if text != lastSummary, !text.isEmpty { output(text + "\n") }
      lastSummary = text
      return
    }
    let width = terminal.width
    var text = drawnLines > 0 ? "\u{1B}[\(drawnLines)A" : ""
    // Each line clears what it does not cover; the last sequence clears lines that are no longer there.
    for line in lines { text += "\r" + cut(line, to: width) + "\u{1B}[K\n" }
    output(text + "\u{1B}[J")
    drawnLines = lines.count
  }

  /// Prints a line that stays, above the block.
  package mutating func note(_ line: String) {
    if terminal.isTerminal, drawnLines > 0 {
      output("\u{1B}[\(drawnLines)A\r\u{1B}[J" + line + "\n")
      drawnLines = 0
    } else {
      output(line + "\n")
    }
  }
}
