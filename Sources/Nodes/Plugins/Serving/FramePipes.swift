import CLinux
import Daemon
import Glibc
import Synchronization
import Wire

/// Reads frames on a thread of its own, since a read blocks.
enum FrameSource {
  enum Frame: Sendable {
    case message([UInt8])
    /// Announced more than is taken; nothing comes after it.
    case tooLarge
  }

  /// The frames of a pipe; ends with it.
  ///
  /// Bounded by the node, which waits for answers before it asks more.
  static func frames(from input: Int32) -> AsyncStream<Frame> {
    let (stream, continuation) = AsyncStream<Frame>.makeStream()
    let isStarted = startThread("plugin input") {
      var assembler = FrameAssembler(limit: WireLimits.pluginRequestBytes)
      var piece = [UInt8](repeating: 0, count: 64 * 1024)
      reading: while true {
        let count = read(input, &piece, piece.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        assembler.append(piece[..<count])
        do {
          while let message = try assembler.next() { continuation.yield(.message(message)) }
        } catch {
          continuation.yield(.tooLarge)
          break reading
        }
      }
      continuation.finish()
    }
    if !isStarted { continuation.finish() }
    return stream
  }
}

/// Writes frames on a thread of its own, since a write blocks until the node reads.
final class FrameWriter: Sendable {
  private struct State {
    var frames: [[UInt8]] = []
    var isFinished = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())
  private let wakeUp = clinux_eventfd()

  init(to output: Int32) {
    precondition(wakeUp >= 0, "no descriptor is left for the answers")
    let isStarted = startThread("plugin output") { self.work(output) }
    precondition(isStarted, "no thread is left for the answers")
  }

  // Not by the thread when it ends: `finish` may be about to wake it still, by a number that is another file's by then.
  deinit { close(wakeUp) }

  /// Writes an answer; one that cannot be sent becomes a failure.
  func write(_ reply: PluginReply, id: UInt64) {
    var message: [UInt8]
    do throws(WireError) {
      message = try reply.encoded(id: id)
    } catch {
      let failure = PluginReply.failure(
        code: "message_too_large", message: "The \(reply.name) cannot be sent: \(error)")
      message = (try? failure.encoded(id: id)) ?? []
    }
    state.withLock { $0.frames.append(PluginFrame.framed(message)) }
    wake()
  }

  /// Writes what is left and ends.
  func finish() async {
    await withCheckedContinuation { waiter in
      state.withLock { state in
        state.isFinished = true
        state.waiter = waiter
      }
      wake()
    }
  }

  private func wake() {
    var one: UInt64 = 1
    _ = Glibc.write(wakeUp, &one, 8)
  }

  private func work(_ output: Int32) {
    while true {
      var query = pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0)
      _ = poll(&query, 1, -1)
      var count: UInt64 = 0
      _ = read(wakeUp, &count, 8)
      let (frames, isFinished) = state.withLock { state in
        defer { state.frames = [] }
        return (state.frames, state.isFinished)
      }
      for frame in frames { writeAll(frame, to: output) }
      if isFinished { break }
    }
    close(output)
    state.withLock { $0.waiter }?.resume()
  }
}
