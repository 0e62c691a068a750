/// Whoever follows an endpoint of a `LoopbackNetwork`, bound already or not.
final class LoopbackFollower: Sendable {
  /// Publications that wait for the follower's task; more are lost.
  static let queueLimit = 1000

  let name: String
  let key: TransportKey
  let topics: Set<Topic>
  /// The key that the follower expects at the other end.
  let publisherKey: TransportKey
  let stream = PublicationStream(limit: LoopbackFollower.queueLimit)

  init(name: String, key: TransportKey, topics: Set<Topic>, publisherKey: TransportKey) {
    self.name = name
    self.key = key
    self.topics = topics
    self.publisherKey = publisherKey
  }
}

/// A bound endpoint of a `LoopbackNetwork` that announces.
final class LoopbackPublisher: Publisher {
  let address: PeerAddress
  private let owner: String
  private let admission: TransportAdmission
  private let network: LoopbackNetwork
  private let isClosed = Guarded(false)

  init(address: PeerAddress, owner: String, admission: TransportAdmission, network: LoopbackNetwork) {
    self.address = address
    self.owner = owner
    self.admission = admission
    self.network = network
  }

  func publish(_ frames: MessageFrames, on topic: Topic) throws(TransportError) {
    guard !isClosed.withLock({ $0 }) else { throw .closed }
    let publication = Publication(topic: topic, frames: frames)
    for follower in network.followers(of: address.endpoint)
    where follower.topics.contains(topic) && follower.publisherKey == address.serverKey {
      let fate = network.fate(from: owner, to: follower.name)
      guard !fate.requestIsLost, !network.isCut(owner, from: follower.name), admission.admits(follower.key)
      else { continue }
      follower.stream.offer(publication, delay: fate.requestDelay)
    }
  }

  /// The handshake of a follower that just came, or was there before this endpoint.
  func greet(_ follower: LoopbackFollower) {
    guard follower.publisherKey == address.serverKey, !admission.admits(follower.key) else { return }
    follower.stream.finish(.handshakeRefused)
  }

  func close() {
    isClosed.withLock { $0 = true }
    network.unbind(address.endpoint)
  }
}
