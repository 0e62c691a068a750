import Primitives

extension BlockDatabase {
  // MARK: Writing

  /// Adds a block with its rows and its digest; the caller holds the transaction.
  func insert(_ block: StoredBlock, digest: Hash256, action: String) throws(StorageError) {
    try connection.run(
      "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      [
        try .number(block.height.value, action), .hash(block.hash), .hash(block.parent),
        try .number(block.timestampMilliseconds, action), .hash(block.stateRoot), .blob(block.header),
        .blob(block.body), .hash(digest),
      ], action: action)
    let extrinsics = try connection.prepared(
      "INSERT INTO extrinsic_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", action: action)
    for (index, extrinsic) in block.extrinsics.enumerated() {
      try insert(extrinsic, at: try RowPlace(block.height, index, action), by: extrinsics, action: action)
    }
    let events = try connection.prepared("INSERT INTO event_rows VALUES (?, ?, ?, ?, ?, ?)", action: action)
    for (index, event) in block.events.enumerated() {
      try insert(event, at: try RowPlace(block.height, index, action), by: events, action: action)
    }
  }

  private func insert(
    _ extrinsic: StoredExtrinsic, at place: RowPlace, by statement: Statement, action: String
  ) throws(StorageError) {
    let failure = extrinsic.failure
    row.begin(
      byteCount: 2 * Bytes32.count + extrinsic.call.utf8.count + (failure?.name.utf8.count ?? 0)
        + (failure?.path.utf8.count ?? 0))
    statement.bind(1, place.number)
    statement.bind(2, blob: row.add(extrinsic.id.value))
    statement.bind(3, blob: row.add(extrinsic.signer.key))
    statement.bind(4, try .checked(extrinsic.nonce, action))
    statement.bind(5, text: row.add(extrinsic.call))
    statement.bind(6, Int64(failure?.code ?? 0))
    if let failure {
      statement.bind(7, text: row.add(failure.name))
      statement.bind(8, text: row.add(failure.path))
    } else {
      statement.bindNull(7)
      statement.bindNull(8)
    }
    statement.bind(9, try .checked(extrinsic.fee.value, action))
    try statement.runOnce(action: action)
  }

  private func insert(
    _ event: StoredEvent, at place: RowPlace, by statement: Statement, action: String
  ) throws(StorageError) {
    row.begin(byteCount: event.name.utf8.count + event.json.utf8.count + event.encoded.count)
    statement.bind(1, place.number)
    if let cause = event.extrinsicIndex { statement.bind(2, Int64(cause)) } else { statement.bindNull(2) }
    statement.bind(3, text: row.add(event.name))
    if let netuid = event.netuid { statement.bind(4, Int64(netuid.value)) } else { statement.bindNull(4) }
    statement.bind(5, text: row.add(event.json))
    statement.bind(6, blob: row.add(event.encoded))
    try statement.runOnce(action: action)
  }

  /// Adds entries to the indexes of extrinsics; those that are there already stay. The caller holds the transaction.
  func insert(_ section: LateIndex.Section, action: String) throws(StorageError) {
    let ids = try connection.prepared("INSERT OR IGNORE INTO extrinsic_ids VALUES (?, ?)", action: action)
    for entry in section.ids {
      row.begin(byteCount: Bytes32.count)
      ids.bind(1, blob: row.add(entry.id.value))
      ids.bind(2, entry.place.number)
      try ids.runOnce(action: action)
    }
    let signers = try connection.prepared("INSERT OR IGNORE INTO extrinsic_signers VALUES (?, ?, ?)", action: action)
    for entry in section.signers {
      row.begin(byteCount: Bytes32.count)
      signers.bind(1, blob: row.add(entry.signer.key))
      signers.bind(2, try .checked(entry.nonce, action))
      signers.bind(3, entry.place.number)
      try signers.runOnce(action: action)
    }
  }

  /// Removes everything above a height; the caller holds the transaction.
  func removeBlocks(above height: BlockNumber, action: String) throws(StorageError) {
    let first = SQLValue.integer(RowPlace.all(of: BlockNumber(height.value + 1)).lowerBound)
    for sql in [
      "DELETE FROM extrinsic_ids WHERE id IN (SELECT id FROM extrinsic_rows WHERE place >= ?)",
      "DELETE FROM extrinsic_signers WHERE (signer, nonce, place) IN "
        + "(SELECT signer, nonce, place FROM extrinsic_rows WHERE place >= ?)",
      "DELETE FROM extrinsic_rows WHERE place >= ?", "DELETE FROM event_rows WHERE place >= ?",
    ] { try connection.run(sql, [first], action: action) }
    for table in ["blocks", "snapshots"] {
      try connection.run("DELETE FROM \(table) WHERE height > ?", [try .number(height.value, action)], action: action)
    }
  }

  // MARK: Reading

  /// The newest block; nil in an empty store.
  func head() throws(StorageError) -> StoredHead? {
    let sql = "SELECT height, hash, state_root, timestamp, digest FROM blocks ORDER BY height DESC LIMIT 1"
    return try connection.query(sql, action: "read the head") { row throws(StorageError) in
      let height = try row.height(0)
      return StoredHead(
        height: height, hash: try row.hash(1, at: height), stateRoot: try row.hash(2, at: height),
        timestampMilliseconds: try row.unsigned(3, at: height), digest: try row.hash(4, at: height))
    }.first
  }

  /// Blocks in order from a height on, each with its digest.
  func blocks(from first: BlockNumber, limit: Int) throws(StorageError) -> [(block: StoredBlock, digest: Hash256)] {
    guard let start = Int64(exactly: first.value) else { return [] }
    let action = "read blocks from \(first)"
    return try connection.query(
      "SELECT height, hash, parent, timestamp, state_root, header, body, digest FROM blocks WHERE height >= ? "
        + "ORDER BY height LIMIT ?", [.integer(start), .integer(Int64(limit))], action: action
    ) { row throws(StorageError) in
      let height = try row.height(0)
      let block = StoredBlock(
        height: height, hash: try row.hash(1, at: height), parent: try row.hash(2, at: height),
        timestampMilliseconds: try row.unsigned(3, at: height), stateRoot: try row.hash(4, at: height),
        header: row.blob(5), body: row.blob(6), extrinsics: try extrinsics(at: height), events: try events(at: height))
      return (block, try row.hash(7, at: height))
    }
  }

  func height(ofBlock hash: Hash256) throws(StorageError) -> BlockNumber? {
    try connection.query("SELECT height FROM blocks WHERE hash = ?", [.hash(hash)], action: "find block \(hash)") {
      row throws(StorageError) in try row.height(0)
    }.first
  }

  /// The digest stored with a block.
  func digest(at height: BlockNumber) throws(StorageError) -> Hash256? {
    let action = "read block \(height)"
    return try connection.query(
      "SELECT digest FROM blocks WHERE height = ?", [try .number(height.value, action)], action: action
    ) { row throws(StorageError) in try row.hash(0, at: height) }.first
  }

  private func extrinsics(at height: BlockNumber) throws(StorageError) -> [StoredExtrinsic] {
    let action = "read the extrinsics of block \(height)"
    let sql =
      "SELECT id, signer, nonce, call, code, error, error_path, fee_rao, place FROM extrinsic_rows "
      + "WHERE place BETWEEN ? AND ? ORDER BY place"
    var next = 0
    return try connection.query(sql, BlockDatabase.bounds(RowPlace.all(of: height)), action: action) {
      row throws(StorageError) in
      guard RowPlace(number: row.integer(8)).index == next else {
        throw Statement.damage(at: height, "an extrinsic is missing")
      }
      next += 1
      return try row.extrinsic(at: height)
    }
  }

  private static func bounds(_ places: ClosedRange<Int64>) -> [SQLValue] {
    [.integer(places.lowerBound), .integer(places.upperBound)]
  }

  /// What stands at a place; nil when nothing does.
  func receipt(at place: RowPlace, action: String) throws(StorageError) -> StoredReceipt? {
    let sql = "SELECT id, signer, nonce, call, code, error, error_path, fee_rao FROM extrinsic_rows WHERE place = ?"
    return try connection.query(sql, [.integer(place.number)], action: action) { row throws(StorageError) in
      StoredReceipt(height: place.height, index: UInt32(place.index), extrinsic: try row.extrinsic(at: place.height))
    }.first
  }

  /// Where an extrinsic is, by the tables alone, which lag behind.
  func place(of id: Hash256, action: String) throws(StorageError) -> RowPlace? {
    try connection.query("SELECT place FROM extrinsic_ids WHERE id = ?", [.hash(id)], action: action) {
      RowPlace(number: $0.integer(0))
    }.first
  }

  /// The newest place of an account's extrinsic with a nonce, by the tables alone, which lag behind.
  func place(of signer: AccountID, nonce: UInt64, action: String) throws(StorageError) -> RowPlace? {
    try connection.query(
      "SELECT place FROM extrinsic_signers WHERE signer = ? AND nonce = ? ORDER BY place DESC LIMIT 1",
      [.blob(signer.bytes), try .number(nonce, action)], action: action
    ) { RowPlace(number: $0.integer(0)) }.first
  }

  /// The entries of the indexes that the tables do not hold yet.
  func lateIndex() throws(StorageError) -> LateIndex {
    guard let head = try head()?.height else { return LateIndex() }
    let action = "read the newest extrinsics"
    let first = BlockNumber(head.value - min(head.value, LateIndex.sectionCount - 1))
    let rows = try connection.query(
      "SELECT place, id, signer, nonce FROM extrinsic_rows WHERE place BETWEEN ? AND ?",
      BlockDatabase.bounds(RowPlace.all(from: first, through: head)), action: action
    ) { row throws(StorageError) in
      let place = RowPlace(number: row.integer(0))
      guard let signer = AccountID(row.blob(2)) else {
        throw Statement.damage(at: place.height, "a signer has not 32 bytes")
      }
      let (id, nonce) = (try row.hash(1, at: place.height), try row.unsigned(3, at: place.height))
      return (place: place, id: id, signer: signer, nonce: nonce)
    }
    return LateIndex(at: head, rows)
  }

  func events(at height: BlockNumber) throws(StorageError) -> [StoredEvent] {
    let action = "read the events of block \(height)"
    let sql =
      "SELECT place, extrinsic, name, netuid, fields, encoded FROM event_rows WHERE place BETWEEN ? AND ? "
      + "ORDER BY place"
    var next = 0
    return try connection.query(sql, BlockDatabase.bounds(RowPlace.all(of: height)), action: action) {
      row throws(StorageError) in
      guard RowPlace(number: row.integer(0)).index == next else {
        throw Statement.damage(at: height, "an event is missing")
      }
      next += 1
      return StoredEvent(
        extrinsicIndex: row.isNull(1) ? nil : try row.small(1, at: height), name: row.text(2),
        netuid: row.isNull(3) ? nil : NetUID(try row.small(3, at: height)), json: row.text(4), encoded: row.blob(5))
    }
  }

  /// Snapshots, newest first.
  func snapshots(limit: Int) throws(StorageError) -> [StoredSnapshot] {
    let sql = "SELECT height, state_root, body, digest FROM snapshots ORDER BY height DESC LIMIT ?"
    return try connection.query(sql, [.integer(Int64(limit))], action: "read a snapshot") { row throws(StorageError) in
      let height = try row.height(0)
      let snapshot = StoredSnapshot(height: height, stateRoot: try row.hash(1, at: height), body: row.blob(2))
      guard try row.hash(3, at: height) == snapshot.digest(hash: hash) else {
        throw StorageError(
          .damaged(height: height), action: "read the snapshot of block \(height)", text: "its digest differs")
      }
      return snapshot
    }
  }
}

