/// Turns a plugin's standard error into lines for the log, so many a second; the others are counted.
struct PluginDiary {
  /// Bytes of a line that are kept; the log shows fewer.
  static let lineLimit = 1024

  /// What to write to the log.
  struct Excerpt: Hashable {
    var lines: [String] = []
    /// Lines of the second before that were left out.
    var dropped = 0
  }

  private let linesPerSecond: Int
  private let bytesPerSecond: Int
  private var windowStart: ContinuousClock.Instant
  private var linesLeft: Int
  private var bytesLeft: Int
  private var dropped = 0
  private var partial: [UInt8] = []
  /// The newest lines that say something, trimmed: an interpreter names the place some lines before the mistake.
  private(set) var lastLines: [String] = []
  private static let lastLineCount = 4
  private static let lastLineLength = 160

  init(linesPerSecond: Int, bytesPerSecond: Int, at now: ContinuousClock.Instant) {
    self.linesPerSecond = linesPerSecond
    self.bytesPerSecond = bytesPerSecond
    windowStart = now
    linesLeft = linesPerSecond
    bytesLeft = bytesPerSecond
  }

  /// When more may be read; nil when that is now.
  mutating func pause(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
    guard now < windowStart + .seconds(1) else { return nil }
    return bytesLeft > 0 ? nil : windowStart + .seconds(1)
  }

  /// Takes in what was written; an empty piece ends the last line.
  mutating func take(_ bytes: some Collection<UInt8>, at now: ContinuousClock.Instant) -> Excerpt {
    var excerpt = Excerpt()
    if now >= windowStart + .seconds(1) {
      excerpt.dropped = dropped
      (windowStart, linesLeft, bytesLeft, dropped) = (now, linesPerSecond, bytesPerSecond, 0)
    }
    bytesLeft -= bytes.count
    if bytes.isEmpty { endLine(&excerpt) }
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        endLine(&excerpt)
      } else if partial.count < PluginDiary.lineLimit {
        partial.append(byte)
      }
    }
    return excerpt
  }

  private mutating func endLine(_ excerpt: inout Excerpt) {
    defer { partial.removeAll(keepingCapacity: true) }
    let line = String(decoding: partial, as: UTF8.self)
    guard line.contains(where: { !$0.isWhitespace }) else { return }
    let words = line.drop { $0.isWhitespace }.prefix(PluginDiary.lastLineLength)
    lastLines = lastLines.suffix(PluginDiary.lastLineCount - 1) + [String(words)]
    if linesLeft > 0 {
      linesLeft -= 1
      excerpt.lines.append(line)
    } else {
      dropped += 1
    }
  }
}
