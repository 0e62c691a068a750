/// One request as it arrived, and the transport key of the connection that it came by.
package struct IncomingRequest: Hashable, Sendable {
  package let frames: MessageFrames
  /// Proven by the handshake, admitted by the socket's `TransportAdmission`; not an authority (reliability R12).
  package let peer: TransportKey

  package init(frames: MessageFrames, peer: TransportKey) {
    self.frames = frames
    self.peer = peer
  }
}

/// Answers requests at one bound endpoint.
package protocol RequestReceiver: Sendable {
  /// The endpoint as bound, with the port the kernel chose, and this node's own key.
  var address: PeerAddress { get }

  /// Answers requests until the calling task is cancelled, then closes the endpoint and returns.
  ///
  /// Requests that come between binding and this call wait. All work happens in child tasks of the caller. May be
  /// called once.
  ///
  /// - Parameters:
  ///   - concurrencyLimit: The most requests in `handle` at one time.
  ///   - overloaded: Answers a request beyond that limit; nil leaves it unanswered. It runs where messages are read,
  ///     so it must be quick and must not block.
  ///   - handle: Answers one request; nil leaves it unanswered.
  /// - Throws: `.closed` when the node was closed, or when this was called before.
  func serve(
    concurrencyLimit: Int,
    overloaded: @escaping @Sendable (IncomingRequest) -> MessageFrames?,
    handle: @escaping @Sendable (IncomingRequest) async -> MessageFrames?
  ) async throws(TransportError)
}
