import JSONText
import CSQLite
import Daemon
import Glibc
import Primitives
import Storage
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(20))) struct BlockStoreTests {
  let folder = TemporaryFolder()
  var path: String { "\(folder.path)/chain" }

  @Test func blocksComeBackAsTheyWentInAlsoAfterAReopening() async throws {
    var store = try await openStore(path)
    #expect(await store.head == nil)
    #expect(try await store.history.head() == nil)
    for height in 0..<5 as Range<UInt64> { try await store.append(testBlock(height)) }
    try await store.close()
    store = try await openStore(path)
    let head = try #require(await store.head)
    #expect(head.height == BlockNumber(4) && head.hash == testBlock(4).hash && head.stateRoot == testBlock(4).stateRoot)
    #expect(try await store.history.head() == head)
    for height in 0..<5 as Range<UInt64> {
      #expect(try await store.history.block(at: BlockNumber(height)) == testBlock(height))
    }
    #expect(try await store.history.block(at: BlockNumber(5)) == nil)
    #expect(try await store.history.block(with: testBlock(3).hash) == testBlock(3))
    #expect(try await store.history.block(with: .zero) == nil)
    #expect(try await store.history.blocks(from: BlockNumber(3)) == [testBlock(3), testBlock(4)])
    try await store.append(testBlock(5, extrinsics: 0, bodyBytes: 0))
    #expect(try await store.history.block(at: BlockNumber(5)) == testBlock(5, extrinsics: 0, bodyBytes: 0))
  }

  @Test func receiptsAreFoundByIdAndByNonce() async throws {
    let store = try await openStore(path)
    for height in 0..<3 as Range<UInt64> { try await store.append(testBlock(height)) }
    let wanted = testBlock(1).extrinsics[1]
    let receipt = StoredReceipt(height: BlockNumber(1), index: 1, extrinsic: wanted)
    #expect(try await store.history.receipt(of: wanted.id) == receipt)
    #expect(try await store.history.receipt(of: wanted.signer, nonce: 1) == receipt)
    #expect(try await store.history.receipt(of: wanted.signer, nonce: 2) == nil)
    #expect(try await store.history.receipt(of: .zero) == nil)
    #expect(try await store.history.events(at: BlockNumber(1)) == testBlock(1).events)
    #expect(try await store.history.events(at: BlockNumber(9)) == [])
  }

  @Test func aStreamReadsInOrderUpToItsEnd() async throws {
    let store = try await openStore(path)
    for height in 0..<150 as Range<UInt64> { try await store.append(testBlock(height, extrinsics: 0, bodyBytes: 8)) }
    var heights: [UInt64] = []
    for try await block in store.history.stream(from: BlockNumber(10), through: BlockNumber(140)) {
      heights.append(block.height.value)
    }
    #expect(heights == Array(10...140))
    heights = []
    for try await block in store.history.stream(from: BlockNumber(148)) { heights.append(block.height.value) }
    #expect(heights == [148, 149])
  }

  @Test func aBlockThatDoesNotFollowChangesNothing() async throws {
    let store = try await openStore(path)
    try await store.append(testBlock(0))
    let reason = StorageError.Reason.notNext(head: BlockNumber(0))
    #expect(await storageError { try await store.append(testBlock(2)) }?.reason == reason)
    #expect(await storageError { try await store.append(testBlock(0)) }?.reason == reason)
    #expect(await store.head?.height == BlockNumber(0))
    try await store.append(testBlock(1))
  }

  @Test func severalBlocksGoInTogetherOrNotAtAll() async throws {
    let store = try await openStore(path)
    try await store.append(contentsOf: [])
    try await store.append(contentsOf: (0..<10).map { testBlock($0) })
    let withGap = [testBlock(10), testBlock(11), testBlock(13)]
    #expect(
      await storageError { try await store.append(contentsOf: withGap) }?.reason == .notNext(head: BlockNumber(11)))
    #expect(await store.head?.height == BlockNumber(9))
    #expect(try await store.history.block(at: BlockNumber(10)) == nil)
    try await store.append(contentsOf: (10..<12).map { testBlock($0) })
    #expect(try await store.verify().blocks == 12)
  }

  @Test func aBlockThatBreaksTheTablesIsRefusedWholeAndForGood() async throws {
    let store = try await openStore(path)
    try await store.append(testBlock(0))
    let next = testBlock(1)
    // Two blocks of one hash; the rows before it in the transaction are good.
    let twice = StoredBlock(
      height: next.height, hash: testBlock(0).hash, parent: next.parent, timestampMilliseconds: 1,
      stateRoot: next.stateRoot, header: [], body: [], extrinsics: next.extrinsics, events: [])
    #expect(await storageError { try await store.append(twice) }?.exitCode == .invariantBroken)
    #expect(await storageError { try await store.append(next) }?.reason == .unacceptable)
    #expect(try await store.history.head()?.height == BlockNumber(0))
    #expect(try await store.history.receipt(of: next.extrinsics[0].id) == nil)
  }

  @Test func aFolderHasOneOwner() async throws {
    let store = try await openStore(path)
    let error = await storageError { _ = try await openStore(path) }
    #expect(error?.reason == .locked && error?.exitCode == .failed)
    try await store.append(testBlock(0))
    try await store.close()
    try await store.close()
    #expect(await storageError { try await store.append(testBlock(1)) } != nil)
    #expect(try await openStore(path).head?.height == BlockNumber(0))
  }

  @Test func aStoreOfAnotherNetworkOrOfANewerProgramIsRefused() async throws {
    try await openStore(path).close()
    let other = testHash([1])
    let error = await storageError { _ = try await BlockStore.open(path, genesis: other, hash: testHash) }
    #expect(error?.reason == .wrongGenesis(stored: testGenesis, wanted: other) && error?.exitCode == .usage)
    try rewriteSchemaVersion("3")
    #expect(
      await storageError { _ = try await openStore(path) }?.reason == .newerSchema(stored: 3, known: 2))
    try rewriteSchemaVersion("0")
    let older = await storageError { _ = try await openStore(path) }
    #expect(older?.reason == .olderSchema(stored: 0, known: 2) && older?.exitCode == .usage)
    #expect("\(try #require(older))".contains("the program that made it"))
  }

  /// Data of every released form of the tables is kept beside the tests, and opened by the program of today.
  ///
  /// A new form: `SUBNETKIT_UPDATE_RELEASED=1 swift test --filter ReleasedForm`, then commit the new file.
  @Test func aStoreOfEveryReleasedFormOpens() async throws {
    let released = "\(#filePath.prefix(upTo: #filePath.lastIndex(of: "/")!))/Released"
    if processEnvironment()["SUBNETKIT_UPDATE_RELEASED"] == "1" {
      let store = try await openStore(path)
      for height in 0..<6 as Range<UInt64> { try await store.append(testBlock(height)) }
      try await store.save(StoredSnapshot(height: BlockNumber(5), stateRoot: testBlock(5).stateRoot, body: [1, 2, 3]))
      try await store.history.backUp(to: "\(released)/schema-2.sqlite")
      try await store.close()
    }
    let names = TemporaryFolder.names(in: released)
    #expect(names == ["schema-1.sqlite"])
    for name in names {
      let folder = "\(path)-\(name)"
      _ = try StoreFolder.restore("\(released)/\(name)", into: folder, genesis: testGenesis, hash: testHash)
      let store = try await openStore(folder)
      #expect(try await store.verify().blocks == 6)
      for height in 0..<6 as Range<UInt64> {
        #expect(try await store.history.block(at: BlockNumber(height)) == testBlock(height))
      }
      #expect(try await store.history.latestSnapshot()?.body == [1, 2, 3])
      try await store.append(testBlock(6))
      try await store.close()
      TemporaryFolder.remove(folder)
    }
  }

  @Test func anEmptyStoreCanBeginAfterABlockOfAnotherNode() async throws {
    let store = try await openStore(path)
    let snapshot = StoredSnapshot(height: BlockNumber(40), stateRoot: testBlock(40).stateRoot, body: [7, 7])
    try await store.begin(after: [1, 2, 0xFF], with: snapshot)
    try await store.close()
    let again = try await openStore(path)
    #expect(try await again.history.beginning() == [1, 2, 0xFF])
    #expect(try await again.history.latestSnapshot() == snapshot)
    try await again.append(testBlock(41))
    try await again.append(testBlock(42))
    #expect(try await again.verify().blocks == 2)
    let refused = await storageError { try await again.begin(after: [1], with: snapshot) }
    #expect(refused?.reason == .notNext(head: BlockNumber(42)))
    #expect(try await again.history.beginning() == [1, 2, 0xFF])
    try await again.close()
  }

  @Test func theEndOfEveryTransactionIsTimedAndTheTailIsVerifiedAtTheStart() async throws {
    let ends = Ends()
    var options = StoreOptions()
    options.flushed = { ends.add($0) }
    let store = try await openStore(path, options: options)
    #expect(await store.verifiedAtStart == 0)
    let before = ends.count
    for height in 0..<5 as Range<UInt64> { try await store.append(testBlock(height)) }
    #expect(ends.count == before + 5)
    try await store.close()
    let again = try await openStore(path)
    #expect(await again.verifiedAtStart == 5)
    try await again.close()
  }

  /// Through the same layer, as a program of a later version would; the layer is registered by the opening before.
  private func rewriteSchemaVersion(_ version: String) throws {
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE
    try #require(sqlite3_open_v2("\(path)/blocks.sqlite", &handle, flags, "subnetkit-pages") == SQLITE_OK)
    defer { sqlite3_close(handle) }
    let sql = "UPDATE meta SET value = '\(version)' WHERE key = 'schema_version'"
    try #require(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK)
  }

  @Test func theNewestSnapshotsAreKept() async throws {
    let store = try await openStore(path)
    #expect(try await store.history.latestSnapshot() == nil)
    for height in 0..<3 as Range<UInt64> {
      try await store.append(testBlock(height))
      let body = [UInt8](repeating: UInt8(height), count: 100_000)
      try await store.save(
        StoredSnapshot(height: BlockNumber(height), stateRoot: testBlock(height).stateRoot, body: body))
    }
    let latest = try #require(try await store.history.latestSnapshot())
    #expect(latest.height == BlockNumber(2) && latest.body == [UInt8](repeating: 2, count: 100_000))
    let report = try await store.verify()
    #expect(report.head == BlockNumber(2) && report.blocks == 3 && report.snapshots == 2)
    #expect(report.pages == pages())
  }

  private func pages() -> Int {
    var status = stat()
    return stat("\(path)/blocks.sqlite", &status) == 0 ? Int(status.st_size) / 4096 : 0
  }

  @Test func plainSQLiteReadsTheHistory() async throws {
    let store = try await openStore(path)
    for height in 0..<4 as Range<UInt64> { try await store.append(testBlock(height)) }
    var handle: OpaquePointer?
    try #require(sqlite3_open_v2("\(path)/blocks.sqlite", &handle, SQLITE_OPEN_READONLY, nil) == SQLITE_OK)
    defer { sqlite3_close(handle) }
    func number(_ sql: String) -> Int64 {
      var statement: OpaquePointer?
      guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { return -1 }
      defer { sqlite3_finalize(statement) }
      return sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -2
    }
    #expect(number("SELECT sum(fee_rao) FROM extrinsics WHERE error = 'NotRegistered'") == 4006)
    #expect(number("SELECT sum(json_extract(fields, '$.amount')) FROM events WHERE netuid = 3") == 6)
    #expect(number("SELECT count(*) FROM blocks WHERE typeof(hash) = 'blob' AND length(hash) = 32") == 4)
  }

  @Test func aFullDiskEndsTheStoreAndLosesNothingThatWasAcknowledged() async throws {
    var options = StoreOptions()
    options.pageLimit = 40
    let store = try await openStore(path, options: options)
    var acknowledged: UInt64 = 0
    var error: StorageError?
    while error == nil, acknowledged < 1000 {
      error = await storageError { try await store.append(testBlock(acknowledged, bodyBytes: 2000)) }
      if error == nil { acknowledged += 1 }
    }
    #expect(error?.reason == .diskFull && error?.exitCode == .storage)
    #expect(acknowledged > 3)
    #expect(await storageError { try await store.append(testBlock(acknowledged, bodyBytes: 0)) } == error)
    try await store.close()
    let again = try await openStore(path)
    #expect(await again.head?.height == BlockNumber(acknowledged - 1))
    try await again.append(testBlock(acknowledged))
    #expect(try await again.verify().blocks == Int(acknowledged) + 1)
  }

  @Test func aBackupRestoresAndABrokenOneIsRefused() async throws {
    let store = try await openStore(path)
    for height in 0..<20 as Range<UInt64> { try await store.append(testBlock(height)) }
    let backup = "\(folder.path)/backup.sqlite"
    async let copied: Void = store.history.backUp(to: backup)
    for height in 20..<40 as Range<UInt64> { try await store.append(testBlock(height)) }
    try await copied
    #expect(await storageError { try await store.history.backUp(to: backup) }?.reason == .unacceptable)

    let restored = "\(folder.path)/restored"
    let report = try StoreFolder.restore(backup, into: restored, genesis: testGenesis, hash: testHash)
    let head = try #require(report.head)
    #expect(head >= BlockNumber(19) && report.blocks == Int(head.value) + 1)
    let again = try await openStore(restored)
    #expect(try await again.history.block(at: head) == testBlock(head.value))
    try await again.append(testBlock(head.value + 1))
    #expect(
      await storageError {
        _ = try StoreFolder.restore(backup, into: restored, genesis: testGenesis, hash: testHash)
      } != nil)

    var bytes = try AtomicFile(backup).read(limit: 1 << 28)
    bytes[bytes.count / 2] ^= 1
    try AtomicFile(backup).write(bytes)
    let other = "\(folder.path)/other"
    let error = await storageError {
      _ = try StoreFolder.restore(backup, into: other, genesis: testGenesis, hash: testHash)
    }
    #expect(error?.exitCode == .damagedData)
    #expect(access("\(other)/blocks.sqlite", F_OK) != 0)
  }

  @Test func fieldsBecomeJSONWithWholeNumbersAndHexadecimalBytes() {
    let fields: Fields = [
      "amount": .unsigned(.max), "change": .signed(-1), "hotkey": .bytes([0xAB, 1]), "ok": .flag(true),
      "uids": .unsignedList([1, 2]), "keys": .bytesList([[255]]), "inner": .group(["a": .unsigned(1)]),
      "rows": .groupList([[:]]),
    ]
    #expect(
      fields.json.compactText == #"{"amount":18446744073709551615,"change":-1,"hotkey":"ab01","ok":true,"uids":[1,2],"#
        + #""keys":["ff"],"inner":{"a":1},"rows":[{}]}"#)
  }
}

/// Counts what a store says of its transactions.
private final class Ends: Sendable {
  private let times = Mutex<[Duration]>([])
  var count: Int { times.withLock { $0.count } }
  func add(_ time: Duration) { times.withLock { $0.append(time) } }
}
