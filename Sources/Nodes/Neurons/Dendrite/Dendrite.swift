package import Keys
package import Primitives
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
  /// - Returns: One answer per target, in the order of `targets`; after the deadline at the latest.
  package func ask(
    _ targets: [MinerTarget], _ message: EnvelopeMessage, _ payload: [UInt8], deadline: Duration
  ) async -> [DendriteAnswer] {
    await withTaskGroup(of: (index: Int, outcome: DendriteAnswer.Outcome).self) { group in
      for (index, target) in targets.enumerated() {
        group.addTask { (index, await self.outcome(of: target, message, payload, deadline: deadline)) }
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

  private func outcome(
    of target: MinerTarget, _ message: EnvelopeMessage, _ payload: [UInt8], deadline: Duration
  ) async -> DendriteAnswer.Outcome {
    guard let peer = target.peer else { return .notServing }
    let start = time.elapsed
    guard breaker.withLock({ $0.admits(peer, at: start) }) else { return .skipped }
    let question = Question(chainID: chainID, netuid: netuid, message: message, payload: payload)
    do throws(ExchangeError) {
      let answer = try await exchange.ask(question, of: peer, deadline: deadline)
      breaker.withLock { $0.recordAnswer(from: peer) }
      return .answered(answer, latency: time.elapsed - start)
    } catch {
      return record(error, of: peer)
    }
  }

  /// A signed refusal shows that the miner is there; everything else counts towards its pause.
  private func record(_ error: ExchangeError, of peer: ExchangePeer) -> DendriteAnswer.Outcome {
    switch error {
    case .refused(let refusal):
      breaker.withLock { $0.recordAnswer(from: peer) }
      return .refused(refusal)
    case .transport(.cancelled), .tooLarge:
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
