import ChainNode
import Daemon
import Keys
import Ledger
import Primitives
import Storage
import TestKit
import Testing
import Wire

/// Every way to be refused, with its status; after each the node still answers.
@Suite struct RequestRefusalTests {
  private static func status(_: TestNetwork) throws -> [UInt8] {
    try WireCodec.encode(["status": .group([:])], as: .queryRequest)
  }

  private func expectAlive(_ network: TestNetwork) async throws {
    #expect(try await network.ask("status").status == .ok)
  }

  @Test func anyAlteredByteOfTheEnvelopeIsNotVerified() throws {
    try TestNetwork.run { network in
      let payload = try Self.status(network)
      let honest = try network.request(payload, id: 1)
      var signature = honest.signature.bytes
      signature[40] ^= 1
      let altered = try WireCodec.encode(
        ["envelope": .bytes(honest.envelopeBytes), "signature": .bytes(signature)], as: .signedEnvelope)
      let reply = try await network.exchange(altered, payload).envelope
      #expect(reply.envelope.reply?.status == .notVerified)
      try await expectAlive(network)
    }
  }

  @Test func anAlteredPayloadIsNotVerified() throws {
    try TestNetwork.run { network in
      let honest = try network.request(try Self.status(network), id: 1)
      let other = try WireCodec.encode(["chain_head": .group([:])], as: .queryRequest)
      #expect(try await network.send(honest, other).status == .notVerified)
      try await expectAlive(network)
    }
  }

  @Test func anotherNetworkReceiverOrSubnetIsNotVerified() throws {
    try TestNetwork.run { network in
      let payload = try Self.status(network)
      let changes: [@Sendable (inout Envelope) -> Void] = [
        { $0.chainID = .zero }, { $0.receiver = owner.account }, { $0.netuid = NetUID(3) },
      ]
      for (index, change) in changes.enumerated() {
        let request = try network.request(payload, id: UInt64(index), change)
        let reply = try await network.exchange(try request.encoded(), payload).envelope
        #expect(reply.envelope.reply?.status == .notVerified)
      }
      try await expectAlive(network)
    }
  }

  @Test func aReplayAndAnOldRequestAreNotVerified() throws {
    try TestNetwork.run { network in
      let payload = try Self.status(network)
      let first = try network.request(payload, id: 1)
      #expect(try await network.send(first, payload).status == .ok)
      #expect(try await network.send(first, payload).status == .notVerified)
      try await network.clock.sleep(for: .seconds(30))
      let old = try network.request(payload, id: 2) { $0.sentAtMilliseconds -= 11_000 }
      #expect(try await network.send(old, payload).status == .notVerified)
      let early = try network.request(payload, id: 3) { $0.sentAtMilliseconds += 3_000 }
      #expect(try await network.send(early, payload).status == .notVerified)
      try await expectAlive(network)
    }
  }

  @Test func swappedHonestRequestsBothPass() throws {
    try TestNetwork.run { network in
      let payload = try Self.status(network)
      let first = try network.request(payload, id: 1)
      try await network.clock.sleep(for: .milliseconds(5))
      let second = try network.request(payload, id: 2)
      #expect(try await network.send(second, payload).status == .ok)
      #expect(try await network.send(first, payload).status == .ok)
    }
  }

  @Test func anotherMessageOrQueryIsUnknown() throws {
    try TestNetwork.run { network in
      let payload = try Self.status(network)
      let other = try #require(EnvelopeMessage("text", version: 1))
      let request = try network.request(payload, id: 1) { $0.message = other }
      #expect(try await network.send(request, payload).status == .unknownSynapse)
      try await expectAlive(network)
    }
  }

  @Test func whatIsNoQueryIsMalformed() throws {
    try TestNetwork.run { network in
      for payload in [[], [0xFF, 0xFF, 0xFF], [UInt8](repeating: 7, count: 500)] as [[UInt8]] {
        let request = try network.request(payload, id: SecureRandom.number())
        #expect(try await network.send(request, payload).status == .malformed)
      }
      try await expectAlive(network)
    }
  }

  @Test func garbageIsMalformedAndAnsweredToNobody() throws {
    try TestNetwork.run { network in
      var random = SplitMix64(seed: 7)
      for _ in 0..<50 {
        let garbage = (0..<Int.random(in: 0..<300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
        }
        let reply = try await network.exchange(garbage, []).envelope.envelope
        #expect(reply.reply?.status == .malformed)
        #expect(reply.reply?.requestDigest == Hash256(hashing: garbage))
        #expect(reply.receiver == .zero)
      }
      try await expectAlive(network)
    }
  }

  @Test func aPayloadOverItsLimitIsTooLarge() throws {
    try TestNetwork.run { network in
      let payload = [UInt8](repeating: 1, count: WireLimits.queryRequestBytes + 1)
      #expect(try await network.send(try network.request(payload, id: 1), payload).status == .tooLarge)
      try await expectAlive(network)
    }
  }

  @Test func aPassedDeadlineIsSaid() throws {
    try TestNetwork.run { network in
      let payload = try Self.status(network)
      let late = try network.request(payload, id: 1) {
        $0.sentAtMilliseconds -= 1_000
        $0.deadlineMilliseconds = 500
      }
      #expect(try await network.send(late, payload).status == .deadlinePassed)
      let wait = try WireCodec.encode(
        ["heads_after": .group(["block": .unsigned(0), "wait_ms": .unsigned(20_000)])], as: .queryRequest)
      let request = try network.request(wait, id: 2) { $0.deadlineMilliseconds = 2_000 }
      let start = network.clock.now
      #expect(try await network.send(request, wait).status == .deadlinePassed)
      #expect(start.duration(to: network.clock.now) == .seconds(2))
      try await expectAlive(network)
    }
  }

  @Test func damageMetByAQuestionEndsTheNode() throws {
    let log = MemoryBlockLog()
    let error = #expect(throws: StorageError.self) {
      try TestNetwork.run(log: log) { network in
        let damage = StorageError(.damaged(height: BlockNumber(70)), action: "read block 70", text: "as the test says")
        await log.failReads(damage)
        let reply = try await network.ask("block_at", ["number": .unsigned(70)])
        #expect(reply.status == .failed)
        try await network.clock.sleep(for: .seconds(60))
        Issue.record("the node lived on")
      }
    }
    #expect(error?.exitCode == .damagedData)
  }

  @Test func tooManyRequestsAreBusyWithATime() throws {
    var limits = ChainService.Limits()
    limits.requests = 0
    try TestNetwork.run(limits: limits) { network in
      let reply = try await network.ask("status")
      #expect(reply.status == .busy)
      #expect(try #require(reply.head.retryAfterMilliseconds) > 0)
    }
  }

  @Test func tooManyWaitingRequestsAreBusyAndOthersAreAnswered() throws {
    var limits = ChainService.Limits()
    limits.waits = 0
    try TestNetwork.run(limits: limits) { network in
      let extrinsic = try network.genesis.extrinsic(Transfer(to: miner.account, amount: .tao(1)), by: owner)
      let reply = try await network.submit(extrinsic, waiting: true)
      #expect(reply.status == .busy)
      #expect(try #require(reply.head.retryAfterMilliseconds) > 0)
      #expect(try await network.submit(extrinsic).status == .ok)
    }
  }
}
