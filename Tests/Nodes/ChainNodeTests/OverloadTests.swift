import ChainNode
import Keys
import Ledger
import TestThreads
import Primitives
import Storage
import Testing
import Wire

@Suite(.computing) struct OverloadTests {
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

  /// T-30: every call is answered, refused ones with a time to come back, and what was accepted is included or expired.
  @Test func underManyTimesTheLoadEveryCallIsAnsweredAndNothingAcceptedIsLost() throws {
    let clients = 50
    let keys = (0..<clients).map { KeyPair.development(name: "crowd-\($0)") }
    let genesis = testGenesis { genesis in
      genesis.balances = (genesis.balances + keys.map { GenesisBalance($0.account, Rao(1_000_000_000)) })
        .sorted { $0.account < $1.account }
    }
    var pool = PoolLimits()
    pool.count = 64
    pool.reservedForWeights = 8
    let limits = pool
    let log = MemoryBlockLog()
    try TestNetwork.run(genesis, log: log, blockTime: .every(.milliseconds(100)), pool: limits) { network in
      let accepted = try await withThrowingTaskGroup(of: Set<Hash256>.self) { group in
        for (number, key) in keys.enumerated() {
          group.addTask {
            // Half of them ask again after each refusal for longer than their extrinsics live.
            let period: UInt32 = number.isMultiple(of: 2) ? 0 : 4
            let own = try (0..<8).map { nonce in
              try genesis.extrinsic(
                Transfer(to: miner.account, amount: Rao(1)), by: key, nonce: UInt64(nonce), period: period)
            }
            var accepted: Set<Hash256> = []
            for _ in 0..<12 {
              let answer = try await network.ask(
                "submit_many", ["extrinsics": .bytesList(try own.map { try $0.encoded() })])
              #expect(answer.status == .ok)
              guard let judged = answer.fields.group("submit_many"), case .unsignedList(let codes)? = judged["codes"]
              else {
                #expect(answer.errorName == "busy" && answer.error?.unsigned("retry_after_ms") ?? 0 > 0)
                continue
              }
              #expect(codes.count == own.count)
              for (extrinsic, code) in zip(own, codes) where code == 0 { accepted.insert(extrinsic.id) }
              let isFull = codes.contains(UInt64(LedgerErrorCode.poolFull.rawValue))
              let retry = judged.unsigned("retry_after_ms") ?? 0
              #expect(!isFull || retry > 0, "a refusal for lack of room says when to come back")
              #expect(await network.producer.pooledCount <= limits.count - limits.reservedForWeights)
              try await network.clock.sleep(for: .milliseconds(Int64(max(5, retry / 4))))
            }
            return accepted
          }
        }
        return try await group.reduce(into: Set<Hash256>()) { $0.formUnion($1) }
      }
      while await network.producer.pooledCount > 0 { try await network.clock.sleep(for: .milliseconds(100)) }
      let included = Set(await log.allBlocks.flatMap { $0.extrinsics.map(\.id) })
      #expect(included.isSubset(of: accepted) && accepted.count > limits.count)
      // An immortal one cannot expire within these blocks: whatever was accepted of them is in a block.
      let immortal = try Set(
        keys.enumerated().filter { $0.offset.isMultiple(of: 2) }.flatMap { _, key in
          try (0..<8).map { nonce in
            try genesis.extrinsic(Transfer(to: miner.account, amount: Rao(1)), by: key, nonce: UInt64(nonce)).id
          }
        })
      #expect(accepted.intersection(immortal).subtracting(included).isEmpty)
    }
  }

  @Test func aFullPoolKeepsPlacesForWhatIsBeingVerified() async throws {
    var limits = PoolLimits()
    limits.count = 10
    limits.reservedForWeights = 2
    let genesis = OverloadTests.genesis
    let producer = try await genesis.producer(over: MemoryBlockLog(), pool: limits)
    func candidates(of key: KeyPair) throws -> [Candidate] {
      try OverloadTests.transfers(each: 6, by: key).map { try Candidate(decoding: $0) }
    }
    func new(_ standings: [Result<BlockProducer.Standing, LedgerError>]) -> [PooledExtrinsic] {
      standings.compactMap { if case .success(.new(let entry)) = $0 { entry } else { nil } }
    }
    let first = new(await producer.standings(of: try candidates(of: OverloadTests.senders[0]), isReserving: true))
    let second = new(await producer.standings(of: try candidates(of: OverloadTests.senders[1]), isReserving: true))
    #expect(first.count == 6 && second.count == 2)
    // The first sender's signatures turn out bad: their places are free again.
    #expect(await producer.add([], reserved: 6).isEmpty)
    #expect(await producer.add(second, reserved: 2) == [nil, nil])
    let third = new(await producer.standings(of: try candidates(of: OverloadTests.senders[2]), isReserving: true))
    #expect(third.count == 6)
    #expect(await producer.add(third, reserved: 6).allSatisfy { $0 == nil })
    #expect(await producer.pooledCount == 8)
  }

  /// T-33: readers who dump whole metagraphs in a loop get every page under the cap, and blocks go on meanwhile.
  @Test func readersWhoDumpMetagraphsInALoopDoNotStopBlocks() throws {
    try TestNetwork.run(OverloadTests.genesis, blockTime: .every(.milliseconds(100))) { network in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for reader in 0..<20 {
          group.addTask {
            var turn = UInt64(reader)
            while !Task.isCancelled {
              let queries: [(String, Fields)] = [
                ("metagraph", ["netuid": .unsigned(turn % 4)]), ("dynamic_infos", [:]),
                ("neurons", ["netuid": .unsigned(1)]),
              ]
              let (query, arguments) = queries[Int(turn % 3)]
              let answer = try await network.ask(query, arguments)
              #expect(try WireCodec.encode(answer.fields, as: .queryReply).count <= WireLimits.replyBytes)
              turn += 1
              try await network.clock.sleep(for: .milliseconds(1))
            }
          }
        }
        let start = await network.producer.head.number
        for height in 1...20 as ClosedRange<UInt64> {
          let head = try await network.producer.head(above: BlockNumber(start.value + height - 1))
          #expect(head.number.value == start.value + height)
          let honest = try OverloadTests.genesis.extrinsic(
            Transfer(to: miner.account, amount: Rao(1)), by: OverloadTests.senders[0], nonce: height - 1)
          let reply = try await network.submit(honest, waiting: true)
          let receipt = try #require(try reply.answer("submit_and_wait").group("receipt"))
          #expect(try #require(receipt.unsigned("block")) <= head.number.value + 2)
        }
        group.cancelAll()
      }
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
