/// How messages are told apart on a pipe: a length of 4 bytes, big-endian, then so many bytes.
package enum PluginFrame {
  /// Bytes of the length.
  package static let headSize = 4

  /// A message as it travels.
  package static func framed(_ message: [UInt8]) -> [UInt8] {
    let count = UInt32(message.count)
    var frame: [UInt8] = []
    frame.reserveCapacity(message.count + headSize)
    for shift in [24, 16, 8, 0] as [UInt32] { frame.append(UInt8(truncatingIfNeeded: count >> shift)) }
    return frame + message
  }
}

/// Puts messages together from the pieces in which a pipe delivers them.
///
/// A length over the limit is refused before anything of the message is kept, so it never holds more than one message
/// and one piece.
package struct FrameAssembler: Sendable {
  /// A frame that announces more than is taken.
  package struct TooLarge: Error, Hashable {
    package let announced: Int
    package let limit: Int

    package init(announced: Int, limit: Int) {
      self.announced = announced
      self.limit = limit
    }
  }

  private let limit: Int
  private var bytes: [UInt8] = []
  private var start = 0

  /// - Parameter limit: Bytes of the longest message.
  package init(limit: Int) { self.limit = limit }

  /// Whether a message has begun and is not whole.
  package var isInsideMessage: Bool { start < bytes.count }

  package mutating func append(_ piece: some Sequence<UInt8>) {
    // What was read is dropped here, so that a long message is not moved once a piece.
    if start > 0 {
      bytes.removeFirst(start)
      start = 0
    }
    bytes.append(contentsOf: piece)
  }

  /// The next whole message; nil until more has come.
  package mutating func next() throws(TooLarge) -> [UInt8]? {
    guard bytes.count - start >= PluginFrame.headSize else { return nil }
    let length = bytes[start..<start + PluginFrame.headSize].reduce(0) { $0 << 8 | Int($1) }
    guard length <= limit else { throw TooLarge(announced: length, limit: limit) }
    let end = start + PluginFrame.headSize + length
    guard bytes.count >= end else { return nil }
    defer { start = end }
    return Array(bytes[start + PluginFrame.headSize..<end])
  }
}
