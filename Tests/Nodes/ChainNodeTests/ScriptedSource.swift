import ChainNode
import Daemon
import Keys
import Ledger
import Primitives
import Storage
import Synchronization
import TestKit
import Testing
import Transport
import Wire

/// A node that answers a follower as a test says, with true signatures: what a follower has to see through.
final class ScriptedSource: Sendable {
  struct Script: Sendable {
    /// The network whose name it signs.
    var chainID: Hash256
    /// Encoded blocks by height; what is missing is not held.
    var blocks: [UInt64: [UInt8]] = [:]
    var head: UInt64 = 0
    /// An encoded manifest, and the chunks behind it.
    var snapshot: (manifest: [UInt8], chunks: [[UInt8]])?
  }

  let script: Mutex<Script>
  /// Heights that were asked for.
  let asked = Mutex<Set<UInt64>>([])

  init(_ genesis: ChainGenesis, blocks: [[UInt8]] = []) {
    var script = Script(chainID: genesis.chainID)
    for (place, block) in blocks.enumerated() { script.blocks[UInt64(place) + 1] = block }
    script.head = UInt64(blocks.count)
    self.script = Mutex(script)
  }

  func change(_ body: (inout Script) -> Void) { script.withLock { body(&$0) } }

  /// Answers one request, verifying nothing.
  func answer(_ incoming: IncomingRequest, at now: UInt64) -> MessageFrames? {
    let script = script.withLock { $0 }
    guard let request = try? SignedEnvelope(decoding: incoming.frames.envelope),
      request.envelope.chainID == script.chainID,
      let query = try? WireCodec.decode(incoming.frames.payload, as: .queryRequest),
      let fields = reply(to: query, script), let payload = try? WireCodec.encode(fields, as: .queryReply),
      let envelope = try? SignedEnvelope(
        replyingTo: request, status: .ok, payload: PayloadDigest(of: payload), sentAtMilliseconds: now,
        retryAfterMilliseconds: nil, errorDetail: "", with: authority), let bytes = try? envelope.encoded()
    else { return refusal(of: incoming.frames.envelope, script.chainID, now) }
    return try? MessageFrames(envelope: bytes, payload: payload)
  }

  /// To what is no request of its network, as a chain node does: the digest of what came, and its own network.
  private func refusal(of bytes: [UInt8], _ chainID: Hash256, _ now: UInt64) -> MessageFrames? {
    let envelope = Envelope(
      chainID: chainID, netuid: .root, message: .query, sender: authority.account, receiver: .zero, requestID: 0,
      sentAtMilliseconds: now, deadlineMilliseconds: 0, payload: PayloadDigest(of: []),
      reply: ReplyHead(requestDigest: Hash256(hashing: bytes), status: .malformed, errorDetail: []))
    guard let signed = try? SignedEnvelope(signing: envelope, with: authority), let cover = try? signed.encoded() else {
      return nil
    }
    return try? MessageFrames(envelope: cover)
  }

  private func reply(to query: Fields, _ script: Script) -> Fields? {
    let head: Fields = ["at_block": .unsigned(script.head)]
    if query.group("heads_after") != nil { return head.with("heads_after", ["announcements": .bytesList([])]) }
    if let wanted = query.group("block_at")?.unsigned("number") {
      asked.withLock { _ = $0.insert(wanted) }
      guard let block = script.blocks[wanted] else { return head.with("error", ["name": .bytes(Array("gone".utf8))]) }
      let hash = (try? SealedBlock(decoding: block))?.hash ?? .zero
      return head.with(
        "block_at",
        [
          "number": .unsigned(wanted), "hash": .bytes(hash.bytes), "length": .unsigned(UInt64(block.count)),
          "chunk": .unsigned(0), "chunk_count": .unsigned(1), "data": .bytes(block),
        ])
    }
    guard let asked = query.group("snapshot"), let snapshot = script.snapshot else {
      return head.with("error", ["name": .bytes(Array("notFound".utf8))])
    }
    var fields: Fields = ["manifest": .bytes(snapshot.manifest)]
    if asked["has_chunk"] == .flag(true), let chunk = asked.unsigned("chunk"), chunk < UInt64(snapshot.chunks.count) {
      fields.append("chunk", .unsigned(chunk))
      fields.append("data", .bytes(snapshot.chunks[Int(chunk)]))
    }
    return head.with("snapshot", fields)
  }

  /// Runs a follower of this source until something ends it.
  ///
  /// - Parameter log: What the follower has from before, and what it has afterwards.
  /// - Parameter watch: Runs beside it; when it returns, the follower is stopped and nothing is thrown.
  func follow(
    _ genesis: ChainGenesis, log: MemoryBlockLog = MemoryBlockLog(),
    watch: @escaping @Sendable (BlockProducer, VirtualClock) async throws -> Void = { _, clock in
      try await clock.sleep(for: .seconds(120))
      Issue.record("the follower went on")
    }
  ) throws {
    let key = KeyPair.development(name: "follower")
    try Simulation().run { clock in
      let wallClock = VirtualWallClock(clock)
      let loopback = LoopbackNetwork(clock: clock)
      let sourceNode = loopback.node(named: "chain", key: try #require(TransportKey(authority.account.bytes)))
      let receiver = try await sourceNode.bindReceiver(at: .loop("chain"), admission: TransportAdmission(.any))
      let node = loopback.node(named: "follower", key: try #require(TransportKey(key.account.bytes)))
      let own = try await node.bindReceiver(at: .loop("follower"), admission: TransportAdmission(.any))
      let follower = BlockProducer(
        genesis: genesis, from: try await ChainReplay(genesis: genesis, log: log, logger: silent).run(), key: key,
        log: log, blockTime: .manual, clock: clock, wallClock: wallClock, logger: silent,
        following: BlockSource(
          at: receiver.address, account: authority.account, over: node, signingAs: key, chainID: genesis.chainID,
          wallClock: wallClock, firstRequestID: 1))
      let service = ChainService(
        producer: follower, receiver: own, key: key, clock: clock, wallClock: wallClock, logger: silent)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await receiver.serve(concurrencyLimit: 16, overloaded: { _ in nil }) { request in
            // A question costs time, as everywhere: a follower that asks without pause lets none pass.
            try? await clock.sleep(for: .milliseconds(5))
            return self.answer(request, at: wallClock.millisecondsSince1970)
          }
        }
        group.addTask { try await service.run() }
        group.addTask { try await watch(follower, clock) }
        defer { group.cancelAll() }
        try await group.next()
      }
    }
  }
}

extension Fields {
  fileprivate func with(_ name: String, _ group: Fields) -> Fields {
    var fields = self
    fields.append(name, .group(group))
    return fields
  }
}

/// Blocks of a chain with a transfer in each, as its log has them.
func honestBlocks(_ count: Int, of genesis: ChainGenesis, amount: UInt64 = 5) async throws -> [StoredBlock] {
  let log = MemoryBlockLog()
  let producer = try await genesis.producer(over: log)
  for nonce in 0..<UInt64(count) {
    try await producer.take(
      try genesis.candidate(Transfer(to: miner.account, amount: Rao(amount)), by: owner, nonce: nonce))
    try await producer.makeBlock()
  }
  return await log.allBlocks
}
