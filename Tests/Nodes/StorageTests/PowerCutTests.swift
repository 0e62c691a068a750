import CSQLite
import Daemon
import Glibc
import TestThreads
import Primitives
import Storage
import Testing

@Suite(.computing, .timeLimit(.minutes(20))) struct PowerCutTests {
  let folder = TemporaryFolder()
  var running: String { "\(folder.path)/running" }

  var options: StoreOptions {
    #expect(BreakableDisk.isRegistered)
    var options = StoreOptions()
    options.fileLayer = BreakableDisk.layerName
    return options
  }

  /// Puts a disk's files where a store finds them.
  func lay(_ files: [String: [UInt8]], witness: [UInt8]?) throws -> String {
    let path = "\(folder.path)/after"
    TemporaryFolder.remove(path)
    try makeFolders(path)
    for (file, bytes) in files {
      let name = file.dropFirst(BreakableDisk.folder(of: file).count + 1)
      try AtomicFile("\(path)/\(name)").write(bytes)
    }
    if let witness { try AtomicFile("\(path)/head").write(witness) }
    return path
  }

  /// Runs a store until the disk fails or `blocks` are in; every block is acknowledged in the disk's own record.
  func run(blocks: UInt64, snapshots: UInt64) async -> StorageError? {
    await storageError {
      let store = try await openStore(running, options: options)
      for height in 0..<blocks {
        let failure = await storageError { try await store.append(testBlock(height, bodyBytes: 1500)) }
        if let failure {
          // What failed once is never tried again.
          #expect(await storageError { try await store.append(testBlock(height, bodyBytes: 1500)) } == failure)
          throw failure
        }
        let witness = try AtomicFile("\(running)/head").read(limit: 4096)
        BreakableDisk.note(.acknowledged(height: height, witness: witness), in: running)
        if height % snapshots == snapshots - 1 {
          try await store.save(
            StoredSnapshot(height: BlockNumber(height), stateRoot: .zero, body: [UInt8](repeating: 5, count: 9000)))
        }
      }
      try await store.close()
    }
  }

  /// Checks that a store after the cut has every acknowledged block, and works.
  func expectNothingLost(of events: ArraySlice<BreakableDisk.Event>, seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    var last: (height: UInt64, witness: [UInt8])?
    for case .acknowledged(let height, let witness) in events { last = (height, witness) }
    let path = try lay(BreakableDisk.cut(events, using: &generator), witness: last?.witness)
    let store = try await openStore(path)
    let head = await store.head?.height.value
    #expect((head.map { $0 + 1 } ?? 0) >= (last.map { $0.height + 1 } ?? 0), "seed \(seed), \(events.count) events")
    if let head {
      #expect(try await store.history.block(at: BlockNumber(head)) == testBlock(head, bodyBytes: 1500))
      #expect(try await store.verify().blocks == Int(head) + 1)
    }
    try await store.append(testBlock(head.map { $0 + 1 } ?? 0))
    try await store.close()
  }

  @Test func noAcknowledgedBlockIsLostToAPowerCut() async throws {
    defer { BreakableDisk.forget(running) }
    #expect(await run(blocks: 60, snapshots: 10) == nil)
    let events = BreakableDisk.events(in: running)
    try #require(events.count > 500)
    var generator = SeededGenerator(seed: 12)
    for seed in 0..<200 as Range<UInt64> {
      // Before the tables are made there is nothing to open, and nothing was promised.
      let moment = Int.random(in: firstAcknowledgement(in: events)...events.count, using: &generator)
      try await expectNothingLost(of: events[..<moment], seed: seed)
    }
  }

  private func firstAcknowledgement(in events: [BreakableDisk.Event]) -> Int {
    events.firstIndex { if case .acknowledged = $0 { true } else { false } } ?? 0
  }

  @Test func aCutWhileTheTablesAreMadeLeavesAFolderThatStillStarts() async throws {
    defer { BreakableDisk.forget(running) }
    #expect(await run(blocks: 1, snapshots: 10) == nil)
    let events = BreakableDisk.events(in: running)
    for moment in 0...firstAcknowledgement(in: events) {
      try await expectNothingLost(of: events[..<moment], seed: UInt64(moment))
    }
  }

  /// `SQLITE_FULL`, `SQLITE_IOERR_WRITE` and `SQLITE_IOERR_FSYNC`; the latter two are macros that Swift does not import.
  @Test(arguments: [SQLITE_FULL, SQLITE_IOERR | (3 << 8)], [true, false])
  func everyFailingWriteOrFlushEndsTheStoreBeforeItsAnswer(writeCode: Int32, isLasting: Bool) async throws {
    var failures = 0
    for successes in 0..<150 {
      defer {
        BreakableDisk.forget(running)
        TemporaryFolder.remove(running)
      }
      BreakableDisk.fail(
        in: running,
        with: .init(
          successes: successes, writeCode: writeCode, flushCode: SQLITE_IOERR | (4 << 8), isLasting: isLasting))
      let error = await run(blocks: 12, snapshots: 4)
      guard BreakableDisk.hasFailed(in: running) else { break }
      failures += 1
      #expect(error?.exitCode == .storage, "after \(successes): \(error.map(\.description) ?? "no error")")
      // The machine starts again with room on its disk.
      try await expectNothingLost(of: BreakableDisk.events(in: running)[...], seed: UInt64(successes))
    }
    #expect(failures > 100)
  }
}
