import Keys
import Ledger
import Neurons
import Primitives
import Synchronization
import Testing
import Transport
import Wire

@Suite(.virtualTime) struct ChainClientTests {
  private let clock = TestClock()
  private let alice = KeyPair.development(name: "Alice")
  private let bob = KeyPair.development(name: "Bob")

  private func client(
    _ network: LoopbackNetwork, _ address: ChainAddress, settings: ChainClientSettings = ChainClientSettings()
  ) throws -> ChainClient {
    let node = network.node(named: "client", key: .of(alice))
    return try ChainClient(
      of: address, over: node, signingAs: alice, in: clock.surroundings, settings: settings)
  }

  /// Runs a chain with a block each 100 ms beside the work of a client, with the clock moving.
  private func withChain<Value: Sendable>(
    _ chain: ScriptedChain, _ work: @escaping @Sendable (ChainClient) async throws -> Value
  ) async throws -> Value {
    let network = LoopbackNetwork(clock: clock)
    let client = try client(network, chain.address)
    return try await clock.beside({ try await chain.serve(on: network) }) {
      try await clock.beside({ try await chain.makeBlocks(every: .milliseconds(100)) }) {
        try await work(client)
      }
    }
  }

  @Test func learnsTheGenesisFromTheAuthorityAndReadsTheStatus() async throws {
    let status = try await withChain(ScriptedChain(clock)) { try await $0.status() }
    #expect(status.chainID == ScriptedChain.chainID)
    #expect(status.blockTime == .milliseconds(250))
  }

