package import Primitives

/// The signed cover of a message between two nodes; the payload travels beside it.
///
/// Source: registry 11.
package struct Envelope: Hashable, Sendable {
  /// The revision of this form that this program speaks.
  package static let protocolVersion: UInt32 = 1

  package var protocolVersion: UInt32
  /// Genesis hash of the network.
  package var chainID: Hash256
  package var netuid: NetUID
  package var message: EnvelopeMessage
  package var sender: AccountID
  package var receiver: AccountID
  /// Random; with the sender it names a request, and its reply repeats it.
  package var requestID: UInt64
  /// Since 1970.
  package var sentAtMilliseconds: UInt64
  /// After `sentAtMilliseconds`.
  package var deadlineMilliseconds: UInt64
  package var payload: PayloadDigest
  /// In a reply; nil in a request.
  package var reply: ReplyHead?

  package init(
    protocolVersion: UInt32 = Envelope.protocolVersion, chainID: Hash256, netuid: NetUID, message: EnvelopeMessage,
    sender: AccountID, receiver: AccountID, requestID: UInt64, sentAtMilliseconds: UInt64,
    deadlineMilliseconds: UInt64, payload: PayloadDigest, reply: ReplyHead? = nil
  ) {
    self.protocolVersion = protocolVersion
    self.chainID = chainID
    self.netuid = netuid
    self.message = message
    self.sender = sender
    self.receiver = receiver
    self.requestID = requestID
    self.sentAtMilliseconds = sentAtMilliseconds
    self.deadlineMilliseconds = deadlineMilliseconds
    self.payload = payload
    self.reply = reply
  }
}

/// Which message a payload is: a name of 1 to 64 bytes of `[a-z0-9_-]`, and the revision of its form.
package struct EnvelopeMessage: Hashable, Sendable, CustomStringConvertible {
  package static let nameLimit = 64

  package let name: String
  package let version: UInt32

  /// Nil for a name that is not allowed (reliability R3).
  package init?(_ name: String, version: UInt32) {
    guard EnvelopeMessage.isName(Array(name.utf8)) else { return nil }
    self.name = name
    self.version = version
  }

  static func isName(_ bytes: [UInt8]) -> Bool {
    guard (1...nameLimit).contains(bytes.count) else { return false }
    return bytes.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "_"), UInt8(ascii: "-"): true
      default: false
      }
    }
  }

  package var description: String { "\(name)/\(version)" }
}

/// What a reply adds to the envelope.
package struct ReplyHead: Hashable, Sendable {
  /// Bytes of a sentence for the operator.
  package static let detailLimit = 1024

  /// BLAKE2b-256 of the request's envelope bytes.
  package var requestDigest: Hash256
  package var status: EnvelopeStatus
  package var retryAfterMilliseconds: UInt64?
  /// At most `detailLimit` bytes; foreign text, to be escaped before it is shown.
  package var errorDetail: [UInt8]

  package init(
    requestDigest: Hash256, status: EnvelopeStatus, retryAfterMilliseconds: UInt64? = nil, errorDetail: [UInt8] = []
  ) {
    self.requestDigest = requestDigest
    self.status = status
    self.retryAfterMilliseconds = retryAfterMilliseconds
    self.errorDetail = errorDetail
  }
}
