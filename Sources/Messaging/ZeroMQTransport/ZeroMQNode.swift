package import Transport

/// One node on a real network: CURVE on every socket, and one thread that owns them all.
///
/// `close` ends it in order; one that is let go of without that ends in the background.
package final class ZeroMQNode: TransportNode {
  private let keys: TransportKeyPair
  private let settings: ZeroMQSettings
  private let mailbox: Mailbox
  private let thread: LoopThread
  private let slots: Slots
  private let requestCount = Guarded<UInt64>(0)

  private init(keys: TransportKeyPair, settings: ZeroMQSettings, mailbox: Mailbox, thread: LoopThread) {
    self.keys = keys
    self.settings = settings
    self.mailbox = mailbox
    self.thread = thread
    slots = Slots(limit: settings.inFlightLimit)
  }

  deinit {
    _ = mailbox.push(.close)
    thread.detach()
  }

  package var key: TransportKey { keys.publicKey }

  /// Starts a node's thread.
  ///
  /// - Throws: `.socket`, also when the two halves of `keys` do not belong together.
  package static func start(
    keys: TransportKeyPair, settings: ZeroMQSettings = ZeroMQSettings()
  ) async throws(TransportError) -> ZeroMQNode {
    let mailbox: Mailbox
    do throws(SocketError) {
      mailbox = try Mailbox()
    } catch {
      throw .socket(error)
    }
    let thread = try await LoopThread.start(keys: keys, settings: settings, mailbox: mailbox)
    return ZeroMQNode(keys: keys, settings: settings, mailbox: mailbox, thread: thread)
  }

  package func send(
    _ frames: MessageFrames, to peer: PeerAddress, deadline: Duration
  ) async throws(TransportError) -> MessageFrames {
    try requireDialable(peer.endpoint)
    try slots.take()
    let request = OutgoingRequest(
      id: nextNumber(), frames: frames, peer: peer, deadline: .now + min(deadline, requestDeadlineLimit),
      ticket: ReplyTicket(), slots: slots)
    if !mailbox.push(.request(request)) { request.end(.failure(.closed)) }
    return try await request.ticket.outcome(onCancel: { [mailbox] in _ = mailbox.push(.forget(request)) }).get()
  }

  package func bindReceiver(
    at endpoint: Endpoint, admission: TransportAdmission
  ) async throws(TransportError) -> any RequestReceiver {
    let bound = try await ask(for: endpoint) { .bindReceiver(endpoint, admission, $0) }
    return ZeroMQReceiver(
      id: bound.id, address: PeerAddress(endpoint: bound.endpoint, serverKey: key), mailbox: mailbox)
  }

  package func bindPublisher(
    at endpoint: Endpoint, admission: TransportAdmission
  ) async throws(TransportError) -> any Publisher {
    let bound = try await ask(for: endpoint) { .bindPublisher(endpoint, admission, $0) }
    return ZeroMQPublisher(
      id: bound.id, address: PeerAddress(endpoint: bound.endpoint, serverKey: key), mailbox: mailbox,
      queueLimit: settings.publicationQueueLimit)
  }

  package func follow(
    _ topics: [Topic], of peer: PeerAddress, handle: @escaping @Sendable (Publication) async -> Void
  ) async throws(TransportError) {
    try requireDialable(peer.endpoint)
    let stream = PublicationStream(limit: settings.publicationQueueLimit)
    let id = nextNumber()
    guard mailbox.push(.follow(id, peer, topics, stream)) else { throw .closed }
    defer { _ = mailbox.push(.unfollow(id)) }
    try await stream.forEach { publication, _ in await handle(publication) }
  }

  /// The connections of this node's bound sockets.
  package var connections: ConnectionTally.Counts { mailbox.tally.now }

  /// Closes the endpoints of all receivers for a while, with the connections that came by them.
  ///
  /// For a node that runs out of descriptors: strangers who sit on connections lose them, and peers that have something
  /// to say dial again. Source: reliability R11.
  package func pauseReceivers(for time: Duration) { _ = mailbox.push(.pauseReceivers(time)) }

  package func close() async {
    _ = mailbox.push(.close)
    await thread.join()
  }

  private func ask(
    for endpoint: Endpoint, _ command: (Handover<BoundSocket>) -> LoopCommand
  ) async throws(TransportError) -> BoundSocket {
    guard case .tcp = endpoint else { throw .unsupportedEndpoint(endpoint) }
    let result = await withCheckedContinuation { continuation in
      let handover = Handover<BoundSocket>(continuation: continuation)
      if !mailbox.push(command(handover)) { handover.finish(.failure(.closed)) }
    }
    return try result.get()
  }

  private func requireDialable(_ endpoint: Endpoint) throws(TransportError) {
    guard case .tcp(_, let port) = endpoint, port != 0 else { throw .unsupportedEndpoint(endpoint) }
  }

  private func nextNumber() -> UInt64 {
    requestCount.withLock { count in
      count += 1
      return count
    }
  }
}
