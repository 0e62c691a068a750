import Transport

/// A bound endpoint of a `ZeroMQNode` that answers requests.
final class ZeroMQReceiver: RequestReceiver {
  let address: PeerAddress
  private let id: ReceiverID
  private let mailbox: Mailbox
  private let hasServed = Guarded(false)

  init(id: ReceiverID, address: PeerAddress, mailbox: Mailbox) {
    self.id = id
    self.address = address
    self.mailbox = mailbox
  }

  func serve(
    concurrencyLimit: Int,
    overloaded: @escaping @Sendable (IncomingRequest) -> MessageFrames?,
    handle: @escaping @Sendable (IncomingRequest) async -> MessageFrames?
  ) async throws(TransportError) {
    // The thread counts what is handed over, so the stream holds `concurrencyLimit` requests at most.
    let (batches, inbox) = AsyncStream.makeStream(of: [RoutedRequest].self)
    let session = ServeSession(concurrencyLimit: concurrencyLimit, overloaded: overloaded, inbox: inbox)
    guard !hasServed.withLock({ hasServed in exchange(&hasServed, with: true) }),
      mailbox.push(.serve(id, session))
    else { throw .closed }

    await withDiscardingTaskGroup { [id, mailbox] group in
      for await batch in batches {
        for routed in batch {
          group.addTask {
            let reply = await handle(routed.request)
            _ = mailbox.push(.answer(id, routed.route, reply))
          }
        }
      }
      if Task.isCancelled { group.cancelAll() }
    }
    await close()
    guard Task.isCancelled else { throw .closed }
  }

  private func close() async {
    _ = await withCheckedContinuation { continuation in
      let handover = Handover<Void>(continuation: continuation)
      if !mailbox.push(.closeReceiver(id, handover)) { handover.finish(.success(())) }
    }
  }
}

/// A bound endpoint of a `ZeroMQNode` that announces.
final class ZeroMQPublisher: Publisher {
  let address: PeerAddress
  private let id: PublisherID
  private let mailbox: Mailbox
  private let slots: Slots

  init(id: PublisherID, address: PeerAddress, mailbox: Mailbox, queueLimit: Int) {
    self.id = id
    self.address = address
    self.mailbox = mailbox
    slots = Slots(limit: queueLimit)
  }

  func publish(_ frames: MessageFrames, on topic: Topic) throws(TransportError) {
    try slots.take()
    guard mailbox.push(.publish(id, topic, frames, slots)) else {
      slots.release()
      throw .closed
    }
  }
}

private func exchange(_ value: inout Bool, with new: Bool) -> Bool {
  defer { value = new }
  return value
}
