import ChainNode
import Daemon
import Keys
import Ledger
import Primitives
import Storage
import TestKit
import TestThreads
import Testing
import Wire

/// What a follower does not take from the node that it follows. Source: reliability 3.3.
@Suite(.computing) struct FollowerRefusalTests {
  private let genesis = testGenesis()

  /// How following ends; what was stored before stays, and nothing of what was refused.
  private func ending(
    _ source: ScriptedSource, log: MemoryBlockLog = MemoryBlockLog(), of genesis: ChainGenesis? = nil
  ) throws -> ChainNodeError {
    try #require(throws: ChainNodeError.self) { try source.follow(genesis ?? self.genesis, log: log) }
  }

  private func expectDiverged(
    _ error: ChainNodeError, at height: UInt64, _ part: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(error.exitCode == .damagedData, sourceLocation: sourceLocation)
    guard case .diverged(let what, let found) = error else {
      Issue.record("\(error)", sourceLocation: sourceLocation)
      return
    }
    #expect(found == BlockNumber(height), "\(error)", sourceLocation: sourceLocation)
    #expect(what.contains(part), "\(error)", sourceLocation: sourceLocation)
  }

  /// The third block, made anew by its author with something else in its header.
  private func resealed(
    _ block: StoredBlock, with key: KeyPair = authority, _ change: (inout BlockHeader) -> Void
  ) throws -> [UInt8] {
    let sealed = try SealedBlock(decoding: block.body)
    var header = sealed.header
    change(&header)
    return try SealedBlock(
      sealing: header, extrinsics: sealed.extrinsics, chainID: genesis.chainID, with: key
    ).encoded()
  }

  @Test func everyChangedByteOfABlockIsRefused() async throws {
    let blocks = try await honestBlocks(2, of: genesis)
    var refusals: Set<String> = []
    for place in stride(from: 0, to: blocks[1].body.count, by: 23) {
      var tampered = blocks[1].body
      tampered[place] ^= 1
      let source = ScriptedSource(genesis, blocks: [blocks[0].body, tampered])
      let log = MemoryBlockLog()
      let error = try ending(source, log: log)
      expectDiverged(error, at: 2, "")
      refusals.insert("\(error)")
      #expect(await log.allBlocks == [blocks[0]], "byte \(place)")
    }
    // Header, signature and extrinsics are each told by name.
    for part in ["did not sign", "signature"] { #expect(refusals.contains { $0.contains(part) }, "\(refusals)") }
  }

  @Test func aStateRootThatTheRulesDoNotGiveIsRefusedThoughItsAuthorSignedIt() async throws {
    let blocks = try await honestBlocks(4, of: genesis)
    let forged = try resealed(blocks[2]) { $0.stateRoot = Hash256(hashing: [1]) }
    let log = MemoryBlockLog()
    let source = ScriptedSource(genesis, blocks: [blocks[0].body, blocks[1].body, forged, blocks[3].body])
    expectDiverged(try ending(source, log: log), at: 3, "state has another root")
    #expect(await log.allBlocks.count == 2)
  }

  @Test func aBlockOfSomebodyElseIsRefused() async throws {
    let blocks = try await honestBlocks(1, of: genesis)
    let forged = try resealed(blocks[0], with: miner) { $0.author = miner.account }
    expectDiverged(try ending(ScriptedSource(genesis, blocks: [forged])), at: 1, "no authority")
  }

  @Test func aBlockThatLeavesOneOutIsRefused() async throws {
    let blocks = try await honestBlocks(4, of: genesis)
    let source = ScriptedSource(genesis, blocks: [blocks[0].body, blocks[1].body, blocks[3].body, blocks[3].body])
    let log = MemoryBlockLog()
    expectDiverged(try ending(source, log: log), at: 4, "does not follow block 2")
    #expect(await log.allBlocks.count == 2)
  }

  @Test func aSourceWithoutTheNextBlockIsNamed() async throws {
    let blocks = try await honestBlocks(4, of: genesis)
    let source = ScriptedSource(genesis, blocks: blocks.map(\.body))
    source.change { $0.blocks[3] = nil }
    let error = try ending(source)
    #expect(error == .sourceBeginsLater(height: BlockNumber(3), at: "loop://chain"))
    #expect(error.exitCode == .failed)
  }

  @Test func aProducerThatWentBackIsNotFollowed() async throws {
    let blocks = try await honestBlocks(5, of: genesis)
    let log = MemoryBlockLog(blocks)
    let shorter = ScriptedSource(genesis, blocks: blocks[..<3].map(\.body))
    expectDiverged(try ending(shorter, log: log), at: 5, "at block 3")
    #expect(await log.allBlocks == blocks)
  }

  @Test func aProducerThatWentBackAndMadeOtherBlocksIsNotFollowed() async throws {
    let blocks = try await honestBlocks(5, of: genesis)
    let others = try await honestBlocks(8, of: genesis, amount: 6)
    // Met at the start: the block at the follower's own height is another.
    let log = MemoryBlockLog(blocks)
    expectDiverged(try ending(ScriptedSource(genesis, blocks: others.map(\.body)), log: log), at: 5, "another block")
    #expect(await log.allBlocks == blocks)
    // Met while following: the next block has another parent.
    let source = ScriptedSource(genesis, blocks: blocks.map(\.body))
    let second = MemoryBlockLog()
    let error = try #require(throws: ChainNodeError.self) {
      try source.follow(genesis, log: second) { follower, clock in
        _ = try await follower.head(above: BlockNumber(4))
        source.change { script in
          for (place, block) in others.enumerated() { script.blocks[UInt64(place) + 1] = block.body }
          script.head = 8
        }
        try await clock.sleep(for: .seconds(60))
        Issue.record("the follower went on")
      }
    }
    expectDiverged(error, at: 6, "parent is another")
    #expect(await second.allBlocks == blocks)
  }

  @Test func aNodeOfAnotherNetworkIsNotFollowed() async throws {
    let other = testGenesis { $0.timestampMilliseconds += 1 }
    let fresh = try ending(ScriptedSource(other))
    #expect(fresh == .wrongNetwork(found: other.chainID, wanted: genesis.chainID, at: "loop://chain"))
    #expect(fresh.exitCode == .usage)
    // A follower with blocks was on the right network once.
    let log = MemoryBlockLog(try await honestBlocks(2, of: genesis))
    expectDiverged(try ending(ScriptedSource(other), log: log), at: 2, "\(other.chainID)")
  }

  @Test func aSilentSourceIsWaitedFor() async throws {
    let blocks = try await honestBlocks(3, of: genesis)
    let source = ScriptedSource(genesis, blocks: blocks.map(\.body))
    source.change { $0.blocks[2] = [1] }
    // What cannot be read is refused; what is not there yet is waited for.
    expectDiverged(try ending(source), at: 2, "cannot be read")
    let patient = ScriptedSource(genesis)
    let log = MemoryBlockLog()
    try patient.follow(genesis, log: log) { follower, clock in
      try await clock.sleep(for: .seconds(60))
      patient.change { script in
        for (place, block) in blocks.enumerated() { script.blocks[UInt64(place) + 1] = block.body }
        script.head = 3
      }
      _ = try await follower.head(above: BlockNumber(2))
    }
    #expect(await log.allBlocks == blocks)
  }
}
