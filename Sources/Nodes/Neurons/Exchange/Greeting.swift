import Keys
import Primitives
import Transport
import Wire

extension SignedExchange {
  /// Learns which network a peer is on, before anything can be signed for it.
  ///
  /// Random bytes that are no envelope are answered with a refusal that names the peer's network, is signed by the peer
  /// and bound to the digest of just these bytes. Nothing else of the refusal is used.
  func greet(_ peer: ExchangePeer, deadline: Duration) async throws(ExchangeError) -> Hash256 {
    // The first byte is no tag of an envelope's cover, whatever follows.
    let greeting = Array("hello".utf8) + random.bytes(32)
    let reply: MessageFrames
    do {
      reply = try await sender.send(try MessageFrames(envelope: greeting), to: peer.address, deadline: deadline)
    } catch {
      throw .transport(error as? TransportError ?? .malformedReply)
    }
    do throws(EnvelopeError) {
      return try network(of: reply, greetedWith: greeting, by: peer.account)
    } catch {
      throw .unverified(error)
    }
  }

  private func network(
    of reply: MessageFrames, greetedWith greeting: [UInt8], by account: AccountID
  ) throws(EnvelopeError) -> Hash256 {
    let cover: SignedEnvelope
    do throws(WireError) {
      cover = try SignedEnvelope(decoding: reply.envelope)
    } catch {
      throw .undecodable(error)
    }
    guard let head = cover.envelope.reply else { throw .notAReply }
    guard cover.envelope.protocolVersion == Envelope.protocolVersion else {
      throw .wrongProtocolVersion(cover.envelope.protocolVersion)
    }
    guard head.requestDigest == Hash256(hashing: greeting), cover.envelope.sender == account else {
      throw .wrongRequest
    }
    guard cover.signature.verifies(.reply, cover.envelopeBytes, by: account) else { throw .badSignature }
    return cover.envelope.chainID
  }
}
