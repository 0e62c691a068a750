import ChainNode
import Daemon
import Keys
import Ledger
import Primitives
import Storage
import Testing
import Wire

@Suite struct BlockProducerTests {
  private let genesis = testGenesis()

  /// Ten blocks with subnets, slots, stakes, failures and epochs in them.
  private func busyChain(over log: any BlockLog) async throws -> BlockProducer {
    let producer = try await genesis.producer(over: log)
    let hotkey = KeyPair.development(name: "hotkey")
    let netuid = NetUID(1)
    let calls: [[(any LedgerCall, KeyPair, UInt64)]] = [
      [
        (RegisterSubnet(hotkey: Hotkey(hotkey.account)), owner, 0),
        (Transfer(to: owner.account, amount: .tao(7)), miner, 0),
      ],
      [(Transfer(to: owner.account, amount: .tao(2_000_000)), miner, 1)],
      [(AddStake(hotkey: Hotkey(hotkey.account), netuid: netuid, amount: .tao(10)), owner, 1)],
    ]
    for block in calls {
      for (call, key, nonce) in block { try await producer.take(genesis.candidate(call, by: key, nonce: nonce)) }
      try await producer.makeBlock()
    }
    for _ in 0..<12 { try await producer.makeBlock() }
    return producer
  }

  @Test func theSameExtrinsicsGiveTheSameBlocksInTwoRuns() async throws {
    let first = MemoryBlockLog()
    let second = MemoryBlockLog()
    let one = try await busyChain(over: first)
    let two = try await busyChain(over: second)
    #expect(await first.allBlocks == second.allBlocks)
    #expect(await one.head.hash == two.head.hash)
    let blocks = await first.allBlocks
    #expect(blocks.count == 15)
    #expect(blocks.map(\.extrinsics.count).prefix(3) == [2, 1, 1])
    #expect(blocks.flatMap(\.extrinsics).compactMap(\.failure?.name) == ["InsufficientBalance"])
    #expect(blocks.flatMap(\.events).contains { $0.name == "EpochRan" })
    #expect(Set(blocks.map(\.stateRoot)).count == blocks.count)
  }

  @Test func theIncrementalRootIsTheRecomputedOne() async throws {
    let producer = try await busyChain(over: MemoryBlockLog())
    for number in 0...15 as ClosedRange<UInt64> {
      let block = try #require(await producer.block(at: BlockNumber(number)))
      #expect(StateRoot(recomputedFrom: block.state).hash == block.stateRoot)
    }
  }

  @Test func theRootTellsStatesApart() {
    var state = genesis.state
    var root = StateRoot(takingChangesOf: &state)
    let before = root.hash
    state.accounts[owner.account]?.balance += 1
    root.update(from: &state)
    #expect(root.hash != before)
    state.accounts[owner.account]?.balance -= 1
    root.update(from: &state)
    #expect(root.hash == before)
  }

  @Test func aRestartFromTheLogFindsTheSameChain() async throws {
    let log = MemoryBlockLog()
    let producer = try await busyChain(over: log)
    let again = try await genesis.producer(over: log)
    #expect(await again.head.hash == producer.head.hash)
    #expect(await again.head.stateRoot == producer.head.stateRoot)
    #expect(StateRoot(recomputedFrom: await again.head.state).hash == (await producer.head.stateRoot))
    let next = try await again.makeBlock()
    #expect(next.number == BlockNumber(16))
  }

