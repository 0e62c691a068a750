import ChainNode
import Daemon
import Keys
import Ledger
import Metrics
import Primitives
import Storage
import TestKit
import Testing
import Transport
import Wire

/// A chain node and one that follows it, on one loopback network in virtual time.
private struct FollowedNetwork: Sendable {
  static let followerKey = KeyPair.development(name: "follower")

  let genesis: ChainGenesis
  let clock: VirtualClock
  let chain: BlockProducer
  let chainNode: LoopbackNode
  let follower: BlockProducer
  let client: LoopbackNode
  let address: PeerAddress
  let wallClock: VirtualWallClock

  /// Runs a test beside both nodes, and throws what ends either.
  ///
  /// - Parameter log: What the follower has from before.
  static func run(
    log: MemoryBlockLog = MemoryBlockLog(), chainLog: MemoryBlockLog = MemoryBlockLog(),
    _ test: @escaping @Sendable (FollowedNetwork) async throws -> Void
  ) throws {
    try Simulation().run { clock in
      let genesis = testGenesis()
      let wallClock = VirtualWallClock(clock)
      let loopback = LoopbackNetwork(clock: clock)
      let chain = try await genesis.producer(
        over: chainLog, blockTime: .every(.milliseconds(100)), clock: clock, wallClock: wallClock)
      let chainNode = loopback.node(named: "chain", key: try #require(TransportKey(authority.account.bytes)))
      let chainReceiver = try await chainNode.bindReceiver(at: .loop("chain"), admission: TransportAdmission(.any))
      let node = loopback.node(named: "follower", key: try #require(TransportKey(followerKey.account.bytes)))
      let receiver = try await node.bindReceiver(at: .loop("follower"), admission: TransportAdmission(.any))
      let follower = BlockProducer(
        genesis: genesis, from: try await ChainReplay(genesis: genesis, log: log, logger: silent).run(),
        key: followerKey, log: log, blockTime: .every(.milliseconds(100)), clock: clock, wallClock: wallClock,
        logger: silent,
        following: BlockSource(
          at: chainReceiver.address, account: authority.account, over: node, signingAs: followerKey,
          chainID: genesis.chainID, wallClock: wallClock, firstRequestID: 1))
      let services = [
        ChainService(
          producer: chain, receiver: chainReceiver, key: authority, clock: clock, wallClock: wallClock, logger: silent),
        ChainService(
          producer: follower, receiver: receiver, key: followerKey, clock: clock, wallClock: wallClock, logger: silent),
      ]
      let network = FollowedNetwork(
        genesis: genesis, clock: clock, chain: chain, chainNode: chainNode, follower: follower,
        client: loopback.node(named: "client", key: try #require(TransportKey(owner.account.bytes))),
        address: receiver.address, wallClock: wallClock)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          // A test may close the node that is followed.
          do { try await services[0].run() } catch TransportError.closed { try await clock.sleep(for: .seconds(3600)) }
        }
        group.addTask { try await services[1].run() }
        group.addTask { try await test(network) }
        defer { group.cancelAll() }
        try await group.next()
      }
    }
  }

  /// Asks the follower, and verifies that the follower signed the answer.
  func ask(_ query: String, _ arguments: Fields = [:], minBlock: UInt64 = 0, id: UInt64) async throws -> Fields {
    let payload = try WireCodec.encode(
      [query: .group(arguments), "min_block": .unsigned(minBlock)], as: .queryRequest)
    let request = try SignedEnvelope(
      signing: Envelope(
        chainID: genesis.chainID, netuid: .root, message: .query, sender: owner.account,
        receiver: FollowedNetwork.followerKey.account, requestID: id,
        sentAtMilliseconds: wallClock.millisecondsSince1970, deadlineMilliseconds: 30_000,
        payload: PayloadDigest(of: payload)), with: owner)
    let answer = try await client.send(
      try MessageFrames(envelope: try request.encoded(), payload: payload), to: address, deadline: .seconds(60))
    let head = try SignedEnvelope(decoding: answer.envelope).verifyReply(
      to: request, payload: PayloadDigest(ofFrames: answer.chunks))
    #expect(head.status == .ok)
    return try WireCodec.decode(answer.payload, as: .queryReply)
  }
}

@Suite struct FollowerTests {
  @Test func aFollowerHasTheProducersBlocksAndStates() throws {
    try FollowedNetwork.run { network in
      let transfer = try network.genesis.candidate(Transfer(to: miner.account, amount: Rao(5)), by: owner)
      try await network.chain.take(transfer)
      let reached = try await network.follower.head(above: BlockNumber(4))
      let original = try #require(await network.chain.block(at: reached.number))
      #expect(reached.hash == original.hash)
      #expect(reached.stateRoot == original.stateRoot)
      let stored = try #require(try await network.follower.log.block(at: BlockNumber(1)))
      #expect(stored.extrinsics.map(\.id) == [transfer.extrinsic.id])
    }
  }

  @Test func aFollowerCatchesUpWithWhatWasMadeBefore() throws {
    try FollowedNetwork.run { network in
      _ = try await network.chain.head(above: BlockNumber(30))
      let reached = try await network.follower.head(above: BlockNumber(29))
      #expect(reached.hash == (await network.chain.block(at: reached.number))?.hash)
    }
  }

