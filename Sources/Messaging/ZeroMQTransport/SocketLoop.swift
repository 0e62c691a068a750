import CZeroMQ
import Glibc
import Transport

/// Owns every socket of one node; made, run and ended on one thread.
///
/// Each turn: sleep until a socket, the mailbox or a deadline calls; carry out what others asked; read what came; let
/// go of what is overdue.
final class SocketLoop {
  /// Sockets of one context: a connection that is being made takes three.
  private static let socketLimit: Int32 = 4096
  /// How soon a slow peer is tried again.
  private static let stalledRetry: Duration = .milliseconds(5)

  let context: UnsafeMutableRawPointer
  let keys: TransportKeyPair
  let settings: ZeroMQSettings
  private(set) var now = ContinuousClock.now
  private let mailbox: Mailbox
  /// Counts the connections of all bound sockets.
  var tally: ConnectionTally { mailbox.tally }
  private let gate: AdmissionGate
  private var serial = 0
  private var isClosing = false
  private var nextInspection = ContinuousClock.now
  private var links: [PeerAddress: PeerLink] = [:]
  private var deadlines = DeadlineHeap()
  private var receivers: [ReceiverID: ReceiverSocket] = [:]
  private var publishers: [PublisherID: PublisherSocket] = [:]
  private var followers: [FollowerID: FollowerLink] = [:]

  init(keys: TransportKeyPair, settings: ZeroMQSettings, mailbox: Mailbox) throws(SocketError) {
    try keys.checkThatHalvesBelongTogether()
    guard let context = zmq_ctx_new() else { throw SocketError(ofCall: "zmq_ctx_new") }
    zmq_ctx_set(context, ZMQ_MAX_SOCKETS, SocketLoop.socketLimit)
    do throws(SocketError) {
      gate = try AdmissionGate(in: context)
    } catch {
      zmq_ctx_term(context)
      throw error
    }
    self.context = context
    self.keys = keys
    self.settings = settings
    self.mailbox = mailbox
  }

  /// Runs until told to close, then ends every caller, closes every socket and the context.
  func run() {
    while !isClosing {
      let ready = waitForWork()
      now = .now
      for command in mailbox.take() { carryOut(command) }
      for (part, events) in ready where part.socket.pointer != nil { part.react(to: events, in: self) }
      expireRequests()
      for receiver in receivers.values where receiver.hasStalledReplies { receiver.retryStalled(at: now) }
      for receiver in receivers.values where receiver.pausedUntil != nil { receiver.resume(at: now) }
      hangUpIdleLinks()
      inspectConnections()
    }
    shutDown()
  }

  /// A number that this loop gives out once.
  func nextSerial() -> Int {
    serial += 1
    return serial
  }

  /// Ends a connection; the next request to that peer dials afresh.
  func hangUp(_ link: PeerLink, _ error: TransportError) {
    links[link.address] = nil
    link.hangUp(error)
  }

  func endFollower(_ id: FollowerID, _ error: TransportError) {
    followers.removeValue(forKey: id)?.close(error)
  }
}

// Waiting.
extension SocketLoop {
  private func waitForWork() -> [(part: any LoopPart, events: LoopEvents)] {
    let parts = currentParts()
    var items = parts.map {
      zmq_pollitem_t(socket: $0.socket.pointer, fd: 0, events: $0.interest.rawValue, revents: 0)
    }
    items.append(zmq_pollitem_t(socket: nil, fd: mailbox.wakeDescriptor, events: Int16(ZMQ_POLLIN), revents: 0))
    let wait = mailbox.mayReaderSleep() ? sleepMilliseconds() : 0
    // An interrupted wait is an empty one.
    guard zmq_poll(&items, Int32(items.count), wait) > 0 else { return [] }
    return zip(parts, items).compactMap { part, item in
      item.revents == 0 ? nil : (part, LoopEvents(rawValue: item.revents))
    }
  }

  private func currentParts() -> [any LoopPart] {
    var parts: [any LoopPart] = [gate]
    for receiver in receivers.values where !receiver.interest.isEmpty { parts.append(receiver) }
    for link in links.values { parts.append(link) }
    for follower in followers.values { parts.append(follower) }
    for watch in watches where !watch.interest.isEmpty { parts.append(watch) }
    return parts
  }

  /// A receiver's watch wakes the loop for a first connection; the others' may hold one that nobody has read of yet.
  private var mustInspect: Bool {
    !links.isEmpty || !followers.isEmpty || receivers.values.contains { $0.watch?.hasConnections == true }
  }

  private var watches: [ConnectionWatch] {
    receivers.values.compactMap(\.watch) + links.values.compactMap(\.watch) + followers.values.compactMap(\.watch)
  }

  /// -1 for ever; else rounded up, so that what it waits for is due when it wakes.
  private func sleepMilliseconds() -> Int {
    var until = deadlines.soonest
    if receivers.values.contains(where: \.hasStalledReplies) {
      until = min(until ?? .now + SocketLoop.stalledRetry, .now + SocketLoop.stalledRetry)
    }
    if mustInspect {
      until = min(until ?? nextInspection, nextInspection)
    }
    if let end = receivers.values.compactMap(\.pausedUntil).min() { until = min(until ?? end, end) }
    guard let until else { return -1 }
    let (seconds, attoseconds) = ContinuousClock.now.duration(to: until).components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000) + 1
  }
}

