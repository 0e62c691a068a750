/// One node of a `LoopbackNetwork`.
package final class LoopbackNode: TransportNode {
  /// The most requests under way from one node.
  package static let inFlightLimit = 1024

  private struct State {
    var isClosed = false
    var receivers: [LoopbackReceiver] = []
    var publishers: [LoopbackPublisher] = []
    var followers: [LoopbackFollower] = []
    var requestCount: UInt64 = 0
    /// By number, so that closing ends them in the order they began.
    var tickets: [UInt64: ReplyTicket] = [:]

    mutating func number(_ ticket: ReplyTicket) -> UInt64 {
      requestCount += 1
      tickets[requestCount] = ticket
      return requestCount
    }
  }

  package let name: String
  package let key: TransportKey
  private let network: LoopbackNetwork
  private let slots: Slots
  private let state = Guarded(State())

  init(name: String, key: TransportKey, network: LoopbackNetwork, inFlightLimit: Int) {
    self.name = name
    self.key = key
    self.network = network
    slots = Slots(limit: inFlightLimit)
  }

  package func bindReceiver(
    at endpoint: Endpoint, admission: TransportAdmission
  ) async throws(TransportError) -> any RequestReceiver {
    let receiver = try network.bind(
      at: endpoint,
      makeReceiver: { free in
        LoopbackReceiver(
          address: PeerAddress(endpoint: free, serverKey: key), owner: name, admission: admission, network: network)
      })
    guard keep({ $0.receivers.append(receiver) }) != nil else {
      receiver.close()
      throw .closed
    }
    return receiver
  }

  package func bindPublisher(
    at endpoint: Endpoint, admission: TransportAdmission
  ) async throws(TransportError) -> any Publisher {
    let publisher = try network.bind(
      at: endpoint,
      makePublisher: { free in
        LoopbackPublisher(
          address: PeerAddress(endpoint: free, serverKey: key), owner: name, admission: admission, network: network)
      })
    guard keep({ $0.publishers.append(publisher) }) != nil else {
      publisher.close()
      throw .closed
    }
    return publisher
  }

  package func send(
    _ frames: MessageFrames, to peer: PeerAddress, deadline: Duration
  ) async throws(TransportError) -> MessageFrames {
    try slots.take()
    defer { slots.release() }
    let ticket = ReplyTicket()
    guard let number = keep({ $0.number(ticket) }) else { throw .closed }
    defer { state.withLock { _ = $0.tickets.removeValue(forKey: number) } }

    let time = min(deadline, requestDeadlineLimit)
    let outcome = await withTaskGroup(of: ReplyTicket.Outcome?.self) { group in
      group.addTask { await self.exchange(frames, with: peer, on: ticket) }
      group.addTask {
        guard await self.network.sleep(time) else { return nil }
        return ticket.expire()
      }
      var first: ReplyTicket.Outcome?
      while first == nil, let next = await group.next() { first = next }
      group.cancelAll()
      return first
    }
    return try (outcome ?? .failure(.cancelled)).get()
  }

  package func follow(
    _ topics: [Topic], of peer: PeerAddress, handle: @escaping @Sendable (Publication) async -> Void
  ) async throws(TransportError) {
    let follower = LoopbackFollower(name: name, key: key, topics: Set(topics), publisherKey: peer.serverKey)
    guard keep({ $0.followers.append(follower) }) != nil else { throw .closed }
    network.add(follower, of: peer.endpoint)
    defer {
      network.remove(follower, of: peer.endpoint)
      state.withLock { $0.followers.removeAll { $0 === follower } }
    }
    try await follower.stream.forEach { publication, delay in
      guard await network.sleep(delay) else { return }
      await handle(publication)
    }
  }

  package func close() async {
    let last = state.withLock { state in
      let last = state
      state = State(isClosed: true)
      return last
    }
    for receiver in last.receivers { receiver.close() }
    for publisher in last.publishers { publisher.close() }
    for follower in last.followers { follower.stream.finish(.closed) }
    for (_, ticket) in last.tickets.sorted(by: { $0.key < $1.key }) { ticket.finish(.failure(.closed)) }
  }

  /// The request's way there, the wait, and the answer's way back.
  private func exchange(
    _ frames: MessageFrames, with peer: PeerAddress, on ticket: ReplyTicket
  ) async -> ReplyTicket.Outcome? {
    let fate = network.fate(from: name, to: peer.endpoint.description)
    if await network.sleep(fate.requestDelay) {
      let delivery = LoopbackDelivery(
        request: IncomingRequest(frames: frames, peer: key), sender: name, receiverKey: peer.serverKey, ticket: ticket,
        replyIsLost: fate.replyIsLost)
      if fate.requestIsLost {
        ticket.markSent()
      } else {
        network.deliver(delivery, to: peer.endpoint)
        if fate.requestIsDoubled { network.deliver(delivery, to: peer.endpoint) }
      }
    }
    let outcome = await ticket.outcome()
    if case .success = outcome {
      // A reply still on its way when the time is up is a missed deadline, which the other child reports.
      guard await network.sleep(fate.replyDelay) else { return nil }
    }
    return outcome
  }

  /// Runs `change` unless the node is closed.
  private func keep<Kept: Sendable>(_ change: (inout State) -> Kept) -> Kept? {
    state.withLock { state in state.isClosed ? nil : change(&state) }
  }
}

extension LoopbackNetwork {
  /// Sleeps on the network's clock; false when the task was cancelled meanwhile.
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
