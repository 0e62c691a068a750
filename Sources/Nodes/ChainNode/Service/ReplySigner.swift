import Daemon
import Keys
import Primitives
import Transport
import Wire

/// What a node answers: a payload, or why there is none.
enum Answer: Sendable {
  /// An encoded `QueryReply`.
  case reply([UInt8])
  case refusal(EnvelopeStatus, String, retryAfterMilliseconds: UInt64? = nil)
}

/// Signs answers with the node's key, each bound to the digest of its request.
struct ReplySigner: Sendable {
  let key: KeyPair
  let chainID: Hash256
  let wallClock: any WallClock

  /// The frames of an answer; nil only for what cannot be framed, which nothing made here is.
  func frames(_ answer: Answer, to request: SignedEnvelope) -> MessageFrames? {
    switch answer {
    case .reply(let payload): frames(.ok, payload, "", nil, to: request)
    case .refusal(let status, let detail, let retry): frames(status, [], detail, retry, to: request)
    }
  }

  private func frames(
    _ status: EnvelopeStatus, _ payload: [UInt8], _ detail: String, _ retry: UInt64?, to request: SignedEnvelope
  ) -> MessageFrames? {
    do {
      let envelope = try SignedEnvelope(
        replyingTo: request, status: status, payload: PayloadDigest(of: payload),
        sentAtMilliseconds: wallClock.millisecondsSince1970, retryAfterMilliseconds: retry, errorDetail: detail,
        with: key
      )
      return try MessageFrames(envelope: try envelope.encoded(), payload: payload)
    } catch {
      return nil
    }
  }

  /// The answer to bytes that are no envelope: bound to the digest of what came, addressed to nobody.
  func frames(refusing garbage: [UInt8], because reason: EnvelopeError) -> MessageFrames? {
    let head = ReplyHead(
      requestDigest: Hash256(hashing: garbage), status: reason.status,
      errorDetail: Array(reason.description.utf8.prefix(ReplyHead.detailLimit)))
    let envelope = Envelope(
      chainID: chainID, netuid: .root, message: .query, sender: key.account, receiver: .zero, requestID: 0,
      sentAtMilliseconds: wallClock.millisecondsSince1970, deadlineMilliseconds: 0, payload: PayloadDigest(of: []),
      reply: head)
    do {
      return try MessageFrames(envelope: try SignedEnvelope(signing: envelope, with: key).encoded())
    } catch {
      return nil
    }
  }
}
