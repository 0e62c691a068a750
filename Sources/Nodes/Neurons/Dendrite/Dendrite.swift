package import Keys
package import Primitives
package import SubnetKit
import Synchronization
package import Transport
package import Wire

/// A miner to ask.
package struct MinerTarget: Hashable, Sendable {
  package let uid: UID
  package let hotkey: Hotkey
  /// Nil when the miner does not say where it answers, or not in a protocol that this kit speaks.
  package let peer: ExchangePeer?

  package init(uid: UID, hotkey: Hotkey, peer: ExchangePeer?) {
    self.uid = uid
    self.hotkey = hotkey
    self.peer = peer
  }

  /// Reads a neuron's own word about where it answers.
  package init(_ neuron: NeuronView) {
    uid = neuron.uid
    hotkey = neuron.hotkey
    guard neuron.axon.isServing, neuron.axon.protocolNumber == AxonView.zeroMQProtocol,
      let ip = IPAddress(bytes: neuron.axon.ip),
      let key = neuron.certifiedTransportKey ?? neuron.convertedTransportKey
    else {
      peer = nil
      return
    }
    let address = PeerAddress(endpoint: .tcp(ip, port: neuron.axon.port), serverKey: key)
    peer = ExchangePeer(address: address, account: neuron.hotkey.account)
  }
}

/// What came of asking one miner.
package struct DendriteAnswer: Sendable {
  package enum Outcome: Sendable {
    /// A verified answer, and the time from sending to holding it.
    case answered([UInt8], latency: Duration)
    /// A verified answer in parts, the time to each of them, and to the last.
    case answeredInParts([[UInt8]], arrivals: [Duration], latency: Duration)
    /// The miner's signed refusal.
    case refused(PeerRefusal)
    /// Nothing came before the deadline.
    case timedOut
    /// Nothing usable can come: no connection, or a reply that the miner did not sign for this request.
    case failed(ExchangeError)
    /// Not asked: it failed too often lately.
    case skipped
    /// Not asked: it does not serve.
    case notServing
  }

  package let target: MinerTarget
  package let outcome: Outcome

  package init(target: MinerTarget, outcome: Outcome) {
    self.target = target
    self.outcome = outcome
  }
}

/// The part of a validator that asks: many miners at once, each with a deadline, and only verified answers count.
package final class Dendrite: Sendable {
  private let exchange: SignedExchange
  private let chainID: Hash256
  private let netuid: NetUID
  private let time: NodeTime
  private let breaker = Mutex(CircuitBreaker())

  /// - Parameter key: The hotkey that signs the requests.
  package init(
    over sender: any RequestSender, key: KeyPair, chainID: Hash256, netuid: NetUID, in surroundings: NodeSurroundings
  ) {
    exchange = SignedExchange(sender: sender, key: key, time: surroundings.time, random: surroundings.random)
    self.chainID = chainID
    self.netuid = netuid
    time = surroundings.time
  }

  /// Asks every miner the same at the same time.
  ///
  /// - Parameters:
  ///   - retry: What to do where no answer comes.
  ///   - limits: How much of an answer is taken, where the mechanism answers in parts; nil where it does not.
  /// - Returns: One answer per target, in the order of `targets`; after the deadline at the latest.
  package func ask(
    _ targets: [MinerTarget], _ message: EnvelopeMessage, _ payload: [UInt8], deadline: Duration,
    retry: Retry = .never, inParts limits: StreamLimits? = nil
  ) async -> [DendriteAnswer] {
    let task = DendriteTask(message: message, payload: payload, deadline: deadline, retry: retry, limits: limits)
    return await withTaskGroup(of: (index: Int, outcome: DendriteAnswer.Outcome).self) { group in
      for (index, target) in targets.enumerated() {
        group.addTask { (index, await self.outcome(of: target, task)) }
      }
      var outcomes = [DendriteAnswer.Outcome](repeating: .timedOut, count: targets.count)
      for await answer in group { outcomes[answer.index] = answer.outcome }
      return zip(targets, outcomes).map { DendriteAnswer(target: $0, outcome: $1) }
    }
  }

  /// Forgets the failures of peers that are not among these any more.
  package func keep(only targets: [MinerTarget]) {
    let peers = Set(targets.compactMap(\.peer))
    breaker.withLock { $0.keep(only: peers) }
  }

  private func outcome(of target: MinerTarget, _ task: DendriteTask) async -> DendriteAnswer.Outcome {
    guard let peer = target.peer else { return .notServing }
    let start = time.elapsed
    guard breaker.withLock({ $0.admits(peer, at: start) }) else { return .skipped }
    do throws(ExchangeError) {
      let outcome = try await answer(of: peer, task, since: start)
      breaker.withLock { $0.recordAnswer(from: peer) }
      return outcome
    } catch {
      return record(error, of: peer)
    }
  }

  private func answer(
    of peer: ExchangePeer, _ task: DendriteTask, since start: Duration
  ) async throws(ExchangeError) -> DendriteAnswer.Outcome {
    guard let limits = task.limits else {
      let payload = try await ask(peer, task.message, task.payload, deadline: task.deadline, task.retry)
      return .answered(payload, latency: time.elapsed - start)
    }
    var stream = IncomingStream(limits: limits)
    while let request = stream.request(for: task.payload) {
      let left = max(.zero, task.deadline - (time.elapsed - start))
      let reply = try await ask(peer, task.message, request, deadline: left, task.retry)
      try stream.take(reply, at: time.elapsed - start)
    }
    return .answeredInParts(stream.parts, arrivals: stream.arrivals, latency: time.elapsed - start)
  }

  private func ask(
    _ peer: ExchangePeer, _ message: EnvelopeMessage, _ payload: [UInt8], deadline: Duration, _ retry: Retry
  ) async throws(ExchangeError) -> [UInt8] {
    let question = Question(chainID: chainID, netuid: netuid, message: message, payload: payload)
    return try await exchange.ask(question, of: peer, deadline: deadline, retry: retry)
  }

  /// A signed refusal shows that the miner is there; everything else counts towards its pause.
  private func record(_ error: ExchangeError, of peer: ExchangePeer) -> DendriteAnswer.Outcome {
    switch error {
    case .refused(let refusal):
      breaker.withLock { $0.recordAnswer(from: peer) }
      return .refused(refusal)
    case .transport(.cancelled), .tooLarge, .unusableParts:
      return .failed(error)
    case .transport(.deadlineExpired):
      breaker.withLock { $0.recordFailure(of: peer, at: time.elapsed) }
      return .timedOut
    case .transport, .unverified:
      breaker.withLock { $0.recordFailure(of: peer, at: time.elapsed) }
      return .failed(error)
    }
  }
}

/// What all miners of one round are asked.
private struct DendriteTask: Sendable {
  let message: EnvelopeMessage
  let payload: [UInt8]
  let deadline: Duration
  let retry: Retry
  let limits: StreamLimits?
}
