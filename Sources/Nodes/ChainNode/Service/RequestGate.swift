import Primitives
import Synchronization
import Transport
import Wire

/// Decides whether a message that arrived is a request to answer: its form, its signature, its time, and that it is new.
///
/// Source: registry 11.
final class RequestGate: Sendable {
  /// What came in and was found good.
  struct Admitted: Sendable {
    let request: SignedEnvelope
    let payload: [UInt8]
  }

  /// What came in and is refused; `request` is nil when not even the envelope could be read.
  struct Refusal: Error {
    let request: SignedEnvelope?
    let reason: EnvelopeError
  }

  private let receiver: AccountID
  private let chainID: Hash256
  private let guardian: Mutex<ReplayGuard>

  init(receiver: AccountID, chainID: Hash256, startMilliseconds: UInt64) {
    self.receiver = receiver
    self.chainID = chainID
    guardian = Mutex(ReplayGuard(startMilliseconds: startMilliseconds))
  }

  /// Checks the cheap things first, the signature late, and remembers the request last.
  func admit(_ frames: MessageFrames, nowMilliseconds now: UInt64) throws(Refusal) -> Admitted {
    let request: SignedEnvelope
    do throws(WireError) {
      request = try SignedEnvelope(decoding: frames.envelope)
    } catch {
      throw Refusal(request: nil, reason: .undecodable(error))
    }
    do throws(EnvelopeError) {
      try check(request.envelope, now)
      try request.verifyRequest(
        to: receiver, chainID: chainID, netuid: .root, payload: PayloadDigest(ofFrames: frames.chunks),
        payloadLimit: UInt64(WireLimits.queryRequestBytes))
      try remember(request.envelope, now)
    } catch {
      throw Refusal(request: request, reason: error)
    }
    return Admitted(request: request, payload: frames.payload)
  }

  private func check(_ envelope: Envelope, _ now: UInt64) throws(EnvelopeError) {
    let refusal = guardian.withLock { guardian -> EnvelopeError? in
      do throws(EnvelopeError) {
        try guardian.check(envelope, nowMilliseconds: now)
        return nil
      } catch {
        return error
      }
    }
    if let refusal { throw refusal }
  }

  private func remember(_ envelope: Envelope, _ now: UInt64) throws(EnvelopeError) {
    let refusal = guardian.withLock { guardian -> EnvelopeError? in
      do throws(EnvelopeError) {
        try guardian.admit(envelope, nowMilliseconds: now)
        return nil
      } catch {
        return error
      }
    }
    if let refusal { throw refusal }
  }
}
