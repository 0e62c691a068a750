/// What is wrong with one node's line to its network: nothing passes, or everything takes longer.
///
/// Has a text of one line, so that a file can steer the line of a process: `cut delay_ms=200`.
package struct LinkFaults: Hashable, Sendable, CustomStringConvertible {
  /// Whether nothing passes, in either direction.
  package var isCut: Bool
  /// What each message takes longer, in each direction: a question and its answer take twice this.
  package var delay: Duration

  package static let none = LinkFaults()
  /// The longest delay, so that a slip of the pen does not stop a node for ever.
  package static let delayLimit: Duration = .seconds(60)
  /// Bytes of the longest text that is read.
  package static let textByteLimit = 64

  /// - Parameter delay: Brought into 0...`delayLimit`.
  package init(isCut: Bool = false, delay: Duration = .zero) {
    self.isCut = isCut
    self.delay = min(max(delay, .zero), LinkFaults.delayLimit)
  }

  /// Reads the text form; nil for anything else. An empty text is a line without faults.
  package init?(text: String) {
    guard text.utf8.count <= LinkFaults.textByteLimit else { return nil }
    self.init()
    for word in text.split(whereSeparator: \.isWhitespace) {
      if word == "cut" {
        isCut = true
      } else if word.hasPrefix("delay_ms="), let milliseconds = Int64(word.dropFirst("delay_ms=".count)),
        (0...60_000).contains(milliseconds)
      {
        delay = .milliseconds(milliseconds)
      } else {
        return nil
      }
    }
  }

  package var description: String {
    var words: [String] = []
    if isCut { words.append("cut") }
    if delay > .zero { words.append("delay_ms=\(Int64(delay / .milliseconds(1)))") }
    return words.joined(separator: " ")
  }
}

/// The line between a node and its network: asked for at every message, so that a fault begins and ends at once.
struct FaultyLine: Sendable {
  /// How often a message that waits for a cut line to come back looks again.
  static let lookInterval: Duration = .milliseconds(20)

  let clock: any Clock<Duration>
  let faults: @Sendable () -> LinkFaults

  var isCut: Bool { faults().isCut }

  /// Takes a message along the line; false when it is lost.
  func carry() async -> Bool {
    let now = faults()
    guard !now.isCut else { return false }
    return await sleep(now.delay)
  }

  /// Sleeps on the line's clock; false when the task was cancelled meanwhile.
  func sleep(_ duration: Duration) async -> Bool {
    guard duration > .zero else { return !Task.isCancelled }
    do {
      try await clock.sleep(for: duration)
      return true
    } catch {
      return false  // A clock's sleep throws for cancellation only.
    }
  }
}

extension LinkFaults {
  /// The faults that a file names; none where there is no such file, or it says something else.
  package init(reading bytes: () throws -> [UInt8]) {
    let text = (try? bytes()).map { String(decoding: $0, as: UTF8.self) }
    self = text.flatMap { LinkFaults(text: $0) } ?? .none
  }
}
