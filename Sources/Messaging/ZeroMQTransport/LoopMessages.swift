import Synchronization
import Transport

typealias ReceiverID = Int
typealias PublisherID = Int
typealias FollowerID = UInt64

/// A socket that the thread bound, as others may name it.
struct BoundSocket: Sendable {
  let id: Int
  let endpoint: Endpoint
}

/// One result passed from the thread to a waiting task.
struct Handover<Value: Sendable>: Sendable {
  let continuation: CheckedContinuation<Result<Value, TransportError>, Never>

  func finish(_ result: Result<Value, TransportError>) { continuation.resume(returning: result) }
}

/// One request from a caller to a peer.
struct OutgoingRequest: Sendable {
  let id: UInt64
  let frames: MessageFrames
  let peer: PeerAddress
  let deadline: ContinuousClock.Instant
  let ticket: ReplyTicket
  /// Where the request holds a place until the thread has let go of it.
  let slots: Slots

  /// Hands the outcome to the caller and gives the place back; to be called once.
  func end(_ outcome: ReplyTicket.Outcome) {
    // In this order: a caller that has its answer finds its place free.
    slots.release()
    ticket.finish(outcome)
  }
}

/// The connection and the number that a reply goes back by.
struct ReplyRoute: Sendable {
  let connection: [UInt8]
  let requestID: [UInt8]
}

/// A request on its way to a handler.
struct RoutedRequest: Sendable {
  let route: ReplyRoute
  let request: IncomingRequest
}

/// The serving task's side of a receiver: batches go in, answers come back as commands.
struct ServeSession: Sendable {
  let concurrencyLimit: Int
  let overloaded: @Sendable (IncomingRequest) -> MessageFrames?
  let inbox: AsyncStream<[RoutedRequest]>.Continuation
}
