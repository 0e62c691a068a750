/// One request on its way through memory.
struct LoopbackDelivery: Sendable {
  let request: IncomingRequest
  let sender: String
  /// The key that the sender expects at the other end.
  let receiverKey: TransportKey
  let ticket: ReplyTicket
  let replyIsLost: Bool
}

/// A bound endpoint of a `LoopbackNetwork` that answers requests.
final class LoopbackReceiver: RequestReceiver {
  /// Requests kept between binding and serving; more are lost.
  static let backlogLimit = 128

  private struct Session {
    let inbox: AsyncStream<LoopbackDelivery>.Continuation
    let concurrencyLimit: Int
    let overloaded: @Sendable (IncomingRequest) -> MessageFrames?
    var active = 0
  }

  private enum Phase {
    case bound(backlog: [LoopbackDelivery])
    case serving(Session)
    case closed
  }

  let address: PeerAddress
  let owner: String
  private let admission: TransportAdmission
  private let network: LoopbackNetwork
  private let phase = Guarded(Phase.bound(backlog: []))

  init(address: PeerAddress, owner: String, admission: TransportAdmission, network: LoopbackNetwork) {
    self.address = address
    self.owner = owner
    self.admission = admission
    self.network = network
  }

  func serve(
    concurrencyLimit: Int,
    overloaded: @escaping @Sendable (IncomingRequest) -> MessageFrames?,
    handle: @escaping @Sendable (IncomingRequest) async -> MessageFrames?
  ) async throws(TransportError) {
    let (requests, inbox) = AsyncStream.makeStream(of: LoopbackDelivery.self)
    let session = Session(inbox: inbox, concurrencyLimit: concurrencyLimit, overloaded: overloaded)
    let backlog = phase.withLock { phase -> [LoopbackDelivery]? in
      guard case .bound(let backlog) = phase else { return nil }
      phase = .serving(session)
      return backlog
    }
    guard let backlog else { throw .closed }
    for delivery in backlog { accept(delivery) }
    await withDiscardingTaskGroup { group in
      for await delivery in requests {
        group.addTask {
          let reply = await handle(delivery.request)
          self.finishOne()
          self.answer(delivery, with: reply)
        }
      }
      if Task.isCancelled { group.cancelAll() }
    }
    close()
    guard Task.isCancelled else { throw .closed }
  }

  /// The handshake: the sender must look for this node's key, and this node must admit the sender's.
  func connect(_ delivery: LoopbackDelivery) {
    guard !delivery.ticket.isFinished, !network.isCut(delivery.sender, from: owner),
      delivery.receiverKey == address.serverKey
    else { return }
    guard admission.admits(delivery.request.peer) else {
      delivery.ticket.finish(.failure(.handshakeRefused))
      return
    }
    delivery.ticket.markSent()
    accept(delivery)
  }

  func close() {
    let session = phase.withLock { phase -> Session? in
      defer { phase = .closed }
      if case .serving(let session) = phase { return session }
      return nil
    }
    network.unbind(address.endpoint)
    session?.inbox.finish()
  }

  private func accept(_ delivery: LoopbackDelivery) {
    let overloaded = phase.withLock { phase -> (@Sendable (IncomingRequest) -> MessageFrames?)? in
      switch phase {
      case .bound(var backlog):
        guard backlog.count < LoopbackReceiver.backlogLimit else { return nil }
        backlog.append(delivery)
        phase = .bound(backlog: backlog)
        return nil
      case .serving(var session):
        guard session.active < session.concurrencyLimit else { return session.overloaded }
        session.active += 1
        phase = .serving(session)
        session.inbox.yield(delivery)
        return nil
      case .closed:
        return nil
      }
    }
    if let overloaded { answer(delivery, with: overloaded(delivery.request)) }
  }

  private func finishOne() {
    phase.withLock { phase in
      guard case .serving(var session) = phase else { return }
      session.active -= 1
      phase = .serving(session)
    }
  }

  private func answer(_ delivery: LoopbackDelivery, with reply: MessageFrames?) {
    guard let reply, !delivery.replyIsLost, !network.isCut(delivery.sender, from: owner) else { return }
    delivery.ticket.finish(.success(reply))
  }
}
