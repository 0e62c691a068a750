/// A node's place on a network with a line in between that can be cut or slowed down; for tests of whole networks.
///
/// Stands around any other `TransportNode`, so that real processes and simulated ones meet the same faults. What is
/// wrong now is asked for at every message.
package final class FaultyNode: TransportNode {
  private let node: any TransportNode
  private let line: FaultyLine

  /// - Parameter faults: What is wrong with the line now; asked for at every message, so it must be quick.
  package init(
    _ node: any TransportNode, clock: any Clock<Duration>, faults: @escaping @Sendable () -> LinkFaults
  ) {
    self.node = node
    line = FaultyLine(clock: clock, faults: faults)
  }

  package var key: TransportKey { node.key }

  package func bindReceiver(
    at endpoint: Endpoint, admission: TransportAdmission
  ) async throws(TransportError) -> any RequestReceiver {
    FaultyReceiver(try await node.bindReceiver(at: endpoint, admission: admission), line: line)
  }

  package func bindPublisher(
    at endpoint: Endpoint, admission: TransportAdmission
  ) async throws(TransportError) -> any Publisher {
    FaultyPublisher(try await node.bindPublisher(at: endpoint, admission: admission), line: line)
  }

  package func send(
    _ frames: MessageFrames, to peer: PeerAddress, deadline: Duration
  ) async throws(TransportError) -> MessageFrames {
    let clock = line.clock
    return try await exchange(frames, with: peer, deadline: min(deadline, requestDeadlineLimit), on: clock)
  }

  package func follow(
    _ topics: [Topic], of peer: PeerAddress, handle: @escaping @Sendable (Publication) async -> Void
  ) async throws(TransportError) {
    let line = line
    try await node.follow(topics, of: peer) { publication in
      if await line.carry() { await handle(publication) }
    }
  }

  package func close() async { await node.close() }

  /// As a connection does, a request waits for the line until its deadline, and an answer that comes too late is none.
  private func exchange(
    _ frames: MessageFrames, with peer: PeerAddress, deadline: Duration, on clock: some Clock<Duration>
  ) async throws(TransportError) -> MessageFrames {
    let end = clock.now.advanced(by: deadline)
    func left() -> Duration { clock.now.duration(to: end) }
    while line.isCut {
      guard left() > .zero else { throw .unreachable }
      guard await line.sleep(min(FaultyLine.lookInterval, left())) else { throw .cancelled }
    }
    guard await line.sleep(min(line.faults().delay, left())) else { throw .cancelled }
    guard left() > .zero else { throw .unreachable }
    let reply = try await node.send(frames, to: peer, deadline: left())
    let now = line.faults()
    guard await line.sleep(min(now.isCut ? left() : now.delay, left())) else { throw .cancelled }
    guard !now.isCut, deadline == .zero || left() > .zero else { throw .deadlineExpired }
    return reply
  }
}

/// Answers what comes along the line, and sends the answers back along it.
private struct FaultyReceiver: RequestReceiver {
  private let receiver: any RequestReceiver
  private let line: FaultyLine

  init(_ receiver: any RequestReceiver, line: FaultyLine) {
    self.receiver = receiver
    self.line = line
  }

  var address: PeerAddress { receiver.address }

  func serve(
    concurrencyLimit: Int, overloaded: @escaping @Sendable (IncomingRequest) -> MessageFrames?,
    handle: @escaping @Sendable (IncomingRequest) async -> MessageFrames?
  ) async throws(TransportError) {
    let line = line
    try await receiver.serve(
      concurrencyLimit: concurrencyLimit,
      overloaded: { request in line.isCut ? nil : overloaded(request) },
      handle: { request in
        guard await line.carry(), let reply = await handle(request), await line.carry() else { return nil }
        return reply
      })
  }
}

/// Announces along the line; publications are delayed where they are followed, since publishing never waits.
private struct FaultyPublisher: Publisher {
  private let publisher: any Publisher
  private let line: FaultyLine

  init(_ publisher: any Publisher, line: FaultyLine) {
    self.publisher = publisher
    self.line = line
  }

  var address: PeerAddress { publisher.address }

  func publish(_ frames: MessageFrames, on topic: Topic) throws(TransportError) {
    guard !line.isCut else { return }
    try publisher.publish(frames, on: topic)
  }
}
