import Glibc
import Synchronization

/// Where finished log lines go. Never waits: a line that cannot be taken now is dropped and counted.
package protocol LogSink: Sendable {
  /// - Parameter line: Whole, newline included, at most 4096 bytes.
  func write(_ line: [UInt8])
}

/// Lines to a file descriptor, usually standard error.
///
/// A pipe whose reader is asleep says so to `poll` before a write could block, since lines fit into `PIPE_BUF`; such
/// lines are dropped and the next one that passes is preceded by their number.
package final class DescriptorLogSink: LogSink {
  package static let standardError = DescriptorLogSink(descriptor: STDERR_FILENO)

  private let descriptor: Int32
  private let droppedCount = Mutex<UInt64>(0)

  package init(descriptor: Int32) { self.descriptor = descriptor }

  package func write(_ line: [UInt8]) {
    droppedCount.withLock { dropped in
      guard isWritable else {
        dropped += 1
        return
      }
      if dropped > 0,
        put(Array("{\"level\":\"warning\",\"message\":\"log lines dropped\",\"dropped\":\(dropped)}\n".utf8))
      {
        dropped = 0
        guard isWritable else {
          dropped = 1
          return
        }
      }
      if !put(line) { dropped += 1 }
    }
  }

  private var isWritable: Bool {
    var query = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&query, 1, 0) == 1 && query.revents & Int16(POLLOUT) != 0
  }

  private func put(_ bytes: [UInt8]) -> Bool {
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + offset, bytes.count - offset) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      offset += count
    }
    return true
  }
}

/// Keeps lines in memory, for tests and for showing a node's last words; bounded, the oldest go first.
package final class RecordedLog: LogSink {
  private let lineLimit: Int
  private let kept = Mutex<[String]>([])

  package init(lineLimit: Int = 10_000) { self.lineLimit = lineLimit }

  /// The lines so far, without their newlines.
  package var lines: [String] { kept.withLock { $0 } }

  package func write(_ line: [UInt8]) {
    let text = String(decoding: line.last == UInt8(ascii: "\n") ? line.dropLast() : line[...], as: UTF8.self)
    kept.withLock { lines in
      lines.append(text)
      if lines.count > lineLimit { lines.removeFirst(lines.count - lineLimit) }
    }
  }
}
