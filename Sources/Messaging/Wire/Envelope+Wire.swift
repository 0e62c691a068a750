import Primitives

extension Envelope {
  /// The bytes to sign.
  ///
  /// - Throws: `WireError.outOfRange` when the error detail is over its limit.
  package func encoded() throws(WireError) -> [UInt8] {
    var fields: Fields = [
      "protocol_version": .unsigned(UInt64(protocolVersion)), "chain_id": .bytes(chainID.bytes),
      "netuid": .unsigned(UInt64(netuid.value)), "message_name": .bytes(Array(message.name.utf8)),
      "message_version": .unsigned(UInt64(message.version)), "sender": .bytes(sender.bytes),
      "receiver": .bytes(receiver.bytes), "request_id": .unsigned(requestID),
      "sent_at_ms": .unsigned(sentAtMilliseconds), "deadline_ms": .unsigned(deadlineMilliseconds),
      "payload_digest": .bytes(payload.digest.bytes), "payload_length": .unsigned(payload.length),
    ]
    if let reply {
      guard reply.errorDetail.count <= ReplyHead.detailLimit else { throw .outOfRange(field: "error_detail") }
      fields.append("request_digest", .bytes(reply.requestDigest.bytes))
      fields.append("status", .unsigned(UInt64(reply.status.rawValue)))
      fields.append("error_detail", .bytes(reply.errorDetail))
      if let retryAfter = reply.retryAfterMilliseconds {
        fields.append("retry_after_ms", .unsigned(retryAfter))
        fields.append("has_retry_after_ms", .flag(true))
      }
    }
    return try WireCodec.encode(fields, as: .envelope)
  }

  /// What signed bytes say; only the form is judged.
  package init(decoding bytes: [UInt8]) throws(WireError) {
    let fields = try WireCodec.decode(bytes, as: .envelope)
    let name = try fields.bytes("message_name")
    let version = try fields.number("message_version", as: UInt32.self)
    guard let message = EnvelopeMessage(String(decoding: name, as: UTF8.self), version: version) else {
      throw .outOfRange(field: "message_name")
    }
    self.init(
      protocolVersion: try fields.number("protocol_version", as: UInt32.self), chainID: try fields.hash("chain_id"),
      netuid: NetUID(try fields.number("netuid", as: UInt16.self)), message: message,
      sender: try fields.account("sender"), receiver: try fields.account("receiver"),
      requestID: try fields.number("request_id"), sentAtMilliseconds: try fields.number("sent_at_ms"),
      deadlineMilliseconds: try fields.number("deadline_ms"),
      payload: PayloadDigest(
        digest: try fields.hash("payload_digest"), length: try fields.number("payload_length")),
      reply: try ReplyHead(fields))
  }
}

extension ReplyHead {
  /// Nil for a request, in which all of this is absent.
  fileprivate init?(_ fields: Fields) throws(WireError) {
    let digest = try fields.bytes("request_digest")
    let retryAfter = try fields.optionalNumber("retry_after_ms")
    let detail = try fields.bytes("error_detail")
    guard let status = EnvelopeStatus(rawValue: try fields.number("status", as: UInt32.self)) else {
      guard digest.isEmpty, retryAfter == nil, detail.isEmpty else { throw .outOfRange(field: "status") }
      return nil
    }
    guard detail.count <= ReplyHead.detailLimit else { throw .outOfRange(field: "error_detail") }
    self.init(
      requestDigest: try fields.hash("request_digest"), status: status, retryAfterMilliseconds: retryAfter,
      errorDetail: detail)
  }
}
