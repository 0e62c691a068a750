package import Primitives

/// Why an envelope is not accepted.
package enum EnvelopeError: Error, Hashable, Sendable {
  case undecodable(WireError)
  case wrongProtocolVersion(UInt32)
  /// Signed for another genesis.
  case wrongNetwork
  /// About a subnet that this node does not serve.
  case wrongSubnet(NetUID)
  /// Signed for another node.
  case wrongReceiver
  /// A reply where a request is expected.
  case notARequest
  /// A request where a reply is expected.
  case notAReply
  /// A reply of somebody else, to another request, or about another message.
  case wrongRequest
  case payloadTooLarge(length: UInt64, limit: UInt64)
  /// The payload is not the one that was signed.
  case wrongPayload
  case badSignature
  /// Sent longer ago than the window reaches back, by the receiver's clock.
  case sentTooLongAgo(byMilliseconds: UInt64)
  /// Sent further ahead than the window allows, by the receiver's clock.
  case sentInTheFuture(byMilliseconds: UInt64)
  /// Sent before the receiver started or before what it still remembers.
  case sentBeforeStart
  /// This sender has used this request id within the window.
  case replayed
  /// The memory for request ids is full.
  case busy(retryAfterMilliseconds: UInt64)
  case deadlinePassed(byMilliseconds: UInt64)

  /// The status with which a node answers.
  package var status: EnvelopeStatus {
    switch self {
    case .undecodable(let error): error.status
    case .wrongProtocolVersion, .notARequest, .notAReply: .malformed
    case .wrongNetwork, .wrongSubnet, .wrongReceiver, .wrongRequest, .wrongPayload, .badSignature: .notVerified
    case .sentTooLongAgo, .sentInTheFuture, .sentBeforeStart, .replayed: .notVerified
    case .payloadTooLarge: .tooLarge
    case .busy: .busy
    case .deadlinePassed: .deadlinePassed
    }
  }

  /// When to try again, where time helps.
  package var retryAfterMilliseconds: UInt64? {
    guard case .busy(let milliseconds) = self else { return nil }
    return milliseconds
  }
}

extension EnvelopeError: CustomStringConvertible {
  /// A sentence for the operator of the other node.
  package var description: String {
    switch self {
    case .undecodable(let error): "The envelope cannot be read: \(error)."
    case .wrongProtocolVersion(let version):
      "Protocol version \(version) is not \(Envelope.protocolVersion); update one of the nodes."
    case .wrongNetwork: "The envelope is for another network."
    case .wrongSubnet(let netuid): "This node does not serve subnet \(netuid)."
    case .wrongReceiver: "The envelope is for another node; read the metagraph again."
    case .notARequest: "A reply came where a request is expected."
    case .notAReply: "A request came where a reply is expected."
    case .wrongRequest: "The reply does not belong to this request."
    case .payloadTooLarge(let length, let limit): "The payload has \(length) bytes; \(limit) are allowed."
    case .wrongPayload: "The payload is not the one that was signed."
    case .badSignature: "The signature is not the sender's."
    case .sentTooLongAgo(let milliseconds):
      "Sent \(milliseconds) ms ago by the receiver's clock; compare the clocks, then send anew."
    case .sentInTheFuture(let milliseconds):
      "Sent \(milliseconds) ms ahead of the receiver's clock; compare the clocks, then send anew."
    case .sentBeforeStart: "Sent before the receiver started; send anew."
    case .replayed: "This request id was used before; send anew with another."
    case .busy(let milliseconds): "Too many requests; try again in \(milliseconds) ms."
    case .deadlinePassed(let milliseconds): "The deadline passed \(milliseconds) ms ago."
    }
  }
}
