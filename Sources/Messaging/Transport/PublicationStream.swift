/// A bounded queue between what reads publications and the task that follows them.
///
/// When it is full the newest is dropped, as a publisher's own queue does.
package final class PublicationStream: Sendable {
  private typealias Item = (publication: Publication, delay: Duration)

  private let items: AsyncStream<Item>
  private let continuation: AsyncStream<Item>.Continuation
  private let end = Guarded(TransportError.closed)

  package init(limit: Int) {
    (items, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit))
  }

  /// Queues a publication, to be handed over after a delay when the network is one that delays.
  package func offer(_ publication: Publication, delay: Duration = .zero) {
    continuation.yield((publication, delay))
  }

  /// Ends the stream for the follower with that error, after what is queued.
  package func finish(_ error: TransportError) {
    end.withLock { $0 = error }
    continuation.finish()
  }

  /// Hands over each publication in order; returns when the task is cancelled, throws what `finish` was given.
  package func forEach(_ handle: (Publication, Duration) async -> Void) async throws(TransportError) {
    for await item in items {
      guard !Task.isCancelled else { return }
      await handle(item.publication, item.delay)
    }
    guard !Task.isCancelled else { return }
    throw end.withLock { $0 }
  }
}
