import ChainNode
import Keys
import Ledger
import Primitives
import Storage
import Testing
import Wire

@Suite struct OverloadTests {
  private static let senders = (0..<20).map { KeyPair.development(name: "sender-\($0)") }

  /// The local genesis with money for every sender.
  private static let genesis = testGenesis { genesis in
    genesis.balances = (genesis.balances + senders.map { GenesisBalance($0.account, Rao(1_000_000_000)) })
      .sorted { $0.account < $1.account }
  }

  private static func transfers(each count: Int, by key: KeyPair) throws -> [[UInt8]] {
    try (0..<count).map { nonce in
      try genesis.extrinsic(Transfer(to: miner.account, amount: Rao(1)), by: key, nonce: UInt64(nonce)).encoded()
    }
  }

  @Test func aFullPoolSaysWhenToComeBackAndLosesNothingThatItTook() throws {
    var limits = PoolLimits()
    limits.count = 48
    limits.reservedForWeights = 8
    let log = MemoryBlockLog()
    try TestNetwork.run(OverloadTests.genesis, log: log, pool: limits) { network in
      var accepted = 0
      var refused = 0
      for key in OverloadTests.senders {
        let all = try OverloadTests.transfers(each: 20, by: key)
        let answer = try await network.ask("submit_many", ["extrinsics": .bytesList(all)]).answer("submit_many")
        guard case .unsignedList(let codes)? = answer["codes"] else { throw CancellationError() }
        #expect(codes.count == all.count)
        accepted += codes.count { $0 == 0 }
        let full = codes.count { $0 == UInt64(LedgerErrorCode.poolFull.rawValue) }
        refused += full
        #expect((answer.unsigned("retry_after_ms") ?? 0 > 0) == (full > 0))
        let pooled = await network.producer.pooledCount
        #expect(pooled <= 40)
      }
      #expect(accepted == 40)
      #expect(accepted + refused == 400)
      while await network.producer.pooledCount > 0 { try await network.producer.makeBlock() }
      let included = await log.allBlocks.reduce(0) { $0 + $1.extrinsics.count }
      #expect(included == accepted)
    }
  }

  @Test func aFloodOfBadSignaturesDoesNotDelayAnHonestExtrinsic() throws {
    try TestNetwork.run(OverloadTests.genesis, blockTime: .every(.milliseconds(100))) { network in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for key in OverloadTests.senders.dropFirst() {
          group.addTask {
            let forged = try OverloadTests.transfers(each: 16, by: key).map { bytes in
              var bytes = bytes
              bytes[bytes.count - 40] ^= 1  // Inside the signature, which comes last.
              return bytes
            }
            while !Task.isCancelled {
              let answer = try await network.ask("submit_many", ["extrinsics": .bytesList(forged)])
              guard answer.status == .ok else { continue }
              guard case .unsignedList(let codes)? = try answer.answer("submit_many")["codes"] else { return false }
              guard codes.allSatisfy({ $0 == UInt64(LedgerErrorCode.badSignature.rawValue) }) else { return false }
              try await network.clock.sleep(for: .milliseconds(1))
            }
            return true
          }
        }
        group.addTask {
          for nonce in 0..<5 {
            let before = await network.producer.head.number.value
            let honest = try OverloadTests.genesis.extrinsic(
              Transfer(to: miner.account, amount: Rao(1)), by: OverloadTests.senders[0], nonce: UInt64(nonce))
            let reply = try await network.submit(honest, waiting: true)
            let receipt = try #require(try reply.answer("submit_and_wait").group("receipt"))
            #expect(try #require(receipt.unsigned("block")) <= before + 2)
          }
          return true
        }
        defer { group.cancelAll() }
        let isHonestDone = try await group.next()
        #expect(isHonestDone == true)
      }
    }
  }

  @Test func contentOfOldBlocksLeavesMemoryAndIsReadFromTheLog() throws {
    try TestNetwork.run(OverloadTests.genesis) { network in
      let first = try OverloadTests.genesis.extrinsic(
        Transfer(to: miner.account, amount: Rao(1)), by: OverloadTests.senders[0])
      _ = try await network.submit(first)
      let block = try await network.producer.makeBlock()
      for _ in 0...RecentBlocks.depth { try await network.producer.makeBlock() }
      let receipt = try await network.ask("receipt", ["extrinsic_id": .bytes(first.id.bytes)]).answer("receipt")
      #expect(receipt.group("receipt")?.unsigned("block") == block.number.value)
    }
  }
}
