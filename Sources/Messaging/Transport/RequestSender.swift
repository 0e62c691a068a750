/// Sends requests to many peers at once and waits for their answers.
package protocol RequestSender: Sendable {
  /// Sends one request and returns its answer.
  ///
  /// Connections are made and made again as needed: a peer that dies, restarts or never answers costs this call its
  /// deadline and nothing else. A request waits for a connection until its deadline, and is sent at most once.
  ///
  /// - Parameter deadline: How long to wait from now; more than a day counts as a day.
  /// - Throws: `TransportError`; `.cancelled` as soon as the calling task is cancelled.
  func send(_ frames: MessageFrames, to peer: PeerAddress, deadline: Duration) async throws(TransportError)
    -> MessageFrames
}

/// The longest deadline that a request may have; a longer one is shortened to it.
package let requestDeadlineLimit: Duration = .seconds(86_400)
