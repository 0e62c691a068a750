import ChainNode
import Daemon
import Glibc
import JSONText
import Keys
import Ledger
import Neurons
import Primitives
import Testing

/// What takes a machine of its own for a while, in small here and in full by `make torture`.
/// Source: reliability T-03, T-10, T-11, T-13, T-15.
@Suite(.serialized, .timeLimit(.minutes(240))) struct ChainNightTests {
  private static let faucet = DevelopmentAccount.faucet.keyPair
  private let transfer = Transfer(to: DevelopmentAccount.miner.account, amount: .tao(1))

  /// The state root at which a chain in the folder ends when every block is executed again.
  private func replayedRoot(_ folder: TemporaryFolder, _ environment: [String: String] = [:]) async throws -> String {
    let outcome = try await ChainRun.finish(
      ["verify", "--replay", "--json"], in: folder, environment: environment, within: .seconds(3600))
    #expect(outcome.status == .exited(0), "\(outcome.errors)")
    return try outcome.json.member("state_root").string()
  }

  @Test func everyBuildAndEveryHashSeedGivesTheSameStates() async throws {
    let folder = try TemporaryFolder()
    // By the build beside the tests, also where a nightly run names another.
    let chain = try await RunningChain.start(
      ["--block-time", "instant"], in: folder, environment: ["SWIFT_DETERMINISTIC_HASHING": "1"])
    for name in 0..<3 {
      let key = KeyPair.development(name: "builder-\(name)")
      let hotkey = Hotkey(key.account)
      try await chain.client.submitAndWait(Transfer(to: key.account, amount: .tao(5000)), signedBy: Self.faucet)
      try await chain.client.submitAndWait(RegisterSubnet(hotkey: hotkey), signedBy: key)
      try await chain.client.submitAndWait(AddStake(hotkey: hotkey, netuid: .root, amount: .tao(100)), signedBy: key)
    }
    // Past a few epochs.
    _ = try await chain.client.advance(by: UInt64(figure("TORTURE_ADVANCE", 100)))
    let root = try await chain.client.status().stateRoot.description
    #expect(try await chain.end(SIGTERM).status == .exited(0))
    #expect(try await replayedRoot(folder, ["SWIFT_DETERMINISTIC_HASHING": "1"]) == root)
    #expect(try await replayedRoot(folder, ["SUBNETKIT_TEST_NOTHING": "1"]) == root)
    // Another build where TORTURE_CHAIN names one.
    #expect(try await replayedRoot(folder) == root)
  }

  @Test func aBackupThatIsKilledLeavesNothingThatLooksWhole() async throws {
    let folder = try TemporaryFolder()
    let chain = try await RunningChain.start(["--block-time", "instant"], in: folder)
    _ = try await chain.client.advance(by: 300)
    var wholeCount = 0
    for round in 0..<4 * figure("TORTURE_ROUNDS", 1) {
      let file = "\(folder.path)/backup-\(round)"
      let backup = try await ChainRun.start(["backup", "--json", file], in: folder)
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...400)))
      backup.child.send(SIGKILL)
      let outcome = try await backup.outcome()
      let isThere = access(file, F_OK) == 0
      #expect(isThere || outcome.status == .signalled(SIGKILL))
      guard isThere, access(file + ".b2", F_OK) == 0 else { continue }
      wholeCount += 1
      let restored = try await ChainRun.finish(
        ["restore", "--json", "--state", "\(folder.path)/again-\(round)", file], in: folder)
      #expect(restored.status == .exited(0), "\(restored.errors)")
    }
    // What was left does not stand in the way, and the node has not noticed.
    let file = folder.path + "/backup-0"
    for name in [file, file + ".b2"] { unlink(name) }
    let last = try await ChainRun.finish(["backup", "--json", file], in: folder)
    #expect(last.status == .exited(0), "\(last.errors)")
    #expect(try await chain.client.submitAndWait(transfer, signedBy: Self.faucet).isSuccess)
    #expect(try await chain.end(SIGTERM).status == .exited(0))
    print("\(wholeCount) backups were whole before their kill")
  }

  @Test func aLongTailOfBusyBlocksIsReplayed() async throws {
    let folder = try TemporaryFolder()
    let senders = (0..<9).map { KeyPair.development(name: "tail-\($0)") }
    let chain = try await RunningChain.start(["--block-time", "10ms"], in: folder)
    let wanted = UInt64(figure("TORTURE_TAIL", 60))
    for sender in senders {
      try await chain.client.submitAndWait(Transfer(to: sender.account, amount: .tao(2000)), signedBy: Self.faucet)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      let (client, transfer) = (chain.client, transfer)
      for sender in senders {
        group.addTask { while !Task.isCancelled { _ = try? await client.submitAndWait(transfer, signedBy: sender) } }
      }
      while try await client.head().number.value < wanted { try await Task.sleep(for: .milliseconds(20)) }
      chain.run.child.send(SIGKILL)
      group.cancelAll()
      try await group.waitForAll()
    }
    #expect(try await chain.end().status == .signalled(SIGKILL))
    let began = ContinuousClock.now
    let again = try await RunningChain.start(["--block-time", "manual"], in: folder)
    let time = ContinuousClock.now - began
    let height = try await again.client.head().number.value
    #expect(height >= wanted)
    print("a start over \(height) busy blocks took \(time)")
    #expect(try await again.end(SIGTERM).status == .exited(0))
  }

  @Test func aLargeChainIsRestoredInTime() async throws {
    let folder = try TemporaryFolder()
    let chain = try await RunningChain.start(["--block-time", "manual"], in: folder)
    let blocks = UInt64(figure("TORTURE_BLOCKS", 2000))
    var made: UInt64 = 0
    // One request has a minute for its blocks.
    while made < blocks { made = try await chain.client.advance(by: min(500, blocks - made)).number.value }
    let root = try await chain.client.status().stateRoot.description
    #expect(try await chain.end(SIGTERM).status == .exited(0))
    let file = folder.path + "/backup"
    let backup = try await ChainRun.finish(["backup", "--json", file], in: folder, within: .seconds(3600))
    #expect(backup.status == .exited(0), "\(backup.errors)")
    let began = ContinuousClock.now
    // Five minutes are the figure of T-15 for 100,000 blocks, and say nothing about fewer.
    let restored = try await ChainRun.finish(
      ["restore", "--json", "--state", folder.path + "/again", file], in: folder,
      within: .seconds(blocks < 100_000 ? 3600 : 300))
    let restoreTime = ContinuousClock.now - began
    #expect(restored.status == .exited(0), "\(restored.errors)")
    #expect(try restored.json.member("state_root").string() == root)
    let startBegan = ContinuousClock.now
    let again = try await RunningChain.start(["--block-time", "manual", "--state", folder.path + "/again"], in: folder)
    let startTime = ContinuousClock.now - startBegan
    #expect(try await again.client.head().number.value == blocks)
    #expect(try await again.end(SIGTERM).status == .exited(0))
    print("\(blocks) blocks: restored in \(restoreTime), started in \(startTime)")
  }

  /// A small disk of its own, which takes the right to mount: printed where there is none.
  @Test(.enabled(if: figure("TORTURE_DISKS", 0) > 0)) func aFullDiskEndsTheNodeAndRoomBringsItBack() async throws {
    for round in 0..<figure("TORTURE_DISKS", 0) {
      let folder = try TemporaryFolder()
      let state = folder.path + "/state"
      mkdir(state, 0o700)
      guard try await run("/bin/mount", "-t", "tmpfs", "-o", "size=\(400 + 16 * round)k", "tmpfs", state, in: folder)
      else {
        print("SKIPPED: no right to mount a small disk")
        return
      }
      try await fill(folder, round: round)
      #expect(try await run("/bin/umount", state, in: folder))
    }
  }

  private func fill(_ folder: TemporaryFolder, round: Int) async throws {
    let chain = try await RunningChain.start(["--block-time", "instant"], in: folder)
    var told: [Inclusion] = []
    let (client, transfer) = (chain.client, transfer)
    while told.count < 5000,
      let inclusion = try await chain.unlessItEnds({ try await client.submitAndWait(transfer, signedBy: Self.faucet) })
    { told.append(inclusion) }
    let outcome = try await chain.end()
    #expect(outcome.status == .exited(ExitCode.storage.rawValue), "\(outcome.errors)")
    #expect(try await run("/bin/mount", "-o", "remount,size=64m", folder.path + "/state", in: folder))
    let again = try await RunningChain.start(["--block-time", "instant"], in: folder)
    for inclusion in told {
      #expect(try await again.client.receipt(of: inclusion.extrinsic)?.block == inclusion.block)
    }
    #expect(try await again.client.submitAndWait(transfer, signedBy: Self.faucet).isSuccess)
    #expect(try await again.end(SIGTERM).status == .exited(0))
    print("disk \(round): full after \(told.count) acknowledged extrinsics")
  }

  /// Each of the first 500 writes and flushes fails once, or from then on. Source: reliability T-13.
  @Test(.enabled(if: figure("TORTURE_FAULTS", 0) > 0)) func aFailingCallEndsTheNodeBeforeItAcknowledges() async throws {
    let tracer = "/usr/bin/strace"
    guard access(tracer, X_OK) == 0 else {
      print("SKIPPED: no \(tracer) to make calls fail with")
      return
    }
    let rounds = figure("TORTURE_FAULTS", 0)
    var failures = 0
    for round in 0..<rounds {
      let folder = try TemporaryFolder()
      let files = ["blocks.sqlite", "blocks.sqlite-wal", "head"].map { "-P '\(folder.path)/state/\($0)'" }
      let call = ["pwrite64", "fdatasync,fsync"][round % 2]
      let error = ["ENOSPC", "EIO"][round / 2 % 2]
      // A block is one flush and about seven writes.
      let number = 1 + (round / 8 * 500 / (1 + rounds / 8) + round / 8) % 500 / (round % 2 == 0 ? 1 : 7)
      let fault = "inject=\(call):error=\(error):when=\(number)" + (round / 4 % 2 == 0 ? "+" : "")
      // The tracer steps aside: the node stays the child of this process.
      let tracing = "set -- \(tracer) -D -f -qq -o /dev/null \(files.joined(separator: " ")) -e \(fault) \"$@\""
      failures += try await fail(folder, under: tracing) ? 1 : 0
    }
    print("\(failures) of \(rounds) nodes met a failing call, nothing acknowledged lost")
    #expect(failures > rounds / 2)
  }

  /// Runs a node until a call fails, and again without faults; false when none failed in 100 blocks.
  private func fail(_ folder: TemporaryFolder, under tracing: String) async throws -> Bool {
    var told: [Inclusion] = []
    let ending: Daemon.ExitStatus?
    var log = ""
    do {
      let chain = try await RunningChain.start(["--block-time", "instant"], in: folder, shell: tracing)
      let (client, transfer) = (chain.client, transfer)
      while told.count < 100,
        let inclusion = try await chain.unlessItEnds({ try await client.submitAndWait(transfer, signedBy: Self.faucet) }
        )
      { told.append(inclusion) }
      let outcome = try await chain.end(told.count < 100 ? nil : SIGTERM)
      (ending, log) = (outcome.status, outcome.errors)
    } catch let error as NotReady {
      (ending, log) = (error.status, error.description)
    }
    let hasFailed = told.count < 100
    #expect(ending == .exited(hasFailed ? ExitCode.storage.rawValue : 0), "\(tracing): \(log)")
    let again = try await RunningChain.start(["--block-time", "instant"], in: folder)
    for inclusion in told {
      #expect(try await again.client.receipt(of: inclusion.extrinsic)?.block == inclusion.block, "\(tracing)")
    }
    #expect(try await again.client.submitAndWait(transfer, signedBy: Self.faucet).isSuccess)
    #expect(try await again.end(SIGTERM).status == .exited(0))
    return hasFailed
  }

  private func run(_ program: String, _ arguments: String..., in folder: TemporaryFolder) async throws -> Bool {
    let child = try await ChildProcess.start(
      ChildCommand(
        name: "disk", executable: program, arguments: arguments, environment: [:],
        logPath: folder.path + "/mount.log"))
    return try await child.ended().isSuccess
  }
}
