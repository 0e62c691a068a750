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
  let host: MechanismHost
  let gate: AxonGate
  let surroundings: NodeSurroundings
  private let priority: Priority
  private let places: WorkPlaces
  let streams: MinerStreams
  let streamJobs: AsyncStream<StreamJob>
  let streamInbox: AsyncStream<StreamJob>.Continuation
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
    let policy = host.policy
    priority = policy.priority
    places = WorkPlaces(placeLimit: settings.concurrencyLimit, queueLimit: settings.queueLimit)
    streams = MinerStreams(limit: settings.concurrencyLimit, callerLimit: settings.callerConcurrencyLimit)
    // Bounded by the streams that may be open.
    (streamJobs, streamInbox) = AsyncStream.makeStream()
    gate = AxonGate(
      account: key.account, chainID: chainID, netuid: netuid, synapse: host.message, members: members,
      admission: policy.admission.and(settings.admission), settings: settings,
      startMilliseconds: surroundings.time.millisecondsSince1970)
  }

  /// The endpoint as bound.
  package var address: PeerAddress { receiver.address }

  /// What became of the requests so far.
  package var counts: RequestCounts { counted.withLock { $0 } }

  package func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.serve() }
      group.addTask { await self.workOnStreams() }
      // Neither returns by itself; the first to throw ends the other.
      try await group.next()
      group.cancelAll()
    }
  }

  private func serve() async throws {
    let settings = gate.settings
    let limit = settings.concurrencyLimit + settings.queueLimit + AxonSettings.refusalRoom
    try await receiver.serve(
      concurrencyLimit: limit,
      overloaded: { request in self.refuse(request, self.gate.noPlace(limit: limit)) },
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
    guard !host.isStreaming else { return try await nextPart(for: request) }
    return try await inPlace(for: request) { [host] context async throws(MechanismError) in
      try await host.forward(request.payload, context)
    }
  }

  /// Does work at a place of its own, for as long as the caller waits.
  func inPlace<Value: Sendable>(
    for request: AdmittedRequest,
    _ work: @escaping @Sendable (ForwardContext) async throws(MechanismError) -> Value
  ) async throws(AxonRefusal) -> Value {
    let time = surroundings.time
    let deadline = time.elapsed + request.timeRemaining
    let outcome = await time.limited(to: request.timeRemaining) { () async -> Result<Value, AxonRefusal> in
      guard await self.places.take(rank: self.priority.rank(of: request.caller)) else {
        return .failure(self.gate.noPlace(limit: self.gate.settings.concurrencyLimit))
      }
      defer { self.places.release() }
      let context = ForwardContext(
        caller: request.caller.hotkey, uid: request.caller.uid, block: self.gate.members.block,
        timeRemaining: max(.zero, deadline - time.elapsed), miner: Hotkey(self.key.account))
      do throws(MechanismError) {
        return .success(try await work(context))
      } catch {
        return .failure(.mechanism(error))
      }
    }
    guard let outcome else { throw .tooLate }
    return try outcome.get()
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
