import ChainNode
import Keys
import Ledger
import Primitives
import TestKit
import Testing
import Wire

@Suite struct ChainQueryTests {
  private func transfer(_ tao: UInt64) -> Transfer { Transfer(to: miner.account, amount: .tao(tao)) }

  @Test func submitAndWaitAnswersWithPlaceAndReceipt() throws {
    try TestNetwork.run { network in
      let extrinsic = try network.genesis.extrinsic(transfer(5), by: owner)
      let reply = try await network.include(extrinsic)
      let inclusion = try reply.answer("submit_and_wait")
      let receipt = try #require(inclusion.group("receipt"))
      #expect(receipt.unsigned("block") == 1)
      #expect(receipt.unsigned("index") == 0)
      #expect(receipt["ok"] == .flag(true))
      #expect(receipt.text("extrinsic_id") == extrinsic.id.bytes)
      let head = await network.producer.block(at: BlockNumber(1))
      #expect(inclusion.text("block_hash") == head?.hash.bytes)
      #expect(try inclusion.byteStrings("events").count == 1)
      #expect(inclusion.group("error") == nil)
    }
  }

  @Test func aFailedCallTellsItsErrorWithValues() throws {
    try TestNetwork.run { network in
      let reply = try await network.include(try network.genesis.extrinsic(transfer(9_000_000), by: owner))
      let inclusion = try reply.answer("submit_and_wait")
      #expect(inclusion.group("receipt")?.unsigned("code") == 216)
      #expect(inclusion.group("receipt")?["ok"] == .flag(false))
      let error = try #require(inclusion.group("error"))
      #expect(error.text("name") == Array("InsufficientBalance".utf8))
      #expect(error.detail("amount") == Rao.tao(9_000_000).value)
      #expect(error.detail("free") == Rao.tao(1_000_000).value)
    }
  }

  @Test func aCallThatCameTooSoonTellsTheBlockToRetryAt() throws {
    let genesis = testGenesis { $0.parameters.networkRateLimit = 100 }
    try TestNetwork.run(genesis) { network in
      let one = RegisterSubnet(hotkey: Hotkey(KeyPair.development(name: "one").account))
      let two = RegisterSubnet(hotkey: Hotkey(KeyPair.development(name: "two").account))
      let first = try await network.include(try genesis.extrinsic(one, by: owner))
      #expect(try first.answer("submit_and_wait").group("receipt")?["ok"] == .flag(true))
      let second = try await network.include(try genesis.extrinsic(two, by: owner, nonce: 1))
      let error = try #require(try second.answer("submit_and_wait").group("error"))
      #expect(error.text("name") == Array("NetworkTxRateLimitExceeded".utf8))
      #expect(error.unsigned("retry_at_block") == 101)
      #expect(error.unsigned("blocks_left") == 99)
    }
  }

  @Test func theSameBytesAgainGetTheSameReceiptAndRunOnce() throws {
    try TestNetwork.run { network in
      let extrinsic = try network.genesis.extrinsic(transfer(5), by: owner)
      let first = try await network.include(extrinsic)
      for _ in 0..<3 { try await network.producer.makeBlock() }
      let again = try await network.submit(extrinsic, waiting: true)
      #expect(try again.answer("submit_and_wait") == first.answer("submit_and_wait"))
      let account = try await network.ask("account", ["account": .bytes(owner.account.bytes)])
      #expect(try account.answer("account").unsigned("nonce") == 1)
      // Out of memory, into the log.
      for _ in 0..<300 { try await network.producer.makeBlock() }
      let late = try await network.submit(extrinsic, waiting: true).answer("submit_and_wait")
      #expect(try late == first.answer("submit_and_wait"))
      #expect(try await network.submit(extrinsic).status == .ok)
    }
  }

