package import Daemon
package import Keys
import Ledger
import Primitives
import Storage
package import Transport
import Wire

/// A chain node: makes blocks and answers requests, until cancelled.
///
/// Everything it stands on is handed in, so a whole network of them runs in one process on one thread.
package struct ChainService: Service {
  /// Bounds of what strangers may ask for at one time.
  package struct Limits: Hashable, Sendable {
    /// Requests under way; one more is answered `busy`.
    package var requests = 2048
    /// Of these, requests that wait for a block.
    package var waits = 1536
    /// The longest that one request is worked on.
    package var requestTime: Duration = .seconds(60)

    package init() {}
  }

  package let producer: BlockProducer
  private let receiver: any RequestReceiver
  private let limits: Limits
  private let clock: any Clock<Duration>
  private let wallClock: any WallClock
  private let logger: Logger
  private let gate: RequestGate
  private let signer: ReplySigner
  private let desk: QueryDesk
  private let fuse = Fuse()

  /// Takes a chain at its head and an endpoint that is bound already.
  ///
  /// - Parameters:
  ///   - key: The authority's; it signs the replies too.
  ///   - signatures: Verifies those of extrinsics.
  package init(
    producer: BlockProducer, receiver: any RequestReceiver, key: KeyPair, clock: any Clock<Duration>,
    wallClock: any WallClock, logger: Logger, limits: Limits = Limits(),
    signatures: SignatureBatcher = SignatureBatcher()
  ) {
    self.producer = producer
    self.receiver = receiver
    self.limits = limits
    self.clock = clock
    self.wallClock = wallClock
    self.logger = logger
    let chainID = producer.genesis.chainID
    gate = RequestGate(
      receiver: key.account, chainID: chainID, startMilliseconds: wallClock.millisecondsSince1970)
    signer = ReplySigner(key: key, chainID: chainID, wallClock: wallClock)
    let retry: UInt64 =
      if case .every(let time) = producer.blockTime { UInt64(clamping: time.wholeMilliseconds) } else { 250 }
    desk = QueryDesk(
      producer: producer, signatures: signatures, clock: clock,
      waits: WaitLimit(limits.waits, retryAfterMilliseconds: retry))
  }

  /// Makes blocks and answers.
  ///
  /// - Throws: What ends the node: `ChainNodeError`, `StorageError`, `TransportError`.
  package func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      // Before the requests: a block that is late is late for everybody.
      group.addTask(priority: .high) {
        guard let source = producer.source else { return try await producer.run() }
        try await ChainFollower(producer: producer, source: source, clock: clock, logger: logger).run()
      }
      group.addTask { try await fuse.wait() }
      group.addTask {
        try await receiver.serve(
          concurrencyLimit: limits.requests, overloaded: { busy($0) }, handle: { await answer($0) })
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// Runs where messages are read: nothing is verified, only the node's own word is given.
  private func busy(_ incoming: IncomingRequest) -> MessageFrames? {
    do throws(WireError) {
      let request = try SignedEnvelope(decoding: incoming.frames.envelope)
      return signer.frames(busyAnswer(desk.retryMilliseconds), to: request)
    } catch {
      return nil
    }
  }

  private func busyAnswer(_ retry: UInt64) -> Answer {
    producer.metrics.refused("busy")
    return .refusal(.busy, "Too many requests; try again in \(retry) ms.", retryAfterMilliseconds: retry)
  }

  private func answer(_ incoming: IncomingRequest) async -> MessageFrames? {
    let now = wallClock.millisecondsSince1970
    let admitted: RequestGate.Admitted
    do throws(RequestGate.Refusal) {
      admitted = try gate.admit(incoming.frames, nowMilliseconds: now)
    } catch {
      producer.metrics.refused("\(error.reason.status)")
      logger.debug("request refused", [.reason: .of(error.reason), .peer: .of(incoming.peer)])
      guard let request = error.request else {
        return signer.frames(refusing: incoming.frames.envelope, because: error.reason)
      }
      return signer.frames(
        .refusal(
          error.reason.status, error.reason.description, retryAfterMilliseconds: error.reason.retryAfterMilliseconds),
        to: request)
    }
    return signer.frames(await answer(admitted, nowMilliseconds: now), to: admitted.request)
  }

  private func answer(_ admitted: RequestGate.Admitted, nowMilliseconds now: UInt64) async -> Answer {
    let envelope = admitted.request.envelope
    guard envelope.message == .query else {
      return .refusal(.unknownSynapse, "A chain answers \(EnvelopeMessage.query), not \(envelope.message).")
    }
    let (end, overflow) = envelope.sentAtMilliseconds.addingReportingOverflow(envelope.deadlineMilliseconds)
    let left = overflow ? UInt64.max : end - min(end, now)
    let time = min(limits.requestTime, .milliseconds(Int64(clamping: left)))
    do {
      guard
        let reply = try await withDeadline(
          time, on: clock, { try await desk.answer(admitted.payload, from: envelope.sender) })
      else {
        return .refusal(.deadlinePassed, "The answer was not there before the deadline; ask again.")
      }
      return .reply(reply)
    } catch {
      return refusal(of: error)
    }
  }

  private func refusal(of error: any Error) -> Answer {
    switch error {
    case QueryError.busy(let retry): return busyAnswer(retry)
    case QueryError.unknownQuery: return .refusal(.unknownSynapse, "This chain does not know that query.")
    case QueryError.malformed(let error): return .refusal(error.status, "The query cannot be read: \(error).")
    case is CancellationError:
      return .refusal(
        .failed, "The node is going down; ask again later.", retryAfterMilliseconds: desk.retryMilliseconds)
    case let error as StorageError:
      // Nothing that this store says can be trusted any more (reliability P10).
      fuse.blow(error)
      return .refusal(.failed, "The node's store failed; it is going down.")
    case let error as ChainNodeError:
      fuse.blow(error)
      return .refusal(.failed, "The node met another history than its own; it is going down.")
    default:
      // A stranger learns no more than that; the operator reads it in the log.
      logger.error("request failed", [.error: .text("\(error)")])
      return .refusal(.failed, "The node could not answer; its log says why.")
    }
  }
}
