import CSQLite
import Daemon
import Primitives
import Storage
import Testing

/// Extrinsics are found by id and by account in every block, whether their index entries are written yet or not.
@Suite(.timeLimit(.minutes(20))) struct LateIndexTests {
  let folder = TemporaryFolder()
  var path: String { "\(folder.path)/chain" }

  private func expectReceipts(of heights: Range<UInt64>, in store: BlockStore) async throws {
    for height in heights {
      for (index, extrinsic) in testBlock(height, bodyBytes: 0).extrinsics.enumerated() {
        let receipt = StoredReceipt(height: BlockNumber(height), index: UInt32(index), extrinsic: extrinsic)
        #expect(try await store.history.receipt(of: extrinsic.id) == receipt)
        #expect(try await store.history.receipt(of: extrinsic.signer, nonce: extrinsic.nonce) == receipt)
      }
    }
  }

  @Test func everyExtrinsicIsFoundAtEveryHeightAndAfterARestart() async throws {
    var store = try await openStore(path)
    for height in 0..<150 as Range<UInt64> {
      try await store.append(testBlock(height))
      if height % 29 == 0 { try await expectReceipts(of: 0..<height + 1, in: store) }
    }
    try await store.close()
    store = try await openStore(path)
    try await expectReceipts(of: 0..<150, in: store)
    _ = try await store.verify()
    try await store.append(contentsOf: (150..<300).map { testBlock($0) })
    try await expectReceipts(of: 0..<300, in: store)
    _ = try await store.verify()
    let reader = try await StoreFolder(path: path).openHistory(genesis: testGenesis, hash: testHash)
    #expect(try await reader.receipt(of: testBlock(299).extrinsics[1].id)?.height == BlockNumber(299))
    #expect(try await reader.receipt(of: testBlock(3).extrinsics[1].id)?.height == BlockNumber(3))
  }

  @Test func whatWasTakenBackIsFoundNoMore() async throws {
    let store = try await openStore(path)
    try await store.append(contentsOf: (0..<200).map { testBlock($0) })
    try await store.rewind(to: BlockNumber(90))
    try await expectReceipts(of: 0..<91, in: store)
    for height in 91..<200 as Range<UInt64> {
      let extrinsic = testBlock(height).extrinsics[0]
      #expect(try await store.history.receipt(of: extrinsic.id) == nil)
      #expect(try await store.history.receipt(of: extrinsic.signer, nonce: extrinsic.nonce) == nil)
    }
    _ = try await store.verify()
    try await store.append(contentsOf: (91..<170).map { testBlock($0) })
    try await expectReceipts(of: 0..<170, in: store)
    _ = try await store.verify()
    try await store.rewind(to: .genesis)
    #expect(try await store.history.receipt(of: testBlock(1).extrinsics[0].id) == nil)
  }

  /// Tables as version 1 had them, with the indexes that SQLite keeps itself.
  @Test func aStoreOfTheFirstVersionIsBroughtUpToDate() async throws {
    let store = try await openStore(path)
    try await store.append(contentsOf: (0..<100).map { testBlock($0) })
    try await store.close()
    try alter([
      """
      CREATE TABLE old_extrinsics (
        height INTEGER NOT NULL, idx INTEGER NOT NULL, id BLOB NOT NULL, signer BLOB NOT NULL, nonce INTEGER NOT NULL,
        call TEXT NOT NULL, code INTEGER NOT NULL, error TEXT, error_path TEXT, fee_rao INTEGER NOT NULL,
        PRIMARY KEY (height, idx)) WITHOUT ROWID
      """,
      """
      CREATE TABLE old_events (
        height INTEGER NOT NULL, idx INTEGER NOT NULL, extrinsic INTEGER, name TEXT NOT NULL, netuid INTEGER,
        fields TEXT NOT NULL, encoded BLOB NOT NULL, PRIMARY KEY (height, idx)) WITHOUT ROWID
      """,
      "INSERT INTO old_extrinsics SELECT * FROM extrinsics", "INSERT INTO old_events SELECT * FROM events",
      "DROP VIEW extrinsics", "DROP VIEW events", "DROP VIEW account_extrinsics", "DROP TABLE extrinsic_rows",
      "DROP TABLE event_rows", "DROP TABLE extrinsic_ids", "DROP TABLE extrinsic_signers",
      "ALTER TABLE old_extrinsics RENAME TO extrinsics", "ALTER TABLE old_events RENAME TO events",
      "CREATE UNIQUE INDEX extrinsics_by_id ON extrinsics (id)",
      "CREATE INDEX extrinsics_by_signer ON extrinsics (signer, nonce)",
      "UPDATE meta SET value = '1' WHERE key = 'schema_version'",
    ])
    let refusal = await storageError {
      _ = try await StoreFolder(path: path).openHistory(genesis: testGenesis, hash: testHash)
    }
    #expect(refusal?.reason == .olderSchema(stored: 1, known: 2) && refusal?.exitCode == .usage)
    let again = try await openStore(path)
    #expect(try await again.verify().blocks == 100)
    try await expectReceipts(of: 0..<100, in: again)
    #expect(try await again.history.block(at: BlockNumber(7)) == testBlock(7))
    try await again.append(contentsOf: (100..<200).map { testBlock($0) })
    try await expectReceipts(of: 0..<200, in: again)
    #expect(try await again.verify().blocks == 200)
  }

  @Test func anIndexThatSaysSomethingElseIsDamage() async throws {
    let store = try await openStore(path)
    try await store.append(contentsOf: (0..<150).map { testBlock($0) })
    try await store.close()
    for change in [
      "DELETE FROM extrinsic_ids WHERE place = (SELECT min(place) FROM extrinsic_ids)",
      "DELETE FROM extrinsic_signers WHERE place = (SELECT min(place) FROM extrinsic_signers)",
      "UPDATE extrinsic_ids SET place = place + 1 WHERE place = (SELECT min(place) FROM extrinsic_ids)",
    ] {
      let copy = try folder.copy(of: path, to: "altered")
      try alter([change], in: copy)
      let altered = try await openStore(copy)
      #expect(await storageError { _ = try await altered.verify() }?.exitCode == .damagedData, "\(change)")
      try await altered.close()
    }
  }

  /// Through the layer that keeps the checksums right, as only a program that means it would.
  private func alter(_ statements: [String], in copy: String? = nil) throws {
    var handle: OpaquePointer?
    try #require(
      sqlite3_open_v2("\(copy ?? path)/blocks.sqlite", &handle, SQLITE_OPEN_READWRITE, "subnetkit-pages") == SQLITE_OK)
    defer { sqlite3_close(handle) }
    for statement in statements { try #require(sqlite3_exec(handle, statement, nil, nil, nil) == SQLITE_OK) }
  }
}