  @Test func everyEnvelopeFaultOfAnExtrinsicHasItsName() throws {
    try TestNetwork.run { network in
      let genesis = network.genesis
      for _ in 0..<10 { try await network.producer.makeBlock() }
      _ = try await network.include(try genesis.extrinsic(transfer(1), by: owner))
      func refusal(_ extrinsic: Extrinsic) async throws -> String? { try await network.submit(extrinsic).errorName }
      #expect(try await refusal(genesis.extrinsic(transfer(2), by: owner)) == "Stale")
      #expect(try await refusal(genesis.extrinsic(transfer(2), by: owner, nonce: 66)) == "Future")
      #expect(
        try await refusal(genesis.extrinsic(transfer(2), by: owner, nonce: 1, birth: 900, period: 4)) == "NotYetValid")
      #expect(try await refusal(genesis.extrinsic(transfer(2), by: owner, nonce: 1, birth: 2, period: 4)) == "Expired")
      #expect(
        try await refusal(genesis.extrinsic(transfer(2), by: owner, nonce: 1, birth: 2, period: 5)) == "Malformed")
      #expect(try await refusal(genesis.extrinsic(transfer(2), by: owner, nonce: 1, chainID: .zero)) == "WrongChain")
      let good = try genesis.extrinsic(transfer(2), by: owner, nonce: 1)
      let forged = Extrinsic(
        id: good.id, body: good.body, bodyBytes: good.bodyBytes,
        signature: miner.sign(.extrinsic, good.bodyBytes).bytes)
      #expect(try await refusal(forged) == "BadSignature")
      #expect(await network.producer.pooledCount == 0)
      #expect(try await refusal(good) == nil)
      #expect(try await network.ask("submit", ["extrinsic": .bytes([1, 2, 3])]).errorName == "Malformed")
      #expect(await network.producer.pooledCount == 1)
    }
  }

  @Test func aFeeFreeCallThatWouldFailIsRefusedWithItsOwnError() throws {
    try TestNetwork.run { network in
      let weights = SetWeights(netuid: NetUID(9), uids: [0], values: [1])
      let reply = try await network.submit(try network.genesis.extrinsic(weights, by: owner))
      #expect(reply.errorName == "MechanismDoesNotExist")
      #expect(await network.producer.pooledCount == 0)
    }
  }

  @Test func aTipThatNobodyCanPayIsRefused() throws {
    try TestNetwork.run { network in
      let poor = KeyPair.development(name: "poor")
      let reply = try await network.submit(try network.genesis.extrinsic(transfer(0), by: poor, tip: 1))
      #expect(reply.errorName == "BalanceTooLow")
    }
  }

  @Test func aFullPoolSaysWhenToComeBack() throws {
    var pool = PoolLimits()
    pool.count = 1
    pool.reservedForWeights = 0
    try TestNetwork.run(pool: pool) { network in
      #expect(try await network.submit(try network.genesis.extrinsic(transfer(1), by: owner)).status == .ok)
      let reply = try await network.submit(try network.genesis.extrinsic(transfer(1), by: miner))
      #expect(reply.errorName == "PoolFull")
      #expect(reply.error?.unsigned("code") == 112)
      #expect(try #require(reply.error?.unsigned("retry_after_ms")) > 0)
    }
  }

  @Test func whoIsPushedOutWhileWaitingIsTold() throws {
    try TestNetwork.run { network in
      let old = try network.genesis.extrinsic(transfer(1), by: owner)
      let new = try network.genesis.extrinsic(transfer(2), by: owner, tip: 10)
      async let waiting = network.submit(old, waiting: true)
      while await !network.producer.isPooled(old.id) { try await network.clock.sleep(for: .milliseconds(1)) }
      #expect(try await network.submit(new).status == .ok)
      #expect(try await waiting.errorName == "Stale")
    }
  }

  @Test func theNextNonceCountsThePool() throws {
    try TestNetwork.run { network in
      _ = try await network.submit(try network.genesis.extrinsic(transfer(1), by: owner))
      _ = try await network.submit(try network.genesis.extrinsic(transfer(1), by: owner, nonce: 1))
      let account = try await network.ask("account", ["account": .bytes(owner.account.bytes)]).answer("account")
      #expect(account.unsigned("nonce") == 0)
      #expect(account.unsigned("next_nonce") == 2)
      #expect(account.unsigned("free") == Rao.tao(1_000_000).value)
    }
  }

  @Test func statusTellsTheHead() throws {
    try TestNetwork.run { network in
      try await network.producer.makeBlock()
      let status = try await network.ask("status").answer("status")
      #expect(status.text("chain_id") == network.genesis.chainID.bytes)
      #expect(status.unsigned("height") == 1)
      #expect(status.text("state_root") == (await network.producer.head.stateRoot.bytes))
      #expect(status.unsigned("issuance") == (await network.producer.head.state.chain.issuance))
    }
  }

  @Test func aWaitForTheNextHeadEndsWithIt() throws {
    try TestNetwork.run(blockTime: .every(.seconds(3))) { network in
      let reply = try await network.ask("heads_after", ["block": .unsigned(0), "wait_ms": .unsigned(20_000)])
      #expect(network.clock.now.offset == .seconds(3))
      let announcements = try reply.answer("heads_after").byteStrings("announcements")
      let announcement = try WireCodec.decode(try #require(announcements.first), as: .blockAnnouncement)
      let header = try BlockHeader(decoding: announcement.text("header"))
      #expect(header.number == BlockNumber(1))
      #expect(header.hash.bytes == announcement.text("hash"))
      let signature = try #require(Signature(announcement.text("signature")))
      #expect(
        signature.verifies(.block, network.genesis.chainID.bytes + announcement.text("header"), by: authority.account))
    }
  }

  @Test func blocksKeepTheirDistance() throws {
    try TestNetwork.run(blockTime: .every(.milliseconds(250))) { network in
      try await network.clock.sleep(for: .seconds(10))
      let head = await network.producer.head
      #expect(head.number.value == 39 || head.number.value == 40)
    }
  }

  @Test func instantBlocksComeWithTheirExtrinsics() throws {
    try TestNetwork.run(blockTime: .instant) { network in
      for nonce in 0..<3 as Range<UInt64> {
        let reply = try await network.submit(
          try network.genesis.extrinsic(transfer(1), by: owner, nonce: nonce), waiting: true)
        #expect(try reply.answer("submit_and_wait").group("receipt")?.unsigned("block") == nonce + 1)
      }
      #expect(await network.producer.head.number == BlockNumber(3))
    }
  }

  @Test func thePastIsAnsweredFromItsState() throws {
    try TestNetwork.run { network in
      _ = try await network.include(try network.genesis.extrinsic(transfer(5), by: owner))
      let arguments: Fields = ["account": .bytes(miner.account.bytes)]
      let before = try await network.ask("account", arguments, at: 0)
      #expect(try before.answer("account").unsigned("free") == Rao.tao(1_000_000).value)
      #expect(before.fields.unsigned("at_block") == 0)
      let after = try await network.ask("account", arguments, at: 1)
      #expect(try after.answer("account").unsigned("free") == Rao.tao(1_000_005).value)
      #expect(try await network.ask("account", arguments, at: 99).errorName == "unknownBlock")
    }
  }

  @Test func whoWantsAMinimumBlockNeverReadsAnOlderState() throws {
    try TestNetwork.run(blockTime: .every(.seconds(1))) { network in
      let reply = try await network.ask("status", minBlock: 1)
      #expect(reply.fields.unsigned("at_block") == 1)
      #expect(try await network.ask("status", minBlock: 50).errorName == "behind")
    }
  }

  @Test func aBlockAndItsEventsComeAsTheyAreStored() throws {
    try TestNetwork.run { network in
      _ = try await network.include(try network.genesis.extrinsic(transfer(5), by: owner))
      let chunk = try await network.ask("block_at", ["number": .unsigned(1)]).answer("block_at")
      let sealed = try SealedBlock(decoding: chunk.text("data"))
      #expect(sealed.hash.bytes == chunk.text("hash"))
      #expect(sealed.extrinsics.count == 1)
      #expect(sealed.hasValidSignature(chainID: network.genesis.chainID))
      let page = try await network.ask("events", ["block": .unsigned(1)]).answer("events")
      let events = try page.byteStrings("events").map { try WireCodec.decode($0, as: .event).entries.first?.name }
      #expect(events.contains("transferred"))
      let kinds: Fields = ["block": .unsigned(1), "kinds": .unsignedList([3])]
      #expect(try await network.ask("events", kinds).answer("events").byteStrings("events").count == 1)
      #expect(try await network.ask("block_at", ["number": .unsigned(77)]).errorName == "unknownBlock")
    }
  }

  @Test func aReceiptIsFoundInPoolAndBlock() throws {
    try TestNetwork.run { network in
      let extrinsic = try network.genesis.extrinsic(transfer(5), by: owner)
      let arguments: Fields = ["extrinsic_id": .bytes(extrinsic.id.bytes)]
      #expect(try await network.ask("receipt", arguments).errorName == "notFound")
      _ = try await network.submit(extrinsic)
      #expect(try await network.ask("receipt", arguments).answer("receipt")["pooled"] == .flag(true))
      try await network.producer.makeBlock()
      let receipt = try await network.ask("receipt", arguments).answer("receipt")
      #expect(receipt["pooled"] == .flag(false))
      #expect(receipt.group("receipt")?.unsigned("block") == 1)
    }
  }
}
