import CLinux
import Glibc
import Synchronization

/// Answers lines with lines on a Unix socket that only its owner can open: one question a connection.
///
/// Everything is bounded: the length of a line, the time to send it and to take the answer, the connections at a time.
/// One thread does all reading and writing; whoever takes in `questions` decides what they mean.
package final class LineServer: Sendable {
  /// Bytes of a question, its newline included.
  package static let questionByteLimit = 64 << 10
  /// Connections at a time; further ones wait at the door.
  package static let connectionLimit = 16
  /// How long a caller may take to send its question, and to take its answer.
  package static let exchangeLimit: Duration = .seconds(5)

  /// A question that waits for its answer.
  package struct Question: Sendable {
    package let line: String
    let connection: UInt64
    let server: LineServer

    /// Sends the answer; does nothing when the caller has gone.
    package func answer(_ line: String) { server.send(.answer(connection, Array((line + "\n").utf8))) }
  }

  /// In the order of their arrival; ends with `close`. One reader.
  package let questions: AsyncStream<Question>
  private let arrivals: AsyncStream<Question>.Continuation

  private enum Request: Sendable {
    case answer(UInt64, [UInt8])
    case close(CheckedContinuation<Void, Never>)
  }
  private let inbox = Mutex<[Request]>([])
  private let wakeUp: Int32
  private let path: String

  /// Listens from now on.
  ///
  /// - Parameters:
  ///   - path: Of the socket; one that is left over from a dead process is replaced.
  ///   - exchangeLimit: How long a caller may take to send its question, and to take its answer.
  package init(
    at path: String, exchangeLimit: Duration = LineServer.exchangeLimit
  ) throws(SocketError) {
    (questions, arrivals) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(LineServer.connectionLimit))
    self.path = path
    wakeUp = clinux_eventfd()
    guard wakeUp >= 0 else { throw SocketError(call: "eventfd", path: path, code: errno) }
    let socket = try UnixSocket(at: path)
    try socket.listen(backlog: Int32(LineServer.connectionLimit))
    // A thread's body cannot own what may not be copied: it gets a descriptor of its own.
    let listener = fcntl(socket.descriptor, F_DUPFD_CLOEXEC, 0)
    guard listener >= 0 else { throw SocketError(call: "dup", path: path, code: errno) }
    let isStarted = startThread("control") { LineLoop(listener: listener, server: self, limit: exchangeLimit).run() }
    guard isStarted else {
      Glibc.close(listener)
      throw SocketError(call: "pthread_create", path: path, code: EAGAIN)
    }
  }

  deinit { Glibc.close(wakeUp) }

  /// Ends listening; answers that were given are still sent. Call once.
  package func close() async {
    unlink(path)
    await withCheckedContinuation { continuation in send(.close(continuation)) }
  }

  private func send(_ request: Request) {
    inbox.withLock { $0.append(request) }
    var one: UInt64 = 1
    _ = write(wakeUp, &one, 8)
  }

  // MARK: For the thread

  /// Waits for the descriptors, or until something is in the inbox.
  fileprivate func poll(_ queries: inout [pollfd], until deadline: ContinuousClock.Instant?) {
    queries.append(pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0))
    let limit = deadline.map { Int32(clamping: max(0, ($0 - .now).wholeMilliseconds) + 1) } ?? -1
    _ = Glibc.poll(&queries, nfds_t(queries.count), limit)
    var count: UInt64 = 0
    if queries.removeLast().revents != 0 { _ = read(wakeUp, &count, 8) }
  }

  /// Hands over the answers that were given; the continuation to resume when `close` was called.
  fileprivate func takeAnswers(
    _ take: (UInt64, [UInt8]) -> Void
  ) -> CheckedContinuation<Void, Never>? {
    var closing: CheckedContinuation<Void, Never>?
    let requests = inbox.withLock { requests in
      defer { requests = [] }
      return requests
    }
    for request in requests {
      switch request {
      case .answer(let connection, let bytes): take(connection, bytes)
      case .close(let continuation): closing = continuation
      }
    }
    return closing
  }

  fileprivate func ask(_ line: String, on connection: UInt64) {
    arrivals.yield(Question(line: line, connection: connection, server: self))
  }

  fileprivate func finish() { arrivals.finish() }
}

