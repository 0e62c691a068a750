import ChainNode
import Daemon
import Keys
import Ledger
import Primitives
import Storage
import Synchronization
import TestKit
import Testing
import Wire

/// A follower without blocks that begins at the snapshot of the node it follows. Source: reliability 3.3, 3.6.
@Suite struct SnapshotStartTests {
  private let genesis = testGenesis()

  /// A source at block 80 with the snapshot of block 70, cut into chunks of 4 KiB.
  private func source() async throws -> (source: ScriptedSource, chain: BlockProducer) {
    let log = MemoryBlockLog()
    let producer = try await genesis.producer(over: log)
    var snapshot: KeptBlock?
    for nonce in 0..<80 as Range<UInt64> {
      try await producer.take(
        try genesis.candidate(Transfer(to: miner.account, amount: Rao(5)), by: owner, nonce: nonce))
      let block = try await producer.makeBlock()
      if block.number == BlockNumber(70) { snapshot = block }
    }
    let block = try #require(snapshot)
    let source = ScriptedSource(genesis, blocks: await log.allBlocks.map(\.body))
    let pages = try Self.pages(of: block, genesis)
    source.change { $0.snapshot = pages }
    return (source, producer)
  }

  private static func pages(
    of block: KeptBlock, _ genesis: ChainGenesis, body: [UInt8]? = nil
  ) throws -> (manifest: [UInt8], chunks: [[UInt8]]) {
    let body = body ?? block.state.canonicalBytes
    let chunks = stride(from: 0, to: body.count, by: 4096).map { Array(body[$0..<min($0 + 4096, body.count)]) }
    let manifest = try WireCodec.encode(
      [
        "chain_id": .bytes(genesis.chainID.bytes), "number": .unsigned(block.number.value),
        "block_hash": .bytes(block.hash.bytes), "state_root": .bytes(block.stateRoot.bytes),
        "spec_version": .unsigned(UInt64(TransactionLimits.specVersion)), "length": .unsigned(UInt64(body.count)),
        "digest": .bytes(Hash256(hashing: body).bytes), "chunk_length": .unsigned(4096),
        "chunk_digests": .bytesList(chunks.map { Hash256(hashing: $0).bytes }),
      ], as: .snapshotManifest)
    return (manifest, chunks)
  }

  @Test func aFreshFollowerBeginsAtTheSnapshotAndEndsInTheSameState() async throws {
    let (source, chain) = try await source()
    let log = MemoryBlockLog()
    try source.follow(genesis, log: log) { follower, _ in
      let reached = try await follower.head(above: BlockNumber(79))
      #expect(reached.hash == (await chain.head).hash)
      #expect(reached.stateRoot == (await chain.head).stateRoot)
    }
    // Only what follows the snapshot was fetched, the block that proves it aside.
    #expect(source.asked.withLock { $0.min() } == 70)
    #expect(await log.allBlocks.first?.height == BlockNumber(71))
    // A restart goes on from there, though its block is not among the stored ones.
    let restarted = try await ChainReplay(genesis: genesis, log: log, logger: silent).run()
    #expect(restarted.newest.hash == (await chain.head).hash)
    await #expect(throws: ChainNodeError.logBeginsLater(height: BlockNumber(71))) {
      try await ChainReplay(genesis: genesis, log: log, logger: silent).run(usesSnapshot: false)
    }
  }

  @Test func aRestartRightAfterTheSnapshotFindsIt() async throws {
    let (source, chain) = try await source()
    let log = MemoryBlockLog()
    try source.follow(genesis, log: log) { follower, _ in _ = try await follower.head(above: BlockNumber(69)) }
    // As the log was before the first block came.
    let again = MemoryBlockLog()
    let (beginning, snapshot) = (try await log.beginning(), await log.latestSnapshot())
    try await again.begin(after: try #require(beginning), with: try #require(snapshot))
    let restarted = try await ChainReplay(genesis: genesis, log: again, logger: silent).run()
    #expect(restarted.newest.hash == (await chain.block(at: BlockNumber(70)))?.hash)
  }

  @Test func aSnapshotThatItsBlockDoesNotProveIsRefused() async throws {
    let (source, chain) = try await source()
    let block = try #require(await chain.block(at: BlockNumber(70)))
    let other = try #require(await chain.block(at: BlockNumber(69)))
    // A true state of another block under the announced one: every digest fits, and the root does not.
    let pages = try Self.pages(of: block, genesis, body: other.state.canonicalBytes)
    source.change { $0.snapshot = pages }
    let log = MemoryBlockLog()
    let error = try #require(throws: ChainNodeError.self) { try source.follow(genesis, log: log) }
    #expect(error == .diverged("its snapshot there has another state root", height: BlockNumber(70)))
    #expect(error.exitCode == .damagedData)
    let kept = await log.latestSnapshot()
    #expect(kept == nil)
  }

  @Test func everyChangedChunkIsRefused() async throws {
    let (source, _) = try await source()
    let pages = try #require(source.script.withLock { $0.snapshot })
    for place in pages.chunks.indices {
      var chunks = pages.chunks
      chunks[place][chunks[place].count / 2] ^= 8
      source.change { $0.snapshot = (pages.manifest, chunks) }
      let error = try #require(throws: ChainNodeError.self) { try source.follow(genesis) }
      #expect("\(error)".contains("chunk \(place)"), "\(error)")
      #expect(error.exitCode == .damagedData)
    }
  }

  @Test func aSnapshotUnderABlockOfNoAuthorityIsRefused() async throws {
    let (source, chain) = try await source()
    let block = try #require(await chain.block(at: BlockNumber(70)))
    let sealed = try #require(block.sealed)
    var header = sealed.header
    header.author = miner.account
    let forged = SealedBlock(sealing: header, extrinsics: sealed.extrinsics, chainID: genesis.chainID, with: miner)
    let body = try forged.encoded()
    let pages = try Self.pages(
      of: KeptBlock(sealed: forged, encoded: body, executed: block.executed), genesis)
    source.change { script in
      script.blocks[70] = body
      script.snapshot = pages
    }
    let error = try #require(throws: ChainNodeError.self) { try source.follow(genesis) }
    #expect("\(error)".contains("no authority"), "\(error)")
  }

  @Test func withoutASnapshotEveryBlockIsFetched() async throws {
    let (source, chain) = try await source()
    source.change { $0.snapshot = nil }
    let log = MemoryBlockLog()
    try source.follow(genesis, log: log) { follower, _ in _ = try await follower.head(above: BlockNumber(79)) }
    #expect(await log.allBlocks.count == 80)
    #expect(await log.head()?.hash == (await chain.head).hash)
  }
}
