import CZeroMQ
import Transport

/// A bound endpoint for requests: reads them, hands batches to the serving task, sends the answers.
final class ReceiverSocket: LoopPart {
  private struct StalledReply {
    let parts: [[UInt8]]
    let giveUp: ContinuousClock.Instant
  }

  private static let requestIDByteLimit = 8
  /// connection, request id, envelope, chunks
  private static let partLimit = 3 + MessageFrames.chunkLimit

  let socket: ZeroMQSocket
  private(set) var watch: ConnectionWatch?
  let domain: String
  private(set) var endpoint: Endpoint
  private let admission: TransportAdmission
  private let settings: ZeroMQSettings
  private var session: ServeSession?
  /// Requests handed over and not answered yet.
  private var active = 0
  private var stalled: [StalledReply] = []
  /// When the endpoint opens again; nil while it is open.
  private(set) var pausedUntil: ContinuousClock.Instant?

  init(at endpoint: Endpoint, domain: String, admission: TransportAdmission, in loop: SocketLoop)
    throws(SocketError)
  {
    self.endpoint = endpoint
    self.domain = domain
    self.admission = admission
    settings = loop.settings
    socket = try ZeroMQSocket(.router, in: loop.context)
    try socket.applyServer(settings, keys: loop.keys, domain: domain, at: endpoint)
    // Without it an answer to a peer that left would vanish unnoticed, and a full queue would look like success.
    try socket.set(ZMQ_ROUTER_MANDATORY, to: 1)
    watch = try ConnectionWatch(socket, in: loop, isUrgent: true, tally: loop.tally)
    try socket.bind(endpoint.description)
    self.endpoint = Endpoint(socket.lastEndpoint) ?? endpoint
  }

  var interest: LoopEvents { session == nil ? [] : .incoming }
  var hasStalledReplies: Bool { !stalled.isEmpty }

  func begin(_ session: ServeSession) { self.session = session }

  func react(to events: LoopEvents, in loop: SocketLoop) {
    guard let session else { return }
    var batch: [RoutedRequest] = []
    for _ in 0..<ZeroMQSettings.messagesPerTurn {
      guard let received = socket.receive(partLimit: ReceiverSocket.partLimit) else { break }
      watch?.messageCame(by: received.descriptor)
      guard let routed = request(from: received) else { continue }
      if active < session.concurrencyLimit {
        active += 1
        batch.append(routed)
      } else if let reply = session.overloaded(routed.request) {
        send(reply, by: routed.route, at: loop.now)
      }
    }
    if !batch.isEmpty { session.inbox.yield(batch) }
  }

  /// Takes a handler's answer, or its silence.
  func answer(_ route: ReplyRoute, with reply: MessageFrames?, at now: ContinuousClock.Instant) {
    active -= 1
    if let reply { send(reply, by: route, at: now) }
  }

  /// Tries once more what slow peers did not take.
  func retryStalled(at now: ContinuousClock.Instant) {
    stalled.removeAll { reply in
      guard case .notNow = socket.send(reply.parts) else { return true }
      return reply.giveUp <= now
    }
  }

  /// Closes the endpoint until then. The library ends a listener's connections with it; their peers come back.
  func pause(until end: ContinuousClock.Instant) {
    if pausedUntil == nil { socket.unbind(endpoint.description) }
    pausedUntil = end
  }

  /// Opens the endpoint again after a pause; while the endpoint is not free yet, a later turn tries again.
  func resume(at now: ContinuousClock.Instant) {
    guard let end = pausedUntil, end <= now else { return }
    do throws(SocketError) {
      try socket.bind(endpoint.description)
      pausedUntil = nil
    } catch {
      pausedUntil = now + settings.inspectionInterval
    }
  }

  func close() {
    session?.inbox.finish()
    session = nil
    watch?.stop()
    socket.close()
  }

  /// Nil for a message that is none of ours. The key is asked again here, so that one withdrawn since the handshake is silenced.
  private func request(from message: ZeroMQSocket.Received) -> RoutedRequest? {
    let parts = message.parts
    guard message.isWithinCaps, parts.count >= 3, (1...ReceiverSocket.requestIDByteLimit).contains(parts[1].count),
      let key = message.userID.flatMap(TransportKey.init(hex:)), admission.admits(key)
    else { return nil }
    do {
      let frames = try MessageFrames(envelope: parts[2], chunks: Array(parts[3...]))
      return RoutedRequest(
        route: ReplyRoute(connection: parts[0], requestID: parts[1]),
        request: IncomingRequest(frames: frames, peer: key))
    } catch {
      return nil
    }
  }

  private func send(_ reply: MessageFrames, by route: ReplyRoute, at now: ContinuousClock.Instant) {
    let parts = [route.connection, route.requestID, reply.envelope] + reply.chunks
    guard case .notNow = socket.send(parts), stalled.count < settings.stalledReplyLimit else { return }
    stalled.append(StalledReply(parts: parts, giveUp: now + settings.stalledReplyTime))
  }
}