extension SQLValue {
  static func hash(_ hash: Hash256) -> SQLValue { .blob(hash.bytes) }

  static func number(_ value: UInt64, _ action: String) throws(StorageError) -> SQLValue {
    .integer(try .checked(value, action))
  }
}

extension Int64 {
  static func checked(_ value: UInt64, _ action: String) throws(StorageError) -> Int64 {
    guard let number = Int64(exactly: value) else {
      throw StorageError(.unacceptable, action: action, text: "\(value) does not fit into 63 bits")
    }
    return number
  }
}

extension BlockDatabase {
  /// The row of `meta` for a store that begins after genesis: the bytes of the block before its first.
  private static let beginning = "beginning"

  func setBeginning(_ block: [UInt8], action: String) throws(StorageError) {
    try connection.run(
      "INSERT OR REPLACE INTO meta VALUES (?, ?)", [.text(BlockDatabase.beginning), .text(block.hex)], action: action)
  }

  func beginning() throws(StorageError) -> [UInt8]? {
    let action = "read where the store begins"
    let texts = try connection.query(
      "SELECT value FROM meta WHERE key = ?", [.text(BlockDatabase.beginning)], action: action
    ) { $0.text(0) }
    guard let text = texts.first else { return nil }
    guard let bytes = [UInt8](hex: text) else {
      throw StorageError(.damaged(height: nil), action: action, text: "not hexadecimal")
    }
    return bytes
  }