  @Test func aReadAtAFollowerWaitsForItsBlockAndSaysWhichItReads() throws {
    try FollowedNetwork.run { network in
      let wanted = await network.follower.head.number.value + 1
      let reply = try await network.ask("chain_head", minBlock: wanted, id: 1)
      #expect(try #require(reply.unsigned("at_block")) >= wanted)
      let late = try await network.ask("chain_head", minBlock: wanted + 1000, id: 2)
      #expect(late.group("error").map { $0.text("name") } == Array("behind".utf8))
    }
  }

  @Test func aFollowerPassesSubmitsOnAndItsReceiptIsTheProducers() throws {
    try FollowedNetwork.run { network in
      let extrinsic = try network.genesis.extrinsic(Transfer(to: miner.account, amount: Rao(5)), by: owner)
      let bytes = try extrinsic.encoded()
      let reply = try await network.ask("submit_and_wait", ["extrinsic": .bytes(bytes)], id: 1)
      let answer = try #require(reply.group("submit_and_wait"), "\(reply)")
      let receipt = try #require(answer.group("receipt"))
      #expect(receipt.text("extrinsic_id") == extrinsic.id.bytes)
      let number = try #require(receipt.unsigned("block"))
      let made = try #require(await network.chain.block(at: BlockNumber(number)))
      #expect(answer.text("block_hash") == made.hash.bytes)
      // The follower has executed that block itself when it answers, and gives the same receipt from its own copy.
      let own = try #require(await network.follower.block(at: BlockNumber(number)))
      #expect(own.hash == made.hash)
      let again = try await network.ask("receipt", ["extrinsic_id": .bytes(extrinsic.id.bytes)], id: 2)
      #expect(again.group("receipt")?.group("receipt") == receipt)
      // The same bytes once more: the same receipt, and nothing runs twice.
      let second = try await network.ask("submit_and_wait", ["extrinsic": .bytes(bytes)], id: 3)
      #expect(second.group("submit_and_wait")?.group("receipt") == receipt)
    }
  }

  @Test func whatTheProducerRefusesIsRefusedInItsWords() throws {
    try FollowedNetwork.run { network in
      let stale = try network.genesis.extrinsic(
        Transfer(to: miner.account, amount: Rao(5)), by: owner, nonce: UInt64.max)
      let reply = try await network.ask("submit", ["extrinsic": .bytes(try stale.encoded())], id: 1)
      #expect(reply.group("error").map { $0.text("name") } == Array("Stale".utf8))
      let good = try network.genesis.extrinsic(Transfer(to: miner.account, amount: Rao(5)), by: owner)
      let many = try await network.ask(
        "submit_many", ["extrinsics": .bytesList([try good.encoded(), [1, 2, 3]])], id: 2)
      guard case .unsignedList(let codes)? = many.group("submit_many")?["codes"] else {
        Issue.record("no codes: \(many)")
        return
      }
      #expect(codes == [0, UInt64(LedgerErrorCode.malformed.rawValue)])
      #expect(await network.follower.pooledCount == 0)
    }
  }

  @Test func withoutItsProducerAFollowerNamesItAndKeepsAnswering() throws {
    try FollowedNetwork.run { network in
      let reached = try await network.follower.head(above: BlockNumber(2)).number
      await network.chainNode.close()
      let extrinsic = try network.genesis.extrinsic(Transfer(to: miner.account, amount: Rao(5)), by: owner)
      for (id, query) in ["submit", "submit_and_wait"].enumerated() {
        let reply = try await network.ask(query, ["extrinsic": .bytes(try extrinsic.encoded())], id: UInt64(id + 1))
        let error = try #require(reply.group("error"))
        #expect(error.text("name") == Array("notProducer".utf8))
        guard case .groupList(let details)? = error["details"] else {
          Issue.record("no details")
          continue
        }
        #expect(details.contains { $0.group("value")?.text("bytes") == Array("loop://chain".utf8) })
      }
      let reply = try await network.ask("chain_head", id: 7)
      #expect(try #require(reply.unsigned("at_block")) >= reached.value)
      let survey = ChainSurvey(nowMilliseconds: network.wallClock.millisecondsSince1970)
      #expect(network.follower.metrics.health(survey, limitMilliseconds: nil).body.contains("does not answer"))
    }
  }

  @Test func nobodyMovesBlocksAtAFollower() throws {
    try FollowedNetwork.run { network in
      let reply = try await network.ask("advance", ["blocks": .unsigned(3)], id: 1)
      #expect(reply.group("error").map { $0.text("name") } == Array("notProducer".utf8))
      let status = try await network.ask("status", id: 9)
      #expect(status.group("status")?["is_producer"] == .flag(false))
      #expect(status.group("status")?.text("producer").isEmpty == false)
    }
  }

  @Test func aFollowerWithAnotherHistoryEndsWithExitCode76() throws {
    let other = MemoryBlockLog()
    let error = try #require(
      throws: ChainNodeError.self,
      performing: {
        try Simulation().run { clock in
          // The same authority made another first block once.
          let genesis = testGenesis()
          let forked = try await genesis.producer(over: other, clock: clock)
          try await forked.take(try genesis.candidate(Transfer(to: miner.account, amount: Rao(7)), by: owner))
          try await forked.makeBlock()
        }
        try FollowedNetwork.run(log: other) { network in
          try await network.clock.sleep(for: .seconds(30))
          Issue.record("the follower went on")
        }
      })
    #expect(error.exitCode == .damagedData)
  }
}
