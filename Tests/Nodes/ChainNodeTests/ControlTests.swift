import ChainNode
import Daemon
import Keys
import Ledger
import Primitives
import Storage
import TestThreads
import Testing
import Wire

/// Moving a local chain by hand.
@Suite(.computing) struct ControlTests {
  private let genesis = testGenesis()
  private let sudo = ChainGenesis.localSudo

  private func ask(
    _ network: TestNetwork, _ query: String, _ arguments: Fields, by key: KeyPair
  ) async throws -> TestNetwork.Reply {
    let payload = try WireCodec.encode([query: .group(arguments)], as: .queryRequest)
    return try await network.send(
      try network.request(payload, id: SecureRandom.number(), signedBy: key), payload)
  }

  private func subnets(_ count: UInt64, on producer: BlockProducer) async throws {
    for nonce in 0..<count {
      let hotkey = KeyPair.development(name: "hotkey-\(nonce)")
      try await producer.take(
        genesis.candidate(RegisterSubnet(hotkey: Hotkey(hotkey.account)), by: owner, nonce: nonce))
      try await producer.makeBlock()
    }
  }

  @Test func blocksMadeTogetherAreThoseMadeOneByOne() async throws {
    let (together, oneByOne) = (MemoryBlockLog(), MemoryBlockLog())
    let first = try await genesis.producer(over: together)
    let second = try await genesis.producer(over: oneByOne)
    for producer in [first, second] { try await subnets(3, on: producer) }
    let head = try await first.advance(by: 1300)
    for _ in 0..<1300 { try await second.makeBlock() }
    #expect(head.number.value == 1303)
    #expect(await second.head.hash == head.hash)
    #expect(await together.allBlocks == oneByOne.allBlocks)
    #expect(await first.oldestState == BlockNumber(1303 - RecentBlocks.depth))
    #expect(head.state.brokenInvariant() == nil)
    let replayed = try await ChainReplay(genesis: genesis, log: together, logger: silent).run(usesSnapshot: false)
    #expect(replayed.newest.stateRoot == head.stateRoot)
  }

  @Test func whatWaitsGoesIntoTheFirstOfThem() async throws {
    let log = MemoryBlockLog()
    let producer = try await genesis.producer(over: log)
    try await producer.take(genesis.candidate(Transfer(to: owner.account, amount: .tao(1)), by: miner))
    _ = try await producer.advance(by: 3)
    #expect(await log.allBlocks.map(\.extrinsics.count) == [1, 0, 0])
  }

  @Test func onlyTheSudoKeyOfALocalGenesisMovesBlocks() throws {
    try TestNetwork.run { network in
      let refused = try await ask(network, "advance", ["blocks": .unsigned(5)], by: miner)
      #expect(refused.errorName == "notAllowed")
      #expect(await network.producer.head.number.value == 0)
      let done = try await ask(network, "advance", ["blocks": .unsigned(5)], by: sudo)
      #expect(try done.answer("advance").unsigned("number") == 5)
      #expect(try done.answer("advance").text("state_root") == (await network.producer.head.stateRoot).bytes)
      let many = try await ask(network, "advance", ["blocks": .unsigned(.max)], by: sudo)
      #expect(many.errorName == "notAllowed")
      #expect(await network.producer.head.number.value == 5)
    }
    let main = ChainGenesis(name: "main", profile: .main, genesis: genesis.genesis)
    try TestNetwork.run(main) { network in
      let refused = try await ask(network, "advance", ["blocks": .unsigned(5)], by: sudo)
      #expect(refused.errorName == "notAllowed")
      #expect(await network.producer.head.number.value == 0)
    }
  }

