/// How a request ended, by numbers that everyone knows.
package enum EnvelopeStatus: UInt32, Hashable, Sendable, CaseIterable {
  case ok = 200
  /// The envelope is not what it claims: signature, network, receiver, time or replay.
  case notVerified = 401
  /// The sender may not ask this.
  case refused = 403
  /// No such message here.
  case unknownSynapse = 404
  /// The answer would come after the deadline.
  case deadlinePassed = 408
  case tooLarge = 413
  case malformed = 422
  /// Too many requests; the reply says when to try again.
  case busy = 429
  /// The node's own fault.
  case failed = 500

  /// Whether the same request may pass later without a change.
  package var isRetriable: Bool {
    switch self {
    case .busy, .failed, .deadlinePassed: true
    case .ok, .notVerified, .refused, .unknownSynapse, .tooLarge, .malformed: false
    }
  }
}
