import Daemon
import Glibc
import JSONText
import Keys
import Ledger
import Neurons
import Primitives
import Testing

/// Full disks, damaged files, backups and poison, through the executable. Source: reliability T-13 to T-17.
@Suite(.serialized, .timeLimit(.minutes(60))) struct ChainDamageTests {
  private static let faucet = DevelopmentAccount.faucet.keyPair
  private let transfer = Transfer(to: DevelopmentAccount.miner.account, amount: .tao(1))

  /// A stopped chain with so many transfers in it.
  private func grow(_ folder: TemporaryFolder, transfers: Int) async throws {
    let chain = try await RunningChain.start(["--block-time", "instant"], in: folder)
    for _ in 0..<transfers {
      let inclusion = try await chain.client.submitAndWait(transfer, signedBy: Self.faucet)
      #expect(inclusion.isSuccess)
    }
    #expect(try await chain.end(SIGTERM).status == .exited(0))
  }

  @Test func aFullDiskEndsTheNodeBeforeItAcknowledges() async throws {
    let folder = try TemporaryFolder()
    // No file may grow over 256 KiB, and the signal that says so is an error of the write instead.
    let chain = try await RunningChain.start(
      ["--block-time", "instant"], in: folder, shell: "trap '' XFSZ; ulimit -f 512")
    var told: [Inclusion] = []
    let (client, transfer) = (chain.client, transfer)
    while told.count < 2000,
      let inclusion = try await chain.unlessItEnds({ try await client.submitAndWait(transfer, signedBy: Self.faucet) })
    { told.append(inclusion) }
    let outcome = try await chain.end()
    #expect(outcome.status == .exited(ExitCode.storage.rawValue), "\(outcome.errors)")
    #expect(!told.isEmpty && told.count < 2000)
    let again = try await RunningChain.start(["--block-time", "instant"], in: folder)
    for inclusion in told {
      #expect(try await again.client.receipt(of: inclusion.extrinsic)?.block == inclusion.block)
    }
    #expect(try await again.client.submitAndWait(transfer, signedBy: Self.faucet).isSuccess)
    #expect(try await again.end(SIGTERM).status == .exited(0))
  }

  @Test func everyDamageIsFoundAndNoneIsAnswered() async throws {
    let folder = try TemporaryFolder()
    try await grow(folder, transfers: 12)
    let state = folder.path + "/state"
    let before = try await ChainRun.finish(["verify", "--json"], in: folder)
    let root = try before.json.member("state_root").string()
    let database = try contents(of: state + "/blocks.sqlite")
    let rounds = figure("TORTURE_DAMAGES", 48)
    // A night tries others than the night before.
    let seed = figure("TORTURE_SEED", rounds > 48 ? .random(in: 0..<1_000_000) : 16)
    var random = SplitMix64(seed: UInt64(seed))
    for round in 0..<rounds {
      var damaged = database
      switch round % 4 {
      case 0: damaged[.random(in: 0..<damaged.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: damaged.removeLast(.random(in: 1..<damaged.count, using: &random))
      case 2:
        let page = Int.random(in: 0..<damaged.count / 4096, using: &random) * 4096
        for place in page..<page + 4096 { damaged[place] = 0 }
      default:
        // A write that went to another page.
        let pages = 1..<damaged.count / 4096
        let (from, to) = (Int.random(in: pages, using: &random), Int.random(in: pages, using: &random))
        damaged.replaceSubrange(to * 4096..<to * 4096 + 4096, with: damaged[from * 4096..<from * 4096 + 4096])
      }
      guard damaged != database else { continue }
      try AtomicFile(state + "/blocks.sqlite").write(damaged)
      for name in ["-wal", "-shm"] { unlink(state + "/blocks.sqlite" + name) }
      // Every other round through the start of a node, which would run on if it saw nothing.
      let isStart = round % 8 < 4
      let run = try await ChainRun.start(
        isStart ? ["--block-time", "manual", "--json"] : ["verify", "--json"], in: folder)
      let outcome = try await run.outcome()
      #expect(outcome.status == .exited(ExitCode.damagedData.rawValue), "seed \(seed), round \(round): \(outcome)")
      #expect(!outcome.lines.contains { $0.contains("ready") || $0.contains("verified") })
      #expect(outcome.errors.contains("damaged") || outcome.errors.contains("not what it is"), "\(outcome.errors)")
    }
    try AtomicFile(state + "/blocks.sqlite").write(database)
    let after = try await ChainRun.finish(["verify", "--replay", "--json"], in: folder)
    #expect(try after.json.member("state_root").string() == root)
  }

  private func contents(of path: String) throws -> [UInt8] { try AtomicFile(path).read(limit: 1 << 30) }

  @Test func aBackupUnderLoadIsRestoredToTheSameState() async throws {
    let folder = try TemporaryFolder()
    let chain = try await RunningChain.start(["--block-time", "instant"], in: folder)
    let (client, transfer) = (chain.client, transfer)
    let load = Task {
      while !Task.isCancelled { _ = try? await client.submitAndWait(transfer, signedBy: Self.faucet) }
    }
    while try await client.head().number.value < 10 {}
    let file = folder.path + "/backup"
    let made = try await ChainRun.finish(["backup", "--json", file], in: folder)
    #expect(made.status == .exited(0), "\(made.errors)")
    let height: UInt64 = try made.json.member("height").integer()
    #expect(height >= 10)
    load.cancel()
    await load.value
    #expect(try await chain.end(SIGTERM).status == .exited(0))

    let restored = try await ChainRun.finish(
      ["restore", "--json", "--state", folder.path + "/again", file], in: folder)
    #expect(restored.status == .exited(0), "\(restored.errors)")
    #expect(try restored.json.member("height").integer() == height)
    let exported = try await ChainRun.finish(["export", "--from", "\(height)", "--to", "\(height)"], in: folder)
    #expect(try restored.json.member("state_root") == exported.json.member("state_root"))

    var broken = try contents(of: file)
    broken[broken.count / 2] ^= 4
    try AtomicFile(file).write(broken)
    for digest in [true, false] {
      if !digest { unlink(file + ".b2") }
      let refused = try await ChainRun.finish(["restore", "--state", folder.path + "/third", file], in: folder)
      #expect(refused.status == .exited(ExitCode.damagedData.rawValue), "\(refused.errors)")
    }
    let none = try await ChainRun.finish(["verify", "--state", folder.path + "/third"], in: folder)
    #expect(none.status == .exited(ExitCode.usage.rawValue))
  }

  @Test(arguments: ["SUBNETKIT_TEST_POISON_CALL", "SUBNETKIT_TEST_POISON_ADMISSION"])
  func aPoisonedExtrinsicStopsTheNodeOnce(moment: String) async throws {
    let folder = try TemporaryFolder()
    let poison = [moment: "Transfer"]
    let chain = try await RunningChain.start(["--block-time", "instant"], in: folder, environment: poison)
    let (client, transfer) = (chain.client, transfer)
    let answer = try await chain.unlessItEnds { try await client.submitAndWait(transfer, signedBy: Self.faucet) }
    #expect(answer == nil)
    #expect(try await chain.end().status == .exited(ExitCode.invariantBroken.rawValue))
    let explained = try await ChainRun.finish(["quarantine", "--json"], in: folder)
    let note = try explained.json.member("pending")
    #expect(try note.member("call").string() == "Transfer")
    #expect(try note.member("stored").bool() == false)
    let again = try await RunningChain.start(["--block-time", "instant"], in: folder, environment: poison)
    let refused = try await ChainRun.finish(["quarantine"], in: folder)
    #expect(refused.lines.first?.contains("is refused since") == true)
    #expect(try await again.client.head().number.value == 0)
    #expect(try await again.end(SIGTERM).status == .exited(0))
  }

  @Test func aPoisonedStoredBlockTrapsOnceAndIsExplained() async throws {
    let folder = try TemporaryFolder()
    try await grow(folder, transfers: 2)
    let poison = ["SUBNETKIT_TEST_POISON_CALL": "Transfer"]
    let first = try await ChainRun.finish(["--block-time", "manual"], in: folder, environment: poison)
    #expect(first.status == .exited(ExitCode.invariantBroken.rawValue))
    #expect(first.errors.contains("a test planted this trap"))
    let second = try await ChainRun.finish(["--block-time", "manual"], in: folder, environment: poison)
    #expect(second.status == .exited(ExitCode.invariantBroken.rawValue))
    #expect(second.errors.contains("chain quarantine"))
    let explained = try await ChainRun.finish(["quarantine", "--json"], in: folder)
    #expect(try explained.json.member("pending").member("stored").bool())
    #expect(try explained.json.member("pending").member("height").integer() == 1)
    #expect(try await ChainRun.finish(["quarantine", "--clear"], in: folder).status == .exited(0))
    let mended = try await RunningChain.start(["--block-time", "manual"], in: folder)
    #expect(try await mended.client.head().number.value == 2)
    #expect(try await mended.end(SIGTERM).status == .exited(0))
  }
}
