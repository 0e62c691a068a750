import Daemon
package import Keys
package import Primitives
package import SubnetKit
import Synchronization
package import Transport
package import Wire

/// The part of a miner that answers: it verifies each request, asks the mechanism and signs every reply, refusals too.
///
/// Works in `run` until cancelled; then its endpoint is closed.
package final class Axon: Service {
  private let receiver: any RequestReceiver
  private let key: KeyPair
  private let host: MechanismHost
  private let gate: AxonGate
  private let surroundings: NodeSurroundings
  private let counted = Mutex(RequestCounts())

  /// - Parameters:
  ///   - receiver: Bound with the admission of `members`.
  ///   - key: The hotkey that signs the replies.
  ///   - members: Whom to answer; none until it was filled from a metagraph.
  package init(
    on receiver: any RequestReceiver, key: KeyPair, chainID: Hash256, netuid: NetUID, host: MechanismHost,
    members: SubnetMembers, settings: AxonSettings = AxonSettings(), in surroundings: NodeSurroundings
  ) {
    self.receiver = receiver
    self.key = key
    self.host = host
    self.surroundings = surroundings
    gate = AxonGate(
      account: key.account, chainID: chainID, netuid: netuid, synapse: host.message, members: members,
      settings: settings, startMilliseconds: surroundings.time.millisecondsSince1970)
  }

  /// The endpoint as bound.
  package var address: PeerAddress { receiver.address }

  /// What became of the requests so far.
  package var counts: RequestCounts { counted.withLock { $0 } }

  package func run() async throws {
    try await receiver.serve(
      concurrencyLimit: gate.settings.concurrencyLimit,
      overloaded: { request in
        self.refuse(request, self.gate.noPlace(limit: self.gate.settings.concurrencyLimit))
      },
      handle: { request in await self.answer(request) })
  }

  private func answer(_ request: IncomingRequest) async -> MessageFrames? {
    let cover: SignedEnvelope
    do throws(WireError) {
      cover = try SignedEnvelope(decoding: request.frames.envelope)
    } catch {
      return refuse(request, .envelope(.undecodable(error)))
    }
    let admitted: AdmittedRequest
    do throws(AxonRefusal) {
      admitted = try gate.admit(cover, request.frames, nowMilliseconds: surroundings.time.millisecondsSince1970)
    } catch {
      return refuse(request, error)
    }
    defer { gate.finish(admitted) }
    do throws(AxonRefusal) {
      return reply(to: cover, with: try await work(on: admitted))
    } catch {
      return refuse(request, error)
    }
  }

  /// Asks the mechanism, for as long as the caller waits.
  private func work(on request: AdmittedRequest) async throws(AxonRefusal) -> [UInt8] {
    let host = self.host
    let context = ForwardContext(
      caller: request.caller, uid: request.uid, block: gate.members.block, timeRemaining: request.timeRemaining,
      miner: Hotkey(key.account))
    let outcome = await surroundings.time.limited(to: request.timeRemaining) {
      () async -> Result<[UInt8], MechanismError> in
      do throws(MechanismError) {
        return .success(try await host.forward(request.payload, context))
      } catch {
        return .failure(error)
      }
    }
    switch outcome {
    case .success(let response): return response
    case .failure(let error): throw .mechanism(error)
    case nil: throw .tooLate
    }
  }

  private func reply(to request: SignedEnvelope, with payload: [UInt8]) -> MessageFrames? {
    counted.withLock { counts in
      counts.received += 1
      counts.answered += 1
    }
    return frames(payload) { () throws(WireError) in
      try SignedEnvelope(
        replyingTo: request, status: .ok, payload: PayloadDigest(of: payload),
        sentAtMilliseconds: surroundings.time.millisecondsSince1970, with: key)
    }
  }

  private func refuse(_ request: IncomingRequest, _ refusal: AxonRefusal) -> MessageFrames? {
    counted.withLock { counts in
      counts.received += 1
      counts.refused[refusal.status.rawValue, default: 0] += 1
    }
    report(refusal, by: request.peer)
    return frames([]) { () throws(WireError) in try cover(of: refusal, for: request.frames.envelope) }
  }

  private func report(_ refusal: AxonRefusal, by peer: TransportKey) {
    if case .mechanism(let error) = refusal, refusal.status == .failed {
      surroundings.log.error("the mechanism failed", [.mechanism: .text(host.name), .reason: .of(error)])
    } else {
      surroundings.log.debug(
        "request refused",
        [.status: .number(refusal.status.rawValue), .reason: .text(refusal.detail), .peer: .of(peer)])
    }
  }

  /// A signed refusal; for bytes that are no envelope one that names nothing but their digest.
  private func cover(of refusal: AxonRefusal, for bytes: [UInt8]) throws(WireError) -> SignedEnvelope {
    let now = surroundings.time.millisecondsSince1970
    if let request = try? SignedEnvelope(decoding: bytes) {
      return try SignedEnvelope(
        replyingTo: request, status: refusal.status, payload: PayloadDigest(of: []), sentAtMilliseconds: now,
        retryAfterMilliseconds: refusal.retryAfterMilliseconds, errorDetail: refusal.detail, with: key)
    }
    let head = ReplyHead(
      requestDigest: Hash256(hashing: bytes), status: refusal.status,
      errorDetail: Array(refusal.detail.utf8.prefix(ReplyHead.detailLimit)))
    return try SignedEnvelope(
      signing: Envelope(
        chainID: gate.chainID, netuid: gate.netuid, message: gate.synapse, sender: key.account, receiver: .zero,
        requestID: 0, sentAtMilliseconds: now, deadlineMilliseconds: 0, payload: PayloadDigest(of: []), reply: head),
      with: key)
  }

  /// A reply that cannot be encoded leaves the caller to its deadline; that is a fault of ours, so the log says it.
  private func frames(_ payload: [UInt8], _ cover: () throws(WireError) -> SignedEnvelope) -> MessageFrames? {
    do {
      return try MessageFrames(envelope: cover().encoded(), payload: payload)
    } catch {
      surroundings.log.error("a reply could not be encoded", [.reason: "\(error)"])
      return nil
    }
  }
}

extension MechanismHost {
  /// The mechanism's name and version as envelopes carry them.
  package var message: EnvelopeMessage {
    guard let message = EnvelopeMessage(name, version: version) else {
      preconditionFailure("A mechanism's name is a message's name.")
    }
    return message
  }
}