// Commands.
extension SocketLoop {
  private func carryOut(_ command: LoopCommand) {
    switch command {
    case .request(let request): submit(request)
    case .forget(let request): links[request.peer]?.end(request.id) { _ in .failure(.cancelled) }
    case .bindReceiver(let endpoint, let admission, let result): bindReceiver(endpoint, admission, result)
    case .serve(let id, let session): serve(id, session)
    case .answer(let id, let route, let reply): receivers[id]?.answer(route, with: reply, at: now)
    case .closeReceiver(let id, let result): closeReceiver(id, result)
    case .bindPublisher(let endpoint, let admission, let result): bindPublisher(endpoint, admission, result)
    case .publish(let id, let topic, let frames, let slots):
      publishers[id]?.publish(frames, on: topic)
      slots.release()
    case .follow(let id, let peer, let topics, let stream): follow(id, peer, topics, stream)
    case .unfollow(let id): endFollower(id, .cancelled)
    case .pauseReceivers(let time): for receiver in receivers.values { receiver.pause(until: now + time) }
    case .close: isClosing = true
    }
  }

  private func submit(_ request: OutgoingRequest) {
    guard !request.ticket.isFinished else { return request.end(.failure(.cancelled)) }
    do throws(TransportError) {
      let link = try link(to: request.peer)
      deadlines.insert(DeadlineHeap.Entry(deadline: request.deadline, id: request.id, peer: link))
      link.submit(request, in: self)
    } catch {
      request.end(.failure(error))
    }
  }

  private func link(to peer: PeerAddress) throws(TransportError) -> PeerLink {
    if let link = links[peer] { return link }
    if links.count >= settings.peerLimit {
      guard let leastUsed = links.values.filter(\.isIdle).min(by: { $0.lastUse < $1.lastUse }) else {
        throw .busy(limit: settings.peerLimit)
      }
      hangUp(leastUsed, .closed)
    }
    do throws(SocketError) {
      let link = try PeerLink(to: peer, in: self)
      links[peer] = link
      return link
    } catch {
      throw .socket(error)
    }
  }

  private func bindReceiver(
    _ endpoint: Endpoint, _ admission: TransportAdmission, _ result: Handover<BoundSocket>
  ) {
    let id = nextSerial()
    let domain = "receiver-\(id)"
    gate.open(domain, to: admission)
    do throws(SocketError) {
      let receiver = try ReceiverSocket(at: endpoint, domain: domain, admission: admission, in: self)
      receivers[id] = receiver
      result.finish(.success(BoundSocket(id: id, endpoint: receiver.endpoint)))
    } catch {
      gate.close(domain)
      result.finish(.failure(error.whileBinding(endpoint)))
    }
  }

  private func bindPublisher(
    _ endpoint: Endpoint, _ admission: TransportAdmission, _ result: Handover<BoundSocket>
  ) {
    let id = nextSerial()
    let domain = "publisher-\(id)"
    gate.open(domain, to: admission)
    do throws(SocketError) {
      let publisher = try PublisherSocket(at: endpoint, domain: domain, in: self)
      publishers[id] = publisher
      result.finish(.success(BoundSocket(id: id, endpoint: publisher.endpoint)))
    } catch {
      gate.close(domain)
      result.finish(.failure(error.whileBinding(endpoint)))
    }
  }

  private func serve(_ id: ReceiverID, _ session: ServeSession) {
    guard let receiver = receivers[id] else { return session.inbox.finish() }
    receiver.begin(session)
  }

  private func closeReceiver(_ id: ReceiverID, _ result: Handover<Void>) {
    if let receiver = receivers.removeValue(forKey: id) {
      receiver.close()
      gate.close(receiver.domain)
    }
    result.finish(.success(()))
  }

  private func follow(_ id: FollowerID, _ peer: PeerAddress, _ topics: [Topic], _ stream: PublicationStream) {
    do throws(SocketError) {
      followers[id] = try FollowerLink(id, of: peer, topics: topics, stream: stream, in: self)
    } catch {
      stream.finish(.socket(error))
    }
  }
}

// Time and the end.
extension SocketLoop {
  private func expireRequests() {
    while let entry = deadlines.popExpired(at: now) {
      let hadNeverLeft = entry.peer.end(entry.id) { $0.ticket.expire() }
      // Perhaps the wait between attempts has grown long: the next request shall dial at once.
      if hadNeverLeft, entry.peer.isIdle, entry.peer.socket.pointer != nil { hangUp(entry.peer, .unreachable) }
    }
  }

  private func hangUpIdleLinks() {
    for link in links.values where link.isIdle && link.lastUse + settings.idlePeerLimit <= now {
      hangUp(link, .closed)
    }
  }

  private func inspectConnections() {
    guard nextInspection <= now else { return }
    nextInspection = now + settings.inspectionInterval
    for watch in watches { watch.inspect(byteLimit: settings.unreadByteLimit, in: self) }
  }

  private func shutDown() {
    for command in mailbox.closeAndTake() { refuse(command) }
    for link in links.values { link.hangUp(.closed) }
    for receiver in receivers.values { receiver.close() }
    for publisher in publishers.values { publisher.socket.close() }
    for follower in followers.values { follower.close(.closed) }
    gate.socket.close()
    // Waits for what was accepted to leave, at most for the linger time.
    while zmq_ctx_term(context) != 0, zmq_errno() == EINTR {}
  }

  private func refuse(_ command: LoopCommand) {
    switch command {
    case .request(let request): request.end(.failure(.closed))
    case .bindReceiver(_, _, let result), .bindPublisher(_, _, let result): result.finish(.failure(.closed))
    case .serve(_, let session): session.inbox.finish()
    case .closeReceiver(_, let result): result.finish(.success(()))
    case .publish(_, _, _, let slots): slots.release()
    case .follow(_, _, _, let stream): stream.finish(.closed)
    case .forget, .answer, .unfollow, .pauseReceivers, .close: break
    }
  }
}

extension SocketError {
  fileprivate func whileBinding(_ endpoint: Endpoint) -> TransportError {
    code == EADDRINUSE ? .endpointTaken(endpoint) : .socket(self)
  }
}
