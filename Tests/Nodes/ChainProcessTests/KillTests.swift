import ChainNode
import Daemon
import Glibc
import JSONText
import Keys
import Ledger
import Neurons
import Primitives
import Storage
import Synchronization
import Testing

/// Nodes that die at any moment. Source: reliability T-10, T-11.
@Suite(.serialized, .timeLimit(.minutes(240))) struct ChainKillTests {
  /// Each waits for its answer before it sends on: 50 of them with blocks of 250 ms are 200 submits a second.
  private static let senders = (0..<figure("TORTURE_SENDERS", 50)).map { KeyPair.development(name: "sender-\($0)") }
  private static let blockTime = figure("TORTURE_BLOCK_TIME", 250)

  /// What clients were told.
  private final class Acknowledged: Sendable {
    let inclusions = Mutex<[Inclusion]>([])
    private let failures = Mutex<[String: Int]>([:])
    func failed(_ reason: String) {
      // Without the id of the extrinsic, so that alike ones count together.
      let words = reason.split(separator: " ").filter { $0.utf8.count < 64 }.joined(separator: " ")
      failures.withLock { $0[words, default: 0] += 1 }
    }
    var failureText: String {
      failures.withLock { $0 }.sorted { $0.value > $1.value }.prefix(5).map { "\($0.value) x \($0.key)" }
        .joined(separator: "; ")
    }
    var count: Int { inclusions.withLock { $0.count } }
    func add(_ inclusion: Inclusion) { inclusions.withLock { $0.append(inclusion) } }

    /// Waits until there is one more; the time is a net.
    func grow() async throws {
      let (before, end) = (count, ContinuousClock.now + .seconds(600))
      while count == before, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(5)) }
    }
  }

  @Test func noAcknowledgedExtrinsicIsLostToKills() async throws {
    let folder = try TemporaryFolder()
    let acknowledged = Acknowledged()
    try await fund(in: folder)
    // By count, so that a slow machine takes longer and tests as much; a night may also have an end.
    let end = ContinuousClock.now + .seconds(figure("TORTURE_SECONDS", 3600))
    let limit = figure("TORTURE_KILLS", 50)
    var kills = 0
    var slowest: Duration = .zero
    while kills < min(50, limit) || (kills < limit && ContinuousClock.now < end) {
      let began = ContinuousClock.now
      let chain = try await RunningChain.start(["--block-time", "\(Self.blockTime)ms"], in: folder)
      slowest = max(slowest, ContinuousClock.now - began)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for sender in Self.senders {
          group.addTask { await submit(by: sender, to: chain.client, acknowledged) }
        }
        // On a slow machine too, some nodes live to tell something.
        if kills % 4 == 3 { try await acknowledged.grow() }
        // The moment comes from the machine: it is the kill that has to be survived, not its replay.
        try await Task.sleep(for: .milliseconds(Int.random(in: 20...3 * Self.blockTime)))
        chain.run.child.send(SIGKILL)
        group.cancelAll()
        try await group.waitForAll()
      }
      #expect(try await chain.end().status == .signalled(SIGKILL))
      kills += 1
    }
    let told = acknowledged.inclusions.withLock { $0 }
    print("kills \(kills), acknowledged \(told.count), slowest start \(slowest); \(acknowledged.failureText)")
    #expect(told.count >= kills / 4)
    try await check(told, in: folder)
  }

  private func fund(in folder: TemporaryFolder) async throws {
    let chain = try await RunningChain.start(in: folder)
    for sender in Self.senders {
      let paid = try await chain.client.submitAndWait(
        Transfer(to: sender.account, amount: .tao(10_000)), signedBy: DevelopmentAccount.faucet.keyPair)
      #expect(paid.isSuccess)
    }
    #expect(try await chain.end(SIGTERM).status == .exited(0))
  }

  private func submit(by sender: KeyPair, to client: ChainClient, _ acknowledged: Acknowledged) async {
    while !Task.isCancelled {
      do throws(ChainClientError) {
        let transfer = Transfer(to: DevelopmentAccount.miner.account, amount: .tao(1))
        acknowledged.add(try await client.submitAndWait(transfer, signedBy: sender))
      } catch {
        // The node is late, or gone; what became of the extrinsic is for the receipts to say.
        acknowledged.failed("\(error)")
        do { try await Task.sleep(for: .milliseconds(20)) } catch { return }
      }
    }
  }

  /// Every receipt is the one that was given, and all blocks, executed again, end in the stored state.
  private func check(_ told: [Inclusion], in folder: TemporaryFolder) async throws {
    let verified = try await ChainRun.finish(["verify", "--replay", "--json"], in: folder, within: .seconds(3600))
    #expect(verified.status == .exited(0), "\(verified.errors)")
    let root = try verified.json.member("state_root").string()
    let genesis = ChainGenesis(.local, authority: KeyPair.development(name: "authority").account)
    let history = try await StoreFolder(path: folder.path + "/state").openHistory(
      genesis: genesis.chainID, hash: { Hash256(hashing: $0) })
    if let head = try await history.head() { #expect(head.stateRoot.description == root) }
    for inclusion in told {
      let receipt = try #require(try await history.receipt(of: inclusion.extrinsic), "\(inclusion) is lost")
      #expect(receipt.height == inclusion.block)
      #expect(receipt.index == inclusion.index)
      #expect(try await history.block(at: receipt.height)?.hash == inclusion.blockHash)
    }
  }

  @Test(arguments: ["before-append", "during-append", "after-append"], 0..<3)
  func aDeathAroundAnAppendLosesNothingThatWasSaid(point: String, passes: Int) async throws {
    for round in 0..<figure("TORTURE_ROUNDS", 1) {
      let folder = try TemporaryFolder()
      let chain = try await RunningChain.start(
        ["--block-time", "instant"], in: folder,
        environment: ["SUBNETKIT_TEST_DEATH": "\(point) \(passes + round)"])
      var told: [Inclusion] = []
      let client = chain.client
      while let inclusion = try await chain.unlessItEnds({
        try await client.submitAndWait(
          Transfer(to: DevelopmentAccount.miner.account, amount: .tao(1)), signedBy: DevelopmentAccount.faucet.keyPair)
      }) { told.append(inclusion) }
      #expect(try await chain.end().status == .signalled(SIGKILL))
      #expect(told.count == passes + round)
      try await check(told, in: folder)
      let again = try await RunningChain.start(["--block-time", "instant"], in: folder)
      // The block that nobody was told of is there exactly when it was appended.
      let height = try await again.client.head().number.value
      let unheard = height - UInt64(told.count)
      #expect(point == "during-append" ? unheard <= 1 : unheard == (point == "after-append" ? 1 : 0))
      #expect(try await again.end(SIGTERM).status == .exited(0))
    }
  }

  @Test(arguments: ["before-snapshot", "during-snapshot", "after-snapshot"])
  func aDeathAroundASnapshotLeavesAChainThatStarts(point: String) async throws {
    for _ in 0..<figure("TORTURE_ROUNDS", 1) {
      let folder = try TemporaryFolder()
      let chain = try await RunningChain.start(
        ["--block-time", "manual"], in: folder, environment: ["SUBNETKIT_TEST_DEATH": "\(point) 0"])
      // The snapshot is that of block 1,000; one request has a minute for its blocks.
      _ = try await chain.client.advance(by: 900)
      let advance = Task { try await chain.client.advance(by: 100) }
      #expect(try await chain.end().status == .signalled(SIGKILL))
      advance.cancel()
      await #expect(throws: ChainClientError.self) { try await advance.value }
      try await check([], in: folder)
      let again = try await RunningChain.start(["--block-time", "manual"], in: folder)
      #expect(try await again.client.head().number.value == 1000)
      #expect(try await again.client.advance(by: 1).number.value == 1001)
      #expect(try await again.end(SIGTERM).status == .exited(0))
    }
  }
}