  @Test func aNotedPointBringsBackStateLogAndNonces() throws {
    try TestNetwork.run { network in
      _ = try await ask(network, "advance", ["blocks": .unsigned(3)], by: sudo)
      _ = try await ask(network, "keep_point", ["name": .bytes(Array("before".utf8))], by: sudo)
      let before = await network.producer.head
      try await network.producer.take(genesis.candidate(Transfer(to: owner.account, amount: .tao(1)), by: miner))
      _ = try await ask(network, "advance", ["blocks": .unsigned(2)], by: sudo)
      #expect(await network.producer.head.state.account(miner.account).nonce == 1)
      let back = try await ask(network, "return_to_point", ["name": .bytes(Array("before".utf8))], by: sudo)
      #expect(try back.answer("return_to_point").text("hash") == before.hash.bytes)
      #expect(await network.producer.head.state.account(miner.account).nonce == 0)
      #expect(try await network.log.head() == LogHead(height: BlockNumber(3), hash: before.hash))
      // The same extrinsic goes into the new history.
      try await network.producer.take(genesis.candidate(Transfer(to: owner.account, amount: .tao(1)), by: miner))
      _ = try await ask(network, "advance", ["blocks": .unsigned(1)], by: sudo)
      #expect(await network.producer.head.state.account(miner.account).nonce == 1)
      let unknown = try await ask(network, "return_to_point", ["name": .bytes(Array("never".utf8))], by: sudo)
      #expect(unknown.errorName == "notFound")
      for name in ["", "../x", String(repeating: "a", count: 65)] {
        let refused = try await ask(network, "keep_point", ["name": .bytes(Array(name.utf8))], by: sudo)
        #expect(refused.errorName == "notAllowed")
      }
    }
  }

  @Test func timeTravelGoesToABlockAndToTheNextEpoch() throws {
    try TestNetwork.run { network in
      try await subnets(1, on: network.producer)
      func go(_ arguments: Fields) async throws -> TestNetwork.Reply {
        try await ask(network, "go_to", arguments, by: sudo)
      }
      #expect(try await go(["block": .unsigned(20)]).answer("go_to").unsigned("number") == 20)
      let there = try #require(await network.producer.block(at: BlockNumber(7)))
      #expect(try await go(["block": .unsigned(7)]).answer("go_to").text("hash") == there.hash.bytes)
      let state = await network.producer.head.state
      let next = try #require(try NextEpochQuery(netuid: NetUID(1)).answer(from: state, with: .chain).nextEpochBlock)
      let epoch = try await go(["netuid": .unsigned(1), "has_netuid": .flag(true)])
      #expect(try epoch.answer("go_to").unsigned("number") == next.value)
      let index = await network.producer.head.state.subnets[NetUID(1)]?.clock.epochIndex
      #expect(index == (state.subnets[NetUID(1)]?.clock.epochIndex ?? 0) + 1)
      // Long after its state was let go of, also from before the newest snapshot.
      for blocks in [300, 1300] as [UInt64] {
        let far = try await ask(network, "advance", ["blocks": .unsigned(blocks)], by: sudo)
        #expect(far.errorName == nil)
        #expect(await network.producer.head.number.value > blocks)
        #expect(await network.producer.block(at: BlockNumber(7)) == nil)
        #expect(try await go(["block": .unsigned(7)]).answer("go_to").text("hash") == there.hash.bytes)
        #expect(try await network.log.head() == LogHead(height: BlockNumber(7), hash: there.hash))
      }
      #expect(try await go(["block": .unsigned(8)]).answer("go_to").unsigned("number") == 8)
      #expect(try await go(["netuid": .unsigned(9), "has_netuid": .flag(true)]).errorName == "SubnetNotExists")
    }
  }

  @Test(arguments: [0, 1, 2_000_000] as [UInt64])
  func aSetBalanceIsMintedOrRecycledAndTheBooksClose(tao: UInt64) async throws {
    let producer = try await genesis.producer(over: MemoryBlockLog())
    let call = try WireCodec.encode(SetBalance(account: miner.account, amount: .tao(tao)).message, as: .call)
    try await producer.take(genesis.candidate(Sudo(call: call), by: sudo))
    let block = try await producer.makeBlock()
    #expect(block.state.account(miner.account).free == tao * 1_000_000_000)
    #expect(block.state.brokenInvariant() == nil)
  }

  @Test func nobodyElseSetsABalance() async throws {
    let state = genesis.state
    var changed = state
    let call = SetBalance(account: miner.account, amount: .tao(5))
    #expect(throws: LedgerError.self) { try changed.run(call, as: .signed(miner.account), with: .chain) }
    changed.chain.parameters.faucetEnabled = false
    #expect(throws: LedgerError.self) { try changed.run(call, as: .root, with: .chain) }
    #expect(changed.account(miner.account) == state.account(miner.account))
  }
}