  @Test func aSnapshotStartsTheSameChainAsGenesis() async throws {
    let log = MemoryBlockLog()
    let producer = try await busyChain(over: log)
    let middle = try #require(await producer.block(at: BlockNumber(9)))
    let snapshot = StoredSnapshot(
      height: middle.number, stateRoot: middle.stateRoot, body: middle.state.canonicalBytes)
    let short = MemoryBlockLog(await log.allBlocks, snapshot: snapshot)
    let recent = try await ChainReplay(genesis: genesis, log: short, logger: silent).run()
    #expect(recent.oldest == BlockNumber(9))
    #expect(recent.newest.stateRoot == (await producer.head.stateRoot))
    var broken = snapshot.body
    broken[broken.count / 2] ^= 1
    let bad = MemoryBlockLog(
      await log.allBlocks, snapshot: StoredSnapshot(height: middle.number, stateRoot: middle.stateRoot, body: broken))
    let error = await #expect(throws: ChainNodeError.self) {
      try await ChainReplay(genesis: genesis, log: bad, logger: silent).run()
    }
    #expect(error?.exitCode == .damagedData)
  }

  @Test func anAlteredBlockStopsTheStart() async throws {
    let log = MemoryBlockLog()
    _ = try await busyChain(over: log)
    let blocks = await log.allBlocks
    for index in [0, 1, 8] {
      var altered = blocks
      let block = blocks[index]
      var body = block.body
      body[body.count - 3] ^= 0x40
      altered[index] = StoredBlock(
        height: block.height, hash: block.hash, parent: block.parent,
        timestampMilliseconds: block.timestampMilliseconds, stateRoot: block.stateRoot, header: block.header,
        body: body, extrinsics: block.extrinsics, events: block.events)
      let error = await #expect(throws: ChainNodeError.self) {
        try await ChainReplay(genesis: genesis, log: MemoryBlockLog(altered), logger: silent).run()
      }
      #expect(error?.exitCode == .damagedData)
    }
  }

  @Test func theBlocksOfAnotherChainAreRefused() async throws {
    let log = MemoryBlockLog()
    _ = try await busyChain(over: log)
    let other = testGenesis { $0.timestampMilliseconds = 1 }
    let error = await #expect(throws: ChainNodeError.self) { try await other.producer(over: log) }
    #expect(error?.exitCode == .damagedData)
  }

  // MARK: Unclear and failed appends

  @Test func aLostAnswerIsClearedUpWithoutASecondBlock() async throws {
    let log = MemoryBlockLog()
    let producer = try await genesis.producer(over: log)
    await log.script([.answerLost])
    let block = try await producer.makeBlock()
    #expect(await log.allBlocks.map(\.hash) == [block.hash])
    #expect(await log.appendCount == 1)
  }

  @Test func aLostBlockIsSentAgainAsItWas() async throws {
    let log = MemoryBlockLog()
    let producer = try await genesis.producer(over: log)
    await log.script([.blockLost, .blockLost])
    let block = try await producer.makeBlock()
    #expect(await log.allBlocks.map(\.hash) == [block.hash])
    #expect(await log.appendCount == 3)
    #expect(await producer.head.hash == block.hash)
  }

  @Test func aFencedProducerEndsWithItsCodeAndTellsNobody() async throws {
    let log = MemoryBlockLog()
    let producer = try await genesis.producer(over: log)
    await log.script([.fenced])
    let error = await #expect(throws: ChainNodeError.self) { try await producer.makeBlock() }
    #expect(error == .fenced(height: BlockNumber(1)))
    #expect(error?.exitCode == .fenced)
    #expect(await producer.head.number == .genesis)
  }

  @Test func aFullDiskEndsWithItsCodeAndTellsNobody() async throws {
    let log = MemoryBlockLog()
    let producer = try await genesis.producer(over: log)
    let candidate = try genesis.candidate(Transfer(to: miner.account, amount: .tao(1)), by: owner)
    try await producer.take(candidate)
    await log.script([.diskFull])
    let error = await #expect(throws: StorageError.self) { try await producer.makeBlock() }
    #expect(error?.exitCode == .storage)
    #expect(await producer.head.number == .genesis)
    #expect(await producer.recentPlace(of: candidate.extrinsic.id) == nil)
    #expect(await producer.isPooled(candidate.extrinsic.id))
  }

  @Test func aKeyThatIsNoAuthorityMakesNoBlock() async throws {
    let other = ChainGenesis(.local, authority: owner.account)
    let log = MemoryBlockLog()
    let producer = try await other.producer(over: log)
    let error = await #expect(throws: ChainNodeError.self) { try await producer.makeBlock() }
    #expect(error == .notAnAuthority(authority.account))
    #expect(await log.allBlocks.isEmpty)
  }

  @Test func statesOf256BlocksBeforeTheHeadAreKept() async throws {
    let producer = try await genesis.producer(over: MemoryBlockLog())
    let candidate = try genesis.candidate(Transfer(to: miner.account, amount: .tao(1)), by: owner)
    try await producer.take(candidate)
    for _ in 0..<300 { try await producer.makeBlock() }
    #expect(await producer.oldestState == BlockNumber(44))
    #expect(await producer.block(at: BlockNumber(44))?.state.block == BlockNumber(44))
    #expect(await producer.block(at: BlockNumber(43)) == nil)
    #expect(await producer.recentPlace(of: candidate.extrinsic.id) == nil)
    #expect(try await producer.log.receipt(of: candidate.extrinsic.id)?.height == BlockNumber(1))
  }
}
