package import Daemon
package import Keys
package import Primitives
import Synchronization
package import Transport
import Wire

/// The node that a follower takes its blocks from: asks it, signed, and believes only what its key signed for just that
/// question.
package final class BlockSource: Sendable {
  /// For one answer, a wait for the next block not counted.
  static let answerTime: Duration = .seconds(5)

  /// How a question ended.
  enum Outcome: Sendable {
    /// The decoded reply, which may hold an `error`.
    case answered(Fields)
    /// The source's own word that it does not answer this.
    case refused(EnvelopeStatus, String, retryAfterMilliseconds: UInt64?)
    /// More is under way from this node than it keeps track of.
    case crowded
    /// No answer in time, or one that is not the source's.
    case silent
  }

  /// Where it listens, for the clients that this node sends there.
  package let address: String
  /// Whose signature answers must carry.
  package let account: AccountID
  private let peer: PeerAddress
  private let sender: any RequestSender
  private let key: KeyPair
  private let chainID: Hash256
  private let wallClock: any WallClock
  private let nextID: Mutex<UInt64>
  /// Whether the source makes blocks itself; nil while nobody asked, and again when it was silent.
  private let isProducer = Mutex<Bool?>(nil)

  /// - Parameters:
  ///   - account: Whose signature answers must carry.
  ///   - key: This node's own.
  package init(
    at peer: PeerAddress, account: AccountID, over sender: any RequestSender, signingAs key: KeyPair, chainID: Hash256,
    wallClock: any WallClock, firstRequestID: UInt64
  ) {
    address = peer.endpoint.description
    self.account = account
    self.peer = peer
    self.sender = sender
    self.key = key
    self.chainID = chainID
    self.wallClock = wallClock
    nextID = Mutex(firstRequestID)
  }

  /// Asks one question.
  ///
  /// - Throws: `CancellationError`; `WireError` for arguments that the schema does not take.
  func ask(_ query: String, _ arguments: Fields, within time: Duration = answerTime) async throws -> Outcome {
    try Task.checkCancellation()
    let payload = try WireCodec.encode([query: .group(arguments)], as: .queryRequest)
    let request = try SignedEnvelope(
      signing: Envelope(
        chainID: chainID, netuid: .root, message: .query, sender: key.account, receiver: account,
        requestID: takeID(), sentAtMilliseconds: wallClock.millisecondsSince1970,
        deadlineMilliseconds: UInt64(max(0, time / .milliseconds(1))), payload: PayloadDigest(of: payload)), with: key)
    let frames = try MessageFrames(envelope: try request.encoded(), payload: payload)
    do {
      let answer = try await sender.send(frames, to: peer, deadline: time)
      let reply = try SignedEnvelope(decoding: answer.envelope)
      let head = try reply.verifyReply(to: request, payload: PayloadDigest(ofFrames: answer.chunks))
      guard head.status == .ok else {
        return .refused(
          head.status, String(decoding: head.errorDetail, as: UTF8.self),
          retryAfterMilliseconds: head.retryAfterMilliseconds)
      }
      return .answered(try WireCodec.decode(answer.payload, as: .queryReply))
    } catch TransportError.busy {
      return .crowded
    } catch {
      try Task.checkCancellation()
      isProducer.withLock { $0 = nil }
      return .silent
    }
  }

  /// The network that the source says it is on; nil when it does not answer.
  ///
  /// Bytes that are no envelope are answered with a refusal that names the network, is signed, and is bound to the
  /// digest of just these bytes: the only answer that does not need the network known.
  func network() async throws -> Hash256? {
    let number = Hash256(hashing: key.account.bytes + Array("\(takeID()) \(wallClock.millisecondsSince1970)".utf8))
    let greeting = Array("hello".utf8) + number.bytes
    do {
      let answer = try await sender.send(
        try MessageFrames(envelope: greeting), to: peer, deadline: BlockSource.answerTime)
      let reply = try SignedEnvelope(decoding: answer.envelope)
      guard let head = reply.envelope.reply, head.requestDigest == Hash256(hashing: greeting),
        reply.envelope.sender == account, reply.signature.verifies(.reply, reply.envelopeBytes, by: account)
      else { return nil }
      return reply.envelope.chainID
    } catch {
      try Task.checkCancellation()
      return nil
    }
  }

  /// Whether the source takes extrinsics itself: what it said last, or says now.
  func takesExtrinsics() async throws -> Bool {
    if let known = isProducer.withLock({ $0 }) { return known }
    guard case .answered(let fields) = try await ask("status", [:]),
      case .flag(let makes)? = fields.group("status")?["is_producer"]
    else { return false }
    isProducer.withLock { $0 = makes }
    return makes
  }

  private func takeID() -> UInt64 {
    nextID.withLock { id in
      id &+= 1
      return id
    }
  }
}
