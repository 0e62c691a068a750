/// Why a message did not travel, or its answer did not come back.
package enum TransportError: Error, Hashable, Sendable {
  /// Too many messages are under way from here; nothing was sent.
  case busy(limit: Int)
  /// The request left in time, and no answer came; the peer may have acted on it.
  case deadlineExpired
  /// No connection to a peer with that key came up before the deadline; nothing was sent.
  case unreachable
  /// The peer does not admit this node's key; nothing was sent.
  case handshakeRefused
  /// The answer was outside the caps of `MessageFrames`.
  case malformedReply
  /// The calling task was cancelled; the peer may have received the request.
  case cancelled
  /// The node, or the socket asked for, was closed.
  case closed
  /// Something else listens at that endpoint.
  case endpointTaken(Endpoint)
  /// This transport cannot reach that kind of endpoint.
  case unsupportedEndpoint(Endpoint)
  /// The library below refused a call that should have worked.
  case socket(SocketError)

  /// True when the peer cannot have seen the request, so that sending it again repeats nothing.
  package var nothingWasSent: Bool {
    switch self {
    case .busy, .unreachable, .handshakeRefused, .endpointTaken, .unsupportedEndpoint: true
    case .deadlineExpired, .malformedReply, .cancelled, .closed, .socket: false
    }
  }

  /// True when the same request may succeed later without anybody changing anything.
  package var isRetriable: Bool {
    switch self {
    case .busy, .deadlineExpired, .unreachable: true
    case .handshakeRefused, .malformedReply, .cancelled, .closed, .endpointTaken, .unsupportedEndpoint, .socket: false
    }
  }
}

extension TransportError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .busy(let limit): "\(limit) messages are already under way; wait for some to end"
    case .deadlineExpired: "no answer before the deadline"
    case .unreachable: "no connection to a peer with that key before the deadline; check its address and key"
    case .handshakeRefused: "the peer does not admit this node's transport key"
    case .malformedReply: "the answer exceeds the limits of a message"
    case .cancelled: "the request was cancelled"
    case .closed: "the transport is closed"
    case .endpointTaken(let endpoint): "\(endpoint) is in use; choose another port"
    case .unsupportedEndpoint(let endpoint): "this transport cannot use \(endpoint)"
    case .socket(let error): "\(error)"
    }
  }
}

/// A call of the library below that failed: its name, its code, and the library's own words.
package struct SocketError: Error, Hashable, Sendable, CustomStringConvertible {
  package let call: String
  package let code: Int32
  package let text: String

  package init(call: String, code: Int32, text: String) {
    self.call = call
    self.code = code
    self.text = text
  }

  package var description: String { "\(call) failed: \(text) (\(code))" }
}
