import CZeroMQ
import Transport

extension Topic {
  /// Length, then text: the library compares beginnings, and with the length first only a whole topic matches.
  fileprivate var wireBytes: [UInt8] { [UInt8(name.utf8.count)] + Array(name.utf8) }

  fileprivate init?(wireBytes: [UInt8]) {
    guard let length = wireBytes.first, wireBytes.count == Int(length) + 1,
      let name = String(validating: wireBytes.dropFirst(), as: UTF8.self)
    else { return nil }
    self.init(name)
  }
}

/// A bound endpoint for announcements.
final class PublisherSocket {
  let socket: ZeroMQSocket
  let domain: String
  private(set) var endpoint: Endpoint

  init(at endpoint: Endpoint, domain: String, in loop: SocketLoop) throws(SocketError) {
    self.endpoint = endpoint
    self.domain = domain
    socket = try ZeroMQSocket(.publisher, in: loop.context)
    try socket.applyServer(loop.settings, keys: loop.keys, domain: domain, at: endpoint)
    try socket.bind(endpoint.description)
    self.endpoint = Endpoint(socket.lastEndpoint) ?? endpoint
  }

  /// Never waits: a follower whose queue is full misses this one.
  func publish(_ frames: MessageFrames, on topic: Topic) {
    _ = socket.send([topic.wireBytes, frames.envelope] + frames.chunks)
  }
}

/// The connection to one publisher on behalf of one follower.
final class FollowerLink: LoopPart {
  let socket: ZeroMQSocket
  let interest = LoopEvents.incoming
  private(set) var watch: ConnectionWatch?
  private let id: FollowerID
  private let topics: Set<Topic>
  private let stream: PublicationStream

  init(
    _ id: FollowerID, of peer: PeerAddress, topics: [Topic], stream: PublicationStream, in loop: SocketLoop
  ) throws(SocketError) {
    self.id = id
    self.topics = Set(topics)
    self.stream = stream
    socket = try ZeroMQSocket(.subscriber, in: loop.context)
    try socket.applyClient(loop.settings, keys: loop.keys, of: peer)
    for topic in topics { try socket.set(ZMQ_SUBSCRIBE, to: topic.wireBytes) }
    watch = try ConnectionWatch(socket, in: loop, isUrgent: true) { [unowned self] handshake, loop in
      handshakeEnded(handshake, in: loop)
    }
    try socket.connect(peer.endpoint.description)
  }

  func react(to events: LoopEvents, in loop: SocketLoop) {
    for _ in 0..<ZeroMQSettings.messagesPerTurn {
      guard let publication = socket.receive(partLimit: 2 + MessageFrames.chunkLimit) else { return }
      watch?.messageCame(by: publication.descriptor)
      if publication.isWithinCaps { take(publication.parts) }
    }
  }

  func close(_ error: TransportError) {
    watch?.stop()
    watch = nil
    socket.close()
    stream.finish(error)
  }

  private func take(_ parts: [[UInt8]]) {
    guard parts.count >= 2, let topic = Topic(wireBytes: parts[0]), topics.contains(topic) else { return }
    do {
      let frames = try MessageFrames(envelope: parts[1], chunks: Array(parts[2...]))
      stream.offer(Publication(topic: topic, frames: frames))
    } catch {
      // Beyond the caps: missed like any other, and the follower sees the gap.
    }
  }

  private func handshakeEnded(_ handshake: ConnectionWatch.Handshake, in loop: SocketLoop) {
    switch handshake {
    case .succeeded:
      watch?.isUrgent = false
    case .refused:
      loop.endFollower(id, .handshakeRefused)
    }
  }
}
