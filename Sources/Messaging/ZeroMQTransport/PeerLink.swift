import CZeroMQ
import Transport

/// The connection to one peer: requests that wait for it, requests that wait for their answer.
///
/// The socket queues nothing while it is not connected (`ZMQ_IMMEDIATE`): a request stays here until it can leave, so
/// that none arrives after its deadline, and whoever waits learns whether it left.
final class PeerLink: LoopPart {
  private static let requestIDByteCount = 8

  let address: PeerAddress
  let socket: ZeroMQSocket
  private(set) var lastUse: ContinuousClock.Instant
  private(set) var watch: ConnectionWatch?
  private var pending: [UInt64: OutgoingRequest] = [:]
  /// Requests not sent yet, in order; ended ones are skipped when their turn comes.
  private var waiting: ArraySlice<UInt64> = []

  init(to address: PeerAddress, in loop: SocketLoop) throws(SocketError) {
    self.address = address
    lastUse = loop.now
    socket = try ZeroMQSocket(.dealer, in: loop.context)
    try socket.applyClient(loop.settings, keys: loop.keys, of: address)
    try socket.set(ZMQ_IMMEDIATE, to: 1)
    watch = try ConnectionWatch(socket, in: loop, isUrgent: true) { [unowned self] handshake, loop in
      handshakeEnded(handshake, in: loop)
    }
    try socket.connect(address.endpoint.description)
  }

  var interest: LoopEvents { waiting.isEmpty ? .incoming : [.incoming, .outgoing] }
  var isIdle: Bool { pending.isEmpty }

  func isPending(_ id: UInt64) -> Bool { pending[id] != nil }

  func submit(_ request: OutgoingRequest, in loop: SocketLoop) {
    lastUse = loop.now
    pending[request.id] = request
    if waiting.count > 2 * pending.count { waiting.removeAll { pending[$0] == nil } }
    waiting.append(request.id)
    if waiting.count == 1 { sendWaiting() }  // Else it is not connected, or full: its turn comes with the event.
    if !waiting.isEmpty { watch?.isUrgent = true }
  }

  /// Lets go of one request; true when it had never left.
  @discardableResult
  func end(_ id: UInt64, _ outcome: (OutgoingRequest) -> ReplyTicket.Outcome) -> Bool {
    guard let request = pending.removeValue(forKey: id) else { return false }
    let hadNeverLeft = !request.ticket.wasSent
    request.end(outcome(request))
    if pending.isEmpty { waiting = [] }
    return hadNeverLeft
  }

  func react(to events: LoopEvents, in loop: SocketLoop) {
    if events.contains(.outgoing) { sendWaiting() }
    guard events.contains(.incoming) else { return }
    for _ in 0..<ZeroMQSettings.messagesPerTurn {
      guard let reply = socket.receive(partLimit: 2 + MessageFrames.chunkLimit) else { return }
      watch?.messageCame(by: reply.descriptor)
      takeReply(reply)
    }
  }

  /// Ends the connection and every request on it.
  func hangUp(_ error: TransportError) {
    watch?.stop()
    watch = nil
    for request in pending.values { request.end(.failure(error)) }
    pending = [:]
    waiting = []
    socket.close()
  }

  private func sendWaiting() {
    while let id = waiting.first {
      if let request = pending[id] {
        let head = withUnsafeBytes(of: id.bigEndian) { Array($0) }
        guard case .sent = socket.send([head, request.frames.envelope] + request.frames.chunks) else { return }
        request.ticket.markSent()
      }
      waiting.removeFirst()
    }
    waiting = []
  }

  /// An answer counts only on the connection that its request left by.
  private func takeReply(_ reply: ZeroMQSocket.Received) {
    guard let id = reply.parts.first.flatMap(PeerLink.requestID) else { return }
    guard reply.isWithinCaps, reply.parts.count >= 2 else {
      end(id) { _ in .failure(.malformedReply) }
      return
    }
    do {
      let frames = try MessageFrames(envelope: reply.parts[1], chunks: Array(reply.parts[2...]))
      end(id) { _ in .success(frames) }
    } catch {
      end(id) { _ in .failure(.malformedReply) }
    }
  }

  private static func requestID(of head: [UInt8]) -> UInt64? {
    guard head.count == requestIDByteCount else { return nil }
    return head.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func handshakeEnded(_ handshake: ConnectionWatch.Handshake, in loop: SocketLoop) {
    switch handshake {
    case .succeeded:
      watch?.isUrgent = false
    case .refused:
      for id in waiting { end(id) { _ in .failure(.handshakeRefused) } }
      waiting = []
      if isIdle { loop.hangUp(self, .handshakeRefused) }
    }
  }
}
