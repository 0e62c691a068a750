import Glibc

/// Sends one line to the `LineServer` at a path and returns the line that it answers with.
///
/// - Parameters:
///   - limit: For everything together.
///   - byteLimit: A longer answer is an error.
/// - Throws: `SocketError`; `isAbsence` when nobody listens.
package func askLine(
  _ line: String, at path: String, within limit: Duration, byteLimit: Int = 4 << 20
) async throws(SocketError) -> String {
  let deadline = ContinuousClock.now + limit
  let result: Result<String, SocketError> = await withCheckedContinuation { continuation in
    let isStarted = startThread("question") {
      do throws(SocketError) {
        let caller = try LineCaller(path: path, deadline: deadline, limit: limit)
        try caller.connect()
        continuation.resume(returning: .success(try caller.ask(line, byteLimit: byteLimit)))
      } catch {
        continuation.resume(returning: .failure(error))
      }
    }
    if !isStarted {
      continuation.resume(returning: .failure(SocketError(call: "pthread_create", path: path, code: EAGAIN)))
    }
  }
  return try result.get()
}

/// The blocking side of a question, on a thread of its own.
private struct LineCaller: ~Copyable {
  private let socket: UnixSocket
  private let deadline: ContinuousClock.Instant
  private let limit: Duration

  init(path: String, deadline: ContinuousClock.Instant, limit: Duration) throws(SocketError) {
    socket = try UnixSocket(at: path)
    self.deadline = deadline
    self.limit = limit
  }

  borrowing func connect() throws(SocketError) {
    while true {
      do throws(SocketError) {
        try socket.connect()
        return
      } catch {
        // The queue at the door is full: try again a little later.
        guard error.code == EAGAIN, ContinuousClock.now < deadline else { throw error }
        usleep(20_000)
      }
    }
  }

  borrowing func ask(_ line: String, byteLimit: Int) throws(SocketError) -> String {
    let question = Array((line + "\n").utf8)
    var sent = 0
    while sent < question.count {
      try wait(for: POLLOUT)
      let count = question.withUnsafeBytes { write(socket.descriptor, $0.baseAddress! + sent, question.count - sent) }
      if count > 0 { sent += count } else if errno != EAGAIN, errno != EINTR { throw failure("write") }
    }
    var answer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while answer.last != UInt8(ascii: "\n") {
      try wait(for: POLLIN)
      let count = chunk.withUnsafeMutableBytes { read(socket.descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EAGAIN || errno == EINTR { continue }
      guard count >= 0 else { throw failure("read") }
      guard count > 0 else {
        throw SocketError(call: "read", path: socket.path, reason: "the other side ended without an answer")
      }
      answer += chunk[..<count]
      guard answer.count <= byteLimit else {
        throw SocketError(call: "read", path: socket.path, reason: "the answer has more than \(byteLimit) bytes")
      }
    }
    return String(decoding: answer.dropLast(), as: UTF8.self)
  }

  private borrowing func wait(for events: Int32) throws(SocketError) {
    var query = pollfd(fd: socket.descriptor, events: Int16(events), revents: 0)
    let left = max(0, (deadline - .now).wholeMilliseconds)
    guard poll(&query, 1, Int32(clamping: left)) != 0 else {
      throw SocketError(call: "poll", path: socket.path, reason: "no answer within \(limit.text)")
    }
  }

  private borrowing func failure(_ call: String) -> SocketError {
    SocketError(call: call, path: socket.path, code: errno)
  }
}
