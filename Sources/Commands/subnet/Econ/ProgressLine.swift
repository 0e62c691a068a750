import Daemon

/// The bar of a long run, drawn over itself on standard error when that is a terminal.
struct ProgressLine {
  private let unit: String
  private let total: UInt64
  private let terminal = Terminal.standardError
  private let start = ContinuousClock.now
  private var isShown = false

  init(_ unit: String = "block", of total: UInt64) {
    self.unit = unit
    self.total = total
  }

  mutating func show(_ done: UInt64) {
    guard terminal.isTerminal else { return }
    isShown = true
    let milliseconds = max((ContinuousClock.now - start).wholeMilliseconds, 1)
    let rate = UInt128(done) * 1000 / UInt128(milliseconds)
    let bar = progressBar(done: Int(clamping: done), of: Int(clamping: total))
    terminal.write("\r\(bar) \(unit) \(done) of \(total), \(rate) a second\u{1B}[K")
  }

  mutating func clear() {
    guard isShown else { return }
    isShown = false
    terminal.write("\r\u{1B}[K")
  }
}