  func insert(_ snapshot: StoredSnapshot, action: String) throws(StorageError) {
    try connection.run(
      "INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)",
      [
        try .number(snapshot.height.value, action), .hash(snapshot.stateRoot), .blob(snapshot.body),
        .hash(snapshot.digest(hash: hash)),
      ], action: action)
  }
}

extension Statement {
  static func damage(at height: BlockNumber?, _ text: String) -> StorageError {
    StorageError(.damaged(height: height), action: height.map { "read block \($0)" } ?? "read a block", text: text)
  }

  func height(_ column: Int32) throws(StorageError) -> BlockNumber { BlockNumber(try unsigned(column, at: nil)) }

  func hash(_ column: Int32, at height: BlockNumber) throws(StorageError) -> Hash256 {
    guard let hash = Hash256(blob(column)) else { throw Statement.damage(at: height, "a hash has not 32 bytes") }
    return hash
  }

  func unsigned(_ column: Int32, at height: BlockNumber?) throws(StorageError) -> UInt64 {
    guard let number = UInt64(exactly: integer(column)) else { throw Statement.damage(at: height, "a negative number") }
    return number
  }

  func small<Number: FixedWidthInteger>(_ column: Int32, at height: BlockNumber) throws(StorageError) -> Number {
    guard let number = Number(exactly: integer(column)) else {
      throw Statement.damage(at: height, "a number out of range")
    }
    return number
  }

  /// The columns id, signer, nonce, call, code, error, error_path, fee_rao from the first on.
  func extrinsic(at height: BlockNumber) throws(StorageError) -> StoredExtrinsic {
    guard let signer = AccountID(blob(1)) else { throw Statement.damage(at: height, "a signer has not 32 bytes") }
    let code: UInt32 = try small(4, at: height)
    return StoredExtrinsic(
      id: try hash(0, at: height), signer: signer, nonce: try unsigned(2, at: height), call: text(3),
      failure: code == 0 ? nil : .init(code: code, name: text(5), path: text(6)),
      fee: Rao(try unsigned(7, at: height)))
  }
}
