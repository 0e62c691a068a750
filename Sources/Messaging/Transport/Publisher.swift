/// A subject that publications are sorted by, compared whole: `head` does not match `header`.
package struct Topic: Hashable, Sendable, CustomStringConvertible {
  /// Bytes of the longest topic.
  package static let byteLimit = 64

  package let name: String

  /// Takes one to 64 bytes of text; nil for anything else.
  package init?(_ name: String) {
    guard (1...Topic.byteLimit).contains(name.utf8.count) else { return nil }
    self.name = name
  }

  package var description: String { name }
}

/// One message that a publisher sent to whoever follows its topic.
package struct Publication: Hashable, Sendable {
  package let topic: Topic
  package let frames: MessageFrames

  package init(topic: Topic, frames: MessageFrames) {
    self.topic = topic
    self.frames = frames
  }
}

/// Announces messages to all followers without waiting for any of them.
package protocol Publisher: Sendable {
  /// The endpoint as bound, with the port the kernel chose, and this node's own key.
  var address: PeerAddress { get }

  /// Sends to all who follow the topic now; a follower that is too slow or not yet connected misses it.
  ///
  /// - Throws: `.busy` when too many publications wait to leave, `.closed` after the node was closed.
  func publish(_ frames: MessageFrames, on topic: Topic) throws(TransportError)
}

/// Follows the publications of peers.
package protocol Subscriber: Sendable {
  /// Hands each publication to `handle`, one at a time and in order, until the calling task is cancelled.
  ///
  /// Publications may be missed: before the connection is up, while it is down, and when `handle` is too slow for the
  /// queue. Their contents must let the caller see a gap (heights do) and ask for what is missing.
  ///
  /// - Throws: `.handshakeRefused` when the publisher does not admit this node, `.closed` when the node was closed.
  func follow(
    _ topics: [Topic], of peer: PeerAddress, handle: @escaping @Sendable (Publication) async -> Void
  ) async throws(TransportError)
}
