package import Keys
package import Primitives

/// An envelope exactly as it was signed: frame 0 of a message between two nodes.
package struct SignedEnvelope: Hashable, Sendable {
  package let envelope: Envelope
  /// Exactly as they were signed; never encoded again.
  package let envelopeBytes: [UInt8]
  package let signature: Signature

  /// BLAKE2b-256 of `envelopeBytes`: what a reply to this names.
  package var digest: Hash256 { Hash256(hashing: envelopeBytes) }

  /// Encodes and signs an envelope.
  ///
  /// - Precondition: The key is the envelope's sender.
  package init(signing envelope: Envelope, with key: KeyPair) throws(WireError) {
    precondition(key.account == envelope.sender, "An envelope is signed by the account that it names.")
    self.envelope = envelope
    envelopeBytes = try envelope.encoded()
    signature = key.sign(envelope.domain, envelopeBytes)
  }

  /// Signs the answer to a request: same network, subnet, message and id, with the two nodes changed over.
  ///
  /// A detail over its limit is cut.
  package init(
    replyingTo request: SignedEnvelope, status: EnvelopeStatus, payload: PayloadDigest,
    sentAtMilliseconds: UInt64, retryAfterMilliseconds: UInt64? = nil, errorDetail: String = "", with key: KeyPair
  ) throws(WireError) {
    var envelope = request.envelope
    envelope.protocolVersion = Envelope.protocolVersion
    envelope.sender = key.account
    envelope.receiver = request.envelope.sender
    envelope.sentAtMilliseconds = sentAtMilliseconds
    envelope.deadlineMilliseconds = 0
    envelope.payload = payload
    envelope.reply = ReplyHead(
      requestDigest: request.digest, status: status, retryAfterMilliseconds: retryAfterMilliseconds,
      errorDetail: Array(errorDetail.utf8.prefix(ReplyHead.detailLimit)))
    try self.init(signing: envelope, with: key)
  }

  /// Reads frame 0; nothing is verified yet.
  package init(decoding bytes: [UInt8]) throws(WireError) {
    let fields = try WireCodec.decode(bytes, as: .signedEnvelope)
    let signature = try fields.bytes("signature")
    guard let parsed = Signature(signature) else {
      throw .wrongLength(field: "signature", count: signature.count, expected: Signature.count)
    }
    self.signature = parsed
    envelopeBytes = try fields.bytes("envelope")
    envelope = try Envelope(decoding: envelopeBytes)
  }

  /// The bytes of frame 0.
  package func encoded() throws(WireError) -> [UInt8] {
    try WireCodec.encode(
      ["envelope": .bytes(envelopeBytes), "signature": .bytes(signature.bytes)], as: .signedEnvelope)
  }
}

extension SignedEnvelope {
  /// Checks a request that arrived, cheapest first and the signature last; time and replay are `ReplayGuard`'s.
  ///
  /// - Parameters:
  ///   - receiver: This node.
  ///   - netuid: The subnet that this node serves; nil for a node of no subnet, such as the chain.
  ///   - payload: Of the frames that came with it.
  ///   - payloadLimit: Bytes that this message may have.
  package func verifyRequest(
    to receiver: AccountID, chainID: Hash256, netuid: NetUID?, payload: PayloadDigest,
    payloadLimit: UInt64 = UInt64(PayloadDigest.byteLimit)
  ) throws(EnvelopeError) {
    guard envelope.reply == nil else { throw .notARequest }
    guard envelope.receiver == receiver else { throw .wrongReceiver }
    if let netuid, envelope.netuid != netuid { throw .wrongSubnet(envelope.netuid) }
    try verifyCommon(chainID: chainID, payload: payload, payloadLimit: payloadLimit)
  }

  /// Checks a reply that arrived against the request that was sent, and says how the request ended.
  ///
  /// The digest of the request binds it, so no clock is asked.
  package func verifyReply(
    to request: SignedEnvelope, payload: PayloadDigest, payloadLimit: UInt64 = UInt64(PayloadDigest.byteLimit)
  ) throws(EnvelopeError) -> ReplyHead {
    guard let reply = envelope.reply else { throw .notAReply }
    let asked = request.envelope
    guard envelope.receiver == asked.sender else { throw .wrongReceiver }
    guard
      reply.requestDigest == request.digest, envelope.sender == asked.receiver,
      envelope.requestID == asked.requestID, envelope.netuid == asked.netuid, envelope.message == asked.message
    else { throw .wrongRequest }
    try verifyCommon(chainID: asked.chainID, payload: payload, payloadLimit: payloadLimit)
    return reply
  }

  private func verifyCommon(
    chainID: Hash256, payload: PayloadDigest, payloadLimit: UInt64
  ) throws(EnvelopeError) {
    guard envelope.protocolVersion == Envelope.protocolVersion else {
      throw .wrongProtocolVersion(envelope.protocolVersion)
    }
    guard envelope.chainID == chainID else { throw .wrongNetwork }
    guard envelope.payload.length <= payloadLimit else {
      throw .payloadTooLarge(length: envelope.payload.length, limit: payloadLimit)
    }
    guard envelope.payload == payload else { throw .wrongPayload }
    guard signature.verifies(envelope.domain, envelopeBytes, by: envelope.sender) else { throw .badSignature }
  }
}

extension Envelope {
  /// A reply is signed in a domain of its own, so that neither can pass for the other.
  fileprivate var domain: SigningDomain { reply == nil ? .envelope : .reply }
}