/// The server's thread: every connection and what is to be done with it.
private struct LineLoop {
  private let listener: Int32
  private let server: LineServer
  private let limit: Duration
  private var connections: [UInt64: LineConnection] = [:]
  private var lastConnection: UInt64 = 0
  private var closing: CheckedContinuation<Void, Never>?

  init(listener: Int32, server: LineServer, limit: Duration) {
    self.listener = listener
    self.server = server
    self.limit = limit
  }

  func run() {
    var loop = self
    loop.serve()
  }

  private mutating func serve() {
    while closing == nil || connections.values.contains(where: \.isAnswering) {
      let order = connections.keys.sorted()
      // With no place left, callers wait where the kernel keeps them.
      let isOpen = closing == nil && connections.count < LineServer.connectionLimit
      var queries = order.compactMap { connections[$0]?.query }
      queries.append(pollfd(fd: isOpen ? listener : -1, events: Int16(POLLIN), revents: 0))
      server.poll(&queries, until: connections.values.compactMap(\.deadline).min())
      if queries.removeLast().revents != 0 { acceptConnection() }
      for (id, query) in zip(order, queries) where query.revents != 0 { advance(id) }
      closing =
        server.takeAnswers { id, bytes in
          connections[id]?.answer(bytes)
          advance(id)
        } ?? closing
      let now = ContinuousClock.now
      for (id, connection) in connections where connection.deadline.map({ $0 <= now }) ?? false { drop(id) }
    }
    for id in connections.keys { drop(id) }
    close(listener)
    server.finish()
    closing?.resume()
  }

  private mutating func acceptConnection() {
    let descriptor = accept(listener, nil, nil)
    guard descriptor >= 0 else { return }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    lastConnection += 1
    connections[lastConnection] = LineConnection(descriptor: descriptor, limit: limit)
  }

  private mutating func advance(_ id: UInt64) {
    switch connections[id]?.advance() {
    case .question(let line): server.ask(line, on: id)
    case .ended: drop(id)
    case .waiting, nil: break
    }
  }

  private mutating func drop(_ id: UInt64) {
    if let connection = connections.removeValue(forKey: id) { close(connection.descriptor) }
  }
}

/// One caller: sends a line, waits, takes a line.
private struct LineConnection {
  enum Step {
    case waiting
    case question(String)
    case ended
  }

  private enum Phase {
    case asking([UInt8])
    case waiting
    case answering([UInt8], sent: Int)
  }

  let descriptor: Int32
  private var phase = Phase.asking([])
  /// Until when the caller must have sent or taken its line; nil while it waits for us.
  private(set) var deadline: ContinuousClock.Instant?
  private let limit: Duration

  init(descriptor: Int32, limit: Duration) {
    self.descriptor = descriptor
    self.limit = limit
    deadline = .now + limit
  }

  var isAnswering: Bool { if case .answering = phase { true } else { false } }

  /// What to wait for; hanging up is always reported.
  var query: pollfd {
    switch phase {
    case .asking: pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    case .waiting: pollfd(fd: descriptor, events: 0, revents: 0)
    case .answering: pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    }
  }

  mutating func answer(_ bytes: [UInt8]) {
    phase = .answering(bytes, sent: 0)
    deadline = .now + limit
  }

  mutating func advance() -> Step {
    switch phase {
    case .asking(let bytes): read(after: bytes)
    case .waiting: .ended
    case .answering(let bytes, let sent): write(bytes, from: sent)
    }
  }

  private mutating func read(after earlier: [UInt8]) -> Step {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    if count < 0 { return errno == EAGAIN || errno == EINTR ? .waiting : .ended }
    guard count > 0 else { return .ended }
    let bytes = earlier + chunk[..<count]
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else {
      phase = .asking(bytes)
      return bytes.count < LineServer.questionByteLimit ? .waiting : .ended
    }
    phase = .waiting
    deadline = nil
    return .question(String(decoding: bytes[..<end], as: UTF8.self))
  }

  private mutating func write(_ bytes: [UInt8], from start: Int) -> Step {
    let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + start, bytes.count - start) }
    if count < 0 { return errno == EAGAIN || errno == EINTR ? .waiting : .ended }
    phase = .answering(bytes, sent: start + count)
    return start + count == bytes.count ? .ended : .waiting
  }
}
