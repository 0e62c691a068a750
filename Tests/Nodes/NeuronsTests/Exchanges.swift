import Daemon
import Keys
import Neurons
import Primitives
import SubnetKit
import Synchronization
import Transport
import Wire

/// A mechanism whose miner does what the test wants.
struct Probe: IncentiveMechanism {
  static let name = "probe"

  enum Mode: String, Codable, Sendable {
    case echo, long, fail, refuse, stall
  }

  struct Request: Codable, Sendable {
    var mode: Mode
    var text: String
  }

  let clock: TestClock?
  var policy = MechanismPolicy.standard

  init(clock: TestClock) { self.clock = clock }
  init(_ setup: MechanismSetup) { clock = nil }

  func task(_ round: Round, random: inout SeededRandom) -> Challenge<Request, String> {
    let text = "task \(round.number) \(random.next())"
    return Challenge(Request(mode: .echo, text: text), expecting: text)
  }

  func forward(_ request: Request, _ context: ForwardContext) async throws -> String {
    switch request.mode {
    case .echo: return request.text
    case .long: return String(repeating: "x", count: 700_000)
    case .fail: throw MechanismError(.failed, "the secret path /etc/key")
    case .refuse: throw MechanismError(.refused, "not for you")
    case .stall:
      try await clock?.sleep(for: .seconds(600))
      return "late"
    }
  }

  func score(
    _ answers: [Answer<String>], for challenge: Challenge<Request, String>, _ context: ScoreContext
  ) -> [Score] {
    answers.map { $0.response == challenge.expected ? .full : .zero }
  }

  static func payload(_ mode: Mode, _ text: String = "hello") -> [UInt8] {
    (try? MessageCoder.requests.encode(Request(mode: mode, text: text))) ?? []
  }
}

/// A neuron of a metagraph, with only what requests are judged by.
func metagraph(
  of neurons: [(key: KeyPair, permit: Bool)], stakes: [AccountID: UInt64] = [:], block: UInt64 = 5
) throws -> MetagraphView {
  let clock = TestClock()
  let chain = ScriptedChain(clock, hotkeys: neurons.map(\.key), permits: neurons.filter(\.permit).map(\.key))
  chain.change { $0.stakes = stakes }
  guard case .success(let fields) = chain.now.answer("metagraph", [:]) else { preconditionFailure("it is scripted") }
  let bytes = try WireCodec.encode(["metagraph": .group(fields)], as: .queryReply)
  let reply = try WireCodec.decode(bytes, as: .queryReply)
  guard let view = reply.group("metagraph") else { preconditionFailure("it was encoded") }
  return try MetagraphView(view)
}

/// One miner that serves, and a registered validator that asks, on a network of their own.
struct AxonStand: Sendable {
  static let netuid = NetUID(1)
  static let chainID = Hash256(hashing: [1, 2, 3])

  let clock = TestClock()
  let miner = KeyPair.development(name: "Miner")
  let validator = KeyPair.development(name: "Validator")
  let stranger = KeyPair.development(name: "Stranger")
  let members = SubnetMembers()
  let network: LoopbackNetwork
  let axon: Axon
  let log = RecordedLog()

  /// - Parameters:
  ///   - others: Registered callers beside the validator.
  ///   - running: What the miner runs instead of the probe.
  init(
    settings: AxonSettings = AxonSettings(), permit: Bool = true, others: [KeyPair] = [],
    stakes: [AccountID: UInt64] = [:], running host: ((TestClock) -> MechanismHost)? = nil
  ) async throws {
    network = LoopbackNetwork(clock: clock)
    let node = network.node(named: "miner", key: .of(miner))
    let neurons = [(miner, false), (validator, permit)] + others.map { ($0, true) }
    members.replace(with: try metagraph(of: neurons, stakes: stakes))
    let receiver = try await node.bindReceiver(at: .loop("axon"), admission: members.admission)
    axon = Axon(
      on: receiver, key: miner, chainID: AxonStand.chainID, netuid: AxonStand.netuid,
      host: host?(clock) ?? MechanismHost(Probe(clock: clock)), members: members, settings: settings,
      in: clock.surroundings(log: log))
  }

  var peer: ExchangePeer { ExchangePeer(address: axon.address, account: miner.account) }

  /// A sender whose transport key is that of a member, whoever signs.
  func sender(_ name: String = "validator", as key: KeyPair? = nil) -> LoopbackNode {
    network.node(named: name, key: .of(key ?? validator))
  }

  func envelope(
    _ payload: [UInt8], from sender: KeyPair? = nil, id: UInt64 = 1, _ change: (inout Envelope) -> Void = { _ in }
  ) -> Envelope {
    var envelope = Envelope(
      chainID: AxonStand.chainID, netuid: AxonStand.netuid, message: EnvelopeMessage(Probe.name, version: 1)!,
      sender: (sender ?? validator).account, receiver: miner.account, requestID: id,
      sentAtMilliseconds: clock.millisecondsSince1970, deadlineMilliseconds: 5_000, payload: PayloadDigest(of: payload))
    change(&envelope)
    return envelope
  }

  /// Sends frames as they are and reads the signed head of the reply.
  func status(of frames: MessageFrames, via sender: any RequestSender) async throws -> ReplyHead? {
    let reply = try await sender.send(frames, to: axon.address, deadline: .seconds(20))
    let cover = try SignedEnvelope(decoding: reply.envelope)
    guard cover.signature.verifies(.reply, cover.envelopeBytes, by: miner.account) else { return nil }
    return cover.envelope.reply
  }

  /// Serves while `work` runs and the clock moves.
  func serving<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
    try await clock.beside({ try await axon.run() }) { try await work() }
  }
}

/// Passes requests on and changes the reply on its way back.
struct MeddlingSender: RequestSender {
  let sender: any RequestSender
  let meddle: @Sendable (MessageFrames) -> MessageFrames?

  func send(
    _ frames: MessageFrames, to peer: PeerAddress, deadline: Duration
  ) async throws(TransportError) -> MessageFrames {
    let reply = try await sender.send(frames, to: peer, deadline: deadline)
    return meddle(reply) ?? reply
  }
}

extension MessageFrames {
  /// The same with one bit of one byte turned; the envelope's bytes come first, then the payload's.
  func turningBit(at position: Int) throws -> MessageFrames {
    var envelope = self.envelope
    var payload = self.payload
    if position < envelope.count {
      envelope[position] ^= 1
    } else {
      payload[position - envelope.count] ^= 1
    }
    return try MessageFrames(envelope: envelope, payload: payload)
  }

  var byteCount: Int { envelope.count + payload.count }
}
