import CSQLite
import Daemon
import Glibc
import TestThreads
import Primitives
import Storage
import Testing

@Suite(.computing, .timeLimit(.minutes(240))) struct PowerCutTests {
  /// Made once: hundreds of runs begin with the same blocks.
  private static let blocks = (0..<70 as Range<UInt64>).map { testBlock($0, bodyBytes: 1500) }

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
        let failure = await storageError { try await store.append(Self.blocks[Int(height)]) }
        if let failure {
          // What failed once is never tried again.
          #expect(await storageError { try await store.append(Self.blocks[Int(height)]) } == failure)
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

  /// What was acknowledged last.
  func acknowledged(in events: some Sequence<BreakableDisk.Event>) -> (height: UInt64, witness: [UInt8])? {
    var last: (height: UInt64, witness: [UInt8])?
    for case .acknowledged(let height, let witness) in events { last = (height, witness) }
    return last
  }

  /// Checks that a store after a power cut has every acknowledged block, and works.
  func expectNothingLost(of events: ArraySlice<BreakableDisk.Event>, seed: UInt64) async throws {
    var generator = SplitMix64(seed: seed)
    try await expectNothingLost(
      after: acknowledged(in: events), in: BreakableDisk.cut(events, using: &generator),
      "seed \(seed), \(events.count) events")
  }

  /// Checks that a store on these files has every acknowledged block, and works.
  func expectNothingLost(
    after last: (height: UInt64, witness: [UInt8])?, in files: [String: [UInt8]], _ moment: String
  ) async throws {
    let store = try await openStore(try lay(files, witness: last?.witness))
    let head = await store.head?.height.value
    #expect((head.map { $0 + 1 } ?? 0) >= (last.map { $0.height + 1 } ?? 0), "\(moment)")
    if let head {
      #expect(try await store.history.block(at: BlockNumber(head)) == Self.blocks[Int(head)], "\(moment)")
      #expect(try await store.verify().blocks == Int(head) + 1, "\(moment)")
    }
    try await store.append(testBlock(head.map { $0 + 1 } ?? 0))
    try await store.close()
  }

  @Test func noAcknowledgedBlockIsLostToAPowerCut() async throws {
    let cuts = UInt64(figure("TORTURE_CUTS", 200))
    // A run is cut at many moments; a night has many runs, each with snapshots at other places.
    let cutsPerRun: UInt64 = 200
    for first in stride(from: 0, to: cuts, by: Int(cutsPerRun)) {
      defer {
        BreakableDisk.forget(running)
        TemporaryFolder.remove(running)
      }
      #expect(await run(blocks: 60, snapshots: 10 + first / cutsPerRun % 23) == nil)
      let events = BreakableDisk.events(in: running)
      try #require(events.count > 500)
      var generator = SplitMix64(seed: 12 + first)
      for seed in first..<min(cuts, first + cutsPerRun) {
        // Before the tables are made there is nothing to open, and nothing was promised.
        let moment = Int.random(in: firstAcknowledgement(in: events)...events.count, using: &generator)
        try await expectNothingLost(of: events[..<moment], seed: seed)
      }
    }
    print("\(cuts) power cuts, nothing acknowledged lost")
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
  ///
  /// Source: reliability T-13, the first 500 calls.
  @Test(arguments: [SQLITE_FULL, SQLITE_IOERR | (3 << 8)], [true, false])
  func everyFailingWriteOrFlushEndsTheStoreBeforeItsAnswer(writeCode: Int32, isLasting: Bool) async throws {
    for successes in 0..<500 {
      defer {
        BreakableDisk.forget(running)
        TemporaryFolder.remove(running)
      }
      BreakableDisk.fail(
        in: running,
        with: .init(
          successes: successes, writeCode: writeCode, flushCode: SQLITE_IOERR | (4 << 8), isLasting: isLasting))
      let error = await run(blocks: 70, snapshots: 4)
      try #require(BreakableDisk.hasFailed(in: running), "there are only \(successes) calls")
      #expect(error?.exitCode == .storage, "after \(successes): \(error.map(\.description) ?? "no error")")
      let events = BreakableDisk.events(in: running)
      // The process starts again with room on its disk; every other time the whole machine does.
      if successes % 2 == 0 {
        try await expectNothingLost(
          after: acknowledged(in: events), in: BreakableDisk.files(in: running), "after \(successes)")
      } else {
        try await expectNothingLost(of: events[...], seed: UInt64(successes))
      }
    }
  }

  /// A disk that lies: half of what it took is not there, and no call said so.
  @Test func aSilentlyShortenedWriteIsFoundOrHarmsNothing() async throws {
    var found = 0
    for successes in stride(from: 0, to: 500, by: figure("TORTURE_CUTS", 200) > 200 ? 1 : 5) {
      defer {
        BreakableDisk.forget(running)
        TemporaryFolder.remove(running)
      }
      BreakableDisk.fail(
        in: running,
        with: .init(
          successes: successes, writeCode: BreakableDisk.halfWritten, flushCode: SQLITE_OK, isLasting: false))
      let blocks: UInt64 = 70
      let error = await run(blocks: blocks, snapshots: 4)
      try #require(BreakableDisk.hasFailed(in: running), "there are only \(successes) calls")
      if let error {
        // Noticed while it ran.
        #expect(error.exitCode == .damagedData || error.exitCode == .storage, "after \(successes): \(error)")
      }
      let last = acknowledged(in: BreakableDisk.events(in: running))
      let damage = await storageError {
        let store = try await openStore(try lay(BreakableDisk.files(in: running), witness: last?.witness))
        do {
          _ = try await store.verify()
          // Nothing is wrong: then nothing is missing, and every answer is right.
          for height in 0..<(last.map { $0.height + 1 } ?? 0) {
            let block = try await store.history.block(at: BlockNumber(height))
            #expect(block == Self.blocks[Int(height)], "after \(successes)")
          }
          try await store.close()
        } catch {
          try await store.close()
          throw error
        }
      }
      if let damage {
        found += 1
        #expect(damage.exitCode == .damagedData, "after \(successes): \(damage)")
      }
    }
    #expect(found > 0)
  }
}
