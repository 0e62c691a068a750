/// A block of lines that is drawn over itself on a terminal, and printed as plain lines elsewhere.
///
/// Lines beyond the window's width are cut, and so are those below its height: what has left the window cannot be drawn over.
/// Not a terminal, or a dumb one: the caller's `summary` is printed, once for every change, so that a log file stays readable.
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
    guard terminal.canRedraw else {
      let text = summary()
      if text != lastSummary, !text.isEmpty { output(text + "\n") }
      lastSummary = text
      return
    }
    let width = terminal.width
    let lines = LiveView.fitting(lines, height: terminal.height)
    var text = drawnLines > 0 ? "\u{1B}[\(drawnLines)A" : ""
    // Each line clears what it does not cover; the last sequence clears lines that are no longer there.
    for line in lines { text += "\r" + cut(line, to: width) + "\u{1B}[K\n" }
    output(text + "\u{1B}[J")
    drawnLines = lines.count
  }

  /// Prints a line that stays, above the block.
  package mutating func note(_ line: String) {
    if terminal.canRedraw, drawnLines > 0 {
      output("\u{1B}[\(drawnLines)A\r\u{1B}[J" + line + "\n")
      drawnLines = 0
    } else {
      output(line + "\n")
    }
  }

  /// As many of the lines as stand above the cursor's own; what is left out is counted.
  private static func fitting(_ lines: [String], height: Int) -> [String] {
    guard lines.count >= height else { return lines }
    let kept = max(0, height - 2)
    return lines.prefix(kept) + ["  and \(lines.count - kept) more lines; a taller window shows them"]
  }
}