  @Test func repliesOfAnotherSignerCountAsNoAnswer() async throws {
    let chain = ScriptedChain(clock)
    chain.change { $0.signer = .development(name: "Mallory") }
    await #expect(throws: ChainClientError.self) {
      try await withChain(chain) { try await $0.status(deadline: .seconds(1)) }
    }
  }

  @Test func anotherGenesisThanThePinnedOneIsRefused() async throws {
    let chain = ScriptedChain(clock)
    let network = LoopbackNetwork(clock: clock)
    var address = chain.address
    address.genesis = Hash256(hashing: [1])
    let client = try client(network, address)
    let error = await #expect(throws: ChainClientError.self) {
      try await clock.beside({ try await chain.serve(on: network) }) {
        try await client.status(deadline: .seconds(2))
      }
    }
    guard case .unanswered(_, .refused(let refusal)) = error else {
      Issue.record("an unexpected error: \(String(describing: error))")
      return
    }
    #expect(refusal.status == .notVerified)
  }

  @Test func aTransferIsIncludedAndReported() async throws {
    let chain = ScriptedChain(clock)
    let (alice, bob) = (alice, bob)
    let inclusion = try await withChain(chain) {
      try await $0.submitAndWait(Transfer(to: bob.account, amount: .tao(1)), signedBy: alice)
    }
    #expect(inclusion.isSuccess)
    #expect(chain.now.calls == ["Transfer"])
  }

  @Test func aLostAcknowledgementLeadsToTheSameBytesAndOneInclusion() async throws {
    let chain = ScriptedChain(clock)
    let (alice, bob) = (alice, bob)
    try await withChain(chain) { client in
      _ = try await client.session()
      _ = try await client.account(alice.account)
      let extrinsic = try await client.sign(Transfer(to: bob.account, amount: .tao(1)), with: alice)
      chain.change { $0.repliesToLose = 2 }
      try await client.submitAndWait(extrinsic)
    }
    let state = chain.now
    #expect(state.calls == ["Transfer"])
    #expect(state.submissions.count > 1)
    #expect(Set(state.submissions).count == 1)
  }

  @Test func aNonceThatWasUsedUpLeadsToANewSignature() async throws {
    let chain = ScriptedChain(clock)
    chain.change { $0.refusals = [.stale, .tipTooLow] }
    let (alice, bob) = (alice, bob)
    _ = try await withChain(chain) {
      try await $0.submitAndWait(Transfer(to: bob.account, amount: .tao(1)), signedBy: alice)
    }
    #expect(chain.now.calls == ["Transfer"])
  }

  @Test func manyCallsOfOneSignerAtOnceAllPass() async throws {
    let chain = ScriptedChain(clock)
    let (alice, bob) = (alice, bob)
    try await withChain(chain) { client in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<3 {
          group.addTask {
            try await client.submitAndWait(Transfer(to: bob.account, amount: .tao(1)), signedBy: alice)
          }
        }
        try await group.waitForAll()
      }
    }
    #expect(chain.now.calls.count == 3)
  }

  @Test func aRefusalIsThrownWithItsCode() async throws {
    let chain = ScriptedChain(clock)
    chain.change { $0.refusals = [.balanceTooLow] }
    let (alice, bob) = (alice, bob)
    let error = await #expect(throws: ChainClientError.self) {
      try await withChain(chain) {
        try await $0.submitAndWait(Transfer(to: bob.account, amount: .tao(1)), signedBy: alice)
      }
    }
    #expect(error?.ledgerCode == .balanceTooLow)
    #expect(chain.now.calls.isEmpty)
  }

  @Test func aFailedExtrinsicIsThrownWithItsReceipt() async throws {
    let chain = ScriptedChain(clock)
    chain.change { $0.failures = [.insufficientBalance] }
    let (alice, bob) = (alice, bob)
    let error = await #expect(throws: ChainClientError.self) {
      try await withChain(chain) {
        try await $0.submitAndWait(Transfer(to: bob.account, amount: .tao(1)), signedBy: alice)
      }
    }
    guard case .failed(let inclusion) = error else {
      Issue.record("an unexpected error: \(String(describing: error))")
      return
    }
    #expect(inclusion.code == .insufficientBalance)
  }

  @Test func aSilentChainCostsOneDeadline() async throws {
    let network = LoopbackNetwork(clock: clock)
    let client = try client(network, ScriptedChain(clock).address)
    let start = clock.now
    let error = await #expect(throws: ChainClientError.self) {
      try await client.status(deadline: .seconds(5))
    }
    #expect(error?.isRetriable == true)
    #expect(start.duration(to: clock.now) <= .seconds(8))
  }

  @Test func aSubnetThatDoesNotExistIsNil() async throws {
    let chain = ScriptedChain(clock)
    chain.change { $0.hasSubnet = false }
    let metagraph = try await withChain(chain) { try await $0.metagraph(of: ScriptedChain.netuid) }
    #expect(metagraph == nil)
  }

  @Test func aMetagraphIsReadByUid() async throws {
    let chain = ScriptedChain(clock, hotkeys: [alice, bob], permits: [alice])
    let metagraph = try #require(try await withChain(chain) { try await $0.metagraph(of: ScriptedChain.netuid) })
    #expect(metagraph.neurons.map(\.hotkey.account) == [alice.account, bob.account])
    #expect(metagraph.neuron(of: Hotkey(bob.account))?.uid == UID(1))
    #expect(metagraph.neurons.map(\.validatorPermit) == [true, false])
    let uid = try await withChain(chain) { [bob] in try await $0.uid(of: Hotkey(bob.account), on: ScriptedChain.netuid)
    }
    #expect(uid == UID(1))
  }

  @Test func headsAreFollowedAcrossARestartOfTheChain() async throws {
    let chain = ScriptedChain(clock)
    let network = LoopbackNetwork(clock: clock)
    let client = try client(network, chain.address)
    let follower = Mutex(HeadFollower(of: client))
    @Sendable func next() async throws -> UInt64 {
      var copy = follower.withLock { $0 }
      let head = try await copy.next()
      follower.withLock { [copy] in $0 = copy }
      return head.number.value
    }
    var seen: [UInt64] = []
    seen += try await clock.beside({ try await chain.serve(on: network) }) {
      let first = try await next()
      chain.makeBlock()
      return [first, try await next()]
    }
    try await clock.pass(.seconds(10))
    chain.makeBlock()
    seen += try await clock.beside({ try await chain.serve(on: network) }) { [try await next()] }
    #expect(seen == [1, 2, 3])
  }
}
