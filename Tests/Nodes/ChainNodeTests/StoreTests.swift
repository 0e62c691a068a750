import ChainNode
import Glibc
import Keys
import Ledger
import Primitives
import Storage
import Testing

/// The producer over the real store.
@Suite struct StoredChainTests {
  private let genesis = testGenesis()

  /// A folder of its own, gone with the test.
  private final class Folder {
    let path: String
    init() {
      var template = Array("/tmp/chain-node-XXXXXX".utf8CString)
      path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    }
    deinit {
      for name in ["blocks.sqlite", "blocks.sqlite-wal", "blocks.sqlite-shm", "head", "lock"] {
        unlink("\(path)/\(name)")
      }
      rmdir(path)
    }
    /// The files as they are, while the store is open and writing: what a killed process leaves.
    func copy(to other: Folder) throws {
      for name in ["blocks.sqlite", "blocks.sqlite-wal", "head"] {
        let input = try #require(fopen("\(path)/\(name)", "r"))
        let output = try #require(fopen("\(other.path)/\(name)", "w"))
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while case let count = fread(&buffer, 1, buffer.count, input), count > 0 { fwrite(buffer, 1, count, output) }
        fclose(input)
        fclose(output)
      }
    }
  }

  private func open(_ folder: Folder, of genesis: ChainGenesis? = nil) async throws -> BlockStore {
    try await BlockStore.open(folder.path, genesis: (genesis ?? self.genesis).chainID, hash: { Hash256(hashing: $0) })
  }

  private func makeBlocks(_ count: UInt64, by producer: BlockProducer) async throws {
    for _ in 0..<count {
      let nonce = await producer.head.state.account(owner.account).nonce
      try await producer.take(
        genesis.candidate(Transfer(to: miner.account, amount: .tao(1)), by: owner, nonce: nonce))
      try await producer.makeBlock()
    }
  }

  @Test func aRestartReplaysToTheSameRoot() async throws {
    let folder = Folder()
    let store = try await open(folder)
    let producer = try await genesis.producer(over: StoredBlockLog(store))
    try await makeBlocks(20, by: producer)
    let head = await producer.head
    try await store.close()
    let again = try await genesis.producer(over: StoredBlockLog(try await open(folder)))
    #expect(await again.head.hash == head.hash)
    #expect(await again.head.stateRoot == head.stateRoot)
    #expect(await again.head.state.account(miner.account).balance == Rao.tao(1_000_020).value)
  }

  @Test func aKilledNodeLosesNoBlockThatItMade() async throws {
    let folder = Folder()
    let store = try await open(folder)
    let producer = try await genesis.producer(over: StoredBlockLog(store))
    for round in 1...5 as ClosedRange<UInt64> {
      try await makeBlocks(3, by: producer)
      let copy = Folder()
      try folder.copy(to: copy)
      let again = try await genesis.producer(over: StoredBlockLog(try await open(copy)))
      #expect(await again.head.number == BlockNumber(3 * round))
      #expect(await again.head.hash == producer.head.hash)
      #expect(await again.head.stateRoot == producer.head.stateRoot)
    }
    try await store.close()
  }

  @Test func aThousandBlocksLeaveASnapshotFromWhichTheNextStartGoesOn() async throws {
    let folder = Folder()
    let store = try await open(folder)
    let producer = try await genesis.producer(over: StoredBlockLog(store))
    try await makeBlocks(3, by: producer)
    for _ in 0..<1002 { try await producer.makeBlock() }
    let head = await producer.head
    try await store.close()
    let log = StoredBlockLog(try await open(folder))
    #expect(try await log.latestSnapshot()?.height == BlockNumber(1000))
    let recent = try await ChainReplay(genesis: genesis, log: log, logger: silent).run()
    #expect(recent.oldest == BlockNumber(1000))
    #expect(recent.newest.hash == head.hash)
    let whole = try await ChainReplay(genesis: genesis, log: log, logger: silent).run(usesSnapshot: false)
    #expect(whole.newest.stateRoot == head.stateRoot)
  }

  @Test func historyIsInWordsForPlainSQL() async throws {
    let folder = Folder()
    let store = try await open(folder)
    let producer = try await genesis.producer(over: StoredBlockLog(store))
    try await producer.take(genesis.candidate(Transfer(to: miner.account, amount: .tao(9_000_000)), by: owner))
    try await producer.makeBlock()
    let block = try #require(await store.history.block(at: BlockNumber(1)))
    let row = try #require(block.extrinsics.first)
    #expect(row.call == "Transfer")
    #expect(row.failure?.name == "InsufficientBalance")
    #expect(row.failure?.code == 216)
    try await store.close()
  }

  @Test func aStoreThatWentBackStartsThere() async throws {
    let folder = Folder()
    let store = try await open(folder)
    let producer = try await genesis.producer(over: StoredBlockLog(store))
    _ = try await producer.advance(by: 1010)
    let there = try await producer.goTo(BlockNumber(900))
    let head = try await producer.advance(by: 5)
    #expect(head.number.value == 905)
    try await store.close()
    let again = try await open(folder)
    let report = try await again.verify()
    #expect(report.blocks == 905)
    let recent = try await ChainReplay(genesis: genesis, log: StoredBlockLog(again), logger: silent).run()
    #expect(recent.newest.hash == head.hash)
    #expect(recent[BlockNumber(900)]?.hash == there.hash)
    try await again.close()
  }
}
