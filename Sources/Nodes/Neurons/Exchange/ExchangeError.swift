package import Transport
package import Wire

/// Why a question has no answer.
package enum ExchangeError: Error, Hashable, Sendable {
  /// More payload than a message may have; nothing was sent.
  case tooLarge(bytes: Int)
  case transport(TransportError)
  /// Something came back that the peer did not sign for this question.
  case unverified(EnvelopeError)
  /// An answer in parts that makes no sense, or has more of them than was asked for.
  case unusableParts
  /// The peer's own signed refusal.
  case refused(PeerRefusal)

  /// Whether a new request may succeed later without anybody changing anything.
  package var isRetriable: Bool {
    switch self {
    case .tooLarge, .unverified, .unusableParts: false
    case .transport(let error): error.isRetriable
    case .refused(let refusal): refusal.status.isRetriable
    }
  }
}

/// A signed refusal of another node.
package struct PeerRefusal: Hashable, Sendable {
  package let status: EnvelopeStatus
  package let retryAfter: Duration?
  /// The peer's own words; foreign text.
  package let detail: String

  /// The longest pause that a peer can ask for.
  static let retryLimit: Duration = .seconds(3600)

  init(_ head: ReplyHead) {
    status = head.status
    retryAfter = head.retryAfterMilliseconds.map { milliseconds in
      min(.milliseconds(Int64(min(milliseconds, UInt64(Int64.max)))), PeerRefusal.retryLimit)
    }
    detail = String(decoding: head.errorDetail, as: UTF8.self)
  }
}

extension ExchangeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooLarge(let bytes): "the payload of \(bytes) bytes exceeds what a message may carry"
    case .transport(let error): error.description
    case .unusableParts: "the parts of the answer make no sense, or are more than are taken"
    case .unverified(let error): "the reply is not the peer's answer to this request: \(error)"
    case .refused(let refusal): refusal.description
    }
  }
}

extension PeerRefusal: CustomStringConvertible {
  package var description: String { "refused with \(status.rawValue): \(detail)" }
}
