import ChainNode
import Daemon
import Keys
import Ledger
import Primitives
import TestKit
import Testing
import Transport
import Wire

/// A chain node and a client on one loopback network, in virtual time.
struct TestNetwork: Sendable {
  let genesis: ChainGenesis
  let producer: BlockProducer
  let log: any BlockLog
  let clock: VirtualClock
  let wallClock: VirtualWallClock
  private let client: LoopbackNode
  private let address: PeerAddress
  /// Who signs requests unless a test says otherwise: any key may ask.
  let asker = KeyPair.development(name: "asker")

  /// Runs a test beside a node that serves, and ends the node with it.
  static func run(
    _ genesis: ChainGenesis = testGenesis(), log: (any BlockLog)? = nil, blockTime: BlockTime = .manual,
    limits: ChainService.Limits = ChainService.Limits(), pool: PoolLimits = PoolLimits(),
    _ test: @escaping @Sendable (TestNetwork) async throws -> Void
  ) throws {
    try Simulation().run { clock in
      let wallClock = VirtualWallClock(clock)
      let log = log ?? MemoryBlockLog()
      let producer = try await genesis.producer(
        over: log, blockTime: blockTime, clock: clock, wallClock: wallClock, pool: pool)
      let loopback = LoopbackNetwork(clock: clock)
      let node = loopback.node(named: "chain", key: try #require(TransportKey(authority.account.bytes)))
      let receiver = try await node.bindReceiver(at: .loop("chain"), admission: TransportAdmission(.any))
      let service = ChainService(
        producer: producer, receiver: receiver, key: authority, clock: clock, wallClock: wallClock, logger: silent,
        limits: limits)
      let network = TestNetwork(
        genesis: genesis, producer: producer, log: log, clock: clock, wallClock: wallClock,
        client: loopback.node(named: "client", key: try #require(TransportKey(owner.account.bytes))),
        address: receiver.address)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await service.run() }
        group.addTask { try await test(network) }
        defer { group.cancelAll() }
        try await group.next()
      }
    }
  }

  /// What came back: the reply's head, verified, and the decoded payload of a 200.
  struct Reply: Sendable {
    let head: ReplyHead
    let fields: Fields
    var status: EnvelopeStatus { head.status }

    /// The answer under its query's name.
    func answer(_ name: String) throws -> Fields { try #require(fields.group(name), "\(fields)") }
    var errorName: String? { fields.group("error").map { String(decoding: $0.text("name"), as: UTF8.self) } }
    var error: Fields? { fields.group("error") }
  }

  /// An envelope as an honest client signs it, changed where a test wants it.
  func request(
    _ payload: [UInt8], id: UInt64, signedBy key: KeyPair? = nil, _ change: (inout Envelope) -> Void = { _ in }
  ) throws -> SignedEnvelope {
    let key = key ?? asker
    var envelope = Envelope(
      chainID: genesis.chainID, netuid: .root, message: .query, sender: key.account, receiver: authority.account,
      requestID: id, sentAtMilliseconds: wallClock.millisecondsSince1970, deadlineMilliseconds: 30_000,
      payload: PayloadDigest(of: payload))
    change(&envelope)
    return try SignedEnvelope(signing: envelope, with: key)
  }

  /// Sends frames and returns the envelope that came back, not verified.
  func exchange(_ envelope: [UInt8], _ payload: [UInt8]) async throws -> (envelope: SignedEnvelope, payload: [UInt8]) {
    let frames = try await client.send(
      try MessageFrames(envelope: envelope, payload: payload), to: address, deadline: .seconds(60))
    return (try SignedEnvelope(decoding: frames.envelope), frames.payload)
  }

  func send(_ request: SignedEnvelope, _ payload: [UInt8]) async throws -> Reply {
    let reply = try await exchange(try request.encoded(), payload)
    let head = try reply.envelope.verifyReply(to: request, payload: PayloadDigest(of: reply.payload))
    let fields = head.status == .ok ? try WireCodec.decode(reply.payload, as: .queryReply) : [:]
    return Reply(head: head, fields: fields)
  }

  func ask(_ query: String, _ arguments: Fields = [:], at block: UInt64? = nil, minBlock: UInt64 = 0) async throws
    -> Reply
  {
    var message: Fields = [query: .group(arguments), "min_block": .unsigned(minBlock)]
    if let block {
      message.append("at_block", .unsigned(block))
      message.append("has_at_block", .flag(true))
    }
    let payload = try WireCodec.encode(message, as: .queryRequest)
    return try await send(try request(payload, id: SecureRandom.number()), payload)
  }

  func submit(_ extrinsic: Extrinsic, waiting: Bool = false) async throws -> Reply {
    try await ask(waiting ? "submit_and_wait" : "submit", ["extrinsic": .bytes(try extrinsic.encoded())])
  }

  /// Submits and waits while blocks are made until the answer is there.
  func include(_ extrinsic: Extrinsic) async throws -> Reply {
    try await withThrowingTaskGroup(of: Reply?.self) { group in
      group.addTask { try await submit(extrinsic, waiting: true) }
      group.addTask {
        while true {
          try await clock.sleep(for: .milliseconds(10))
          try await producer.makeBlock()
        }
      }
      defer { group.cancelAll() }
      return try #require(try await group.next() ?? nil)
    }
  }
}

extension Fields {
  func text(_ name: String) -> [UInt8] { if case .bytes(let bytes)? = self[name] { bytes } else { [] } }
  func unsigned(_ name: String) -> UInt64? { if case .unsigned(let number)? = self[name] { number } else { nil } }

  /// The named number among an error's details.
  func detail(_ name: String) -> UInt64? {
    guard case .groupList(let details)? = self["details"] else { return nil }
    let match = details.first { $0.text("name") == Array(name.utf8) }
    return match?.group("value")?.unsigned("u64")
  }
}
