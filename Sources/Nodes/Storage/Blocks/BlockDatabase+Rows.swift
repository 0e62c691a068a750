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
    for (index, extrinsic) in block.extrinsics.enumerated() {
      try connection.run(
        "INSERT INTO extrinsics VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
          try .number(block.height.value, action), .integer(Int64(index)), .hash(extrinsic.id),
          .blob(extrinsic.signer.bytes), try .number(extrinsic.nonce, action), .text(extrinsic.call),
          .integer(Int64(extrinsic.failure?.code ?? 0)), extrinsic.failure.map { .text($0.name) } ?? .null,
          extrinsic.failure.map { .text($0.path) } ?? .null, try .number(extrinsic.fee.value, action),
        ], action: action)
    }
    for (index, event) in block.events.enumerated() {
      try connection.run(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
          try .number(block.height.value, action), .integer(Int64(index)),
          event.extrinsicIndex.map { .integer(Int64($0)) } ?? .null, .text(event.name),
          event.netuid.map { .integer(Int64($0.value)) } ?? .null, .text(event.json), .blob(event.encoded),
        ], action: action)
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
      "SELECT id, signer, nonce, call, code, error, error_path, fee_rao, idx FROM extrinsics WHERE height = ? "
      + "ORDER BY idx"
    var next: Int64 = 0
    return try connection.query(sql, [try .number(height.value, action)], action: action) { row throws(StorageError) in
      guard row.integer(8) == next else { throw Statement.damage(at: height, "an extrinsic is missing") }
      next += 1
      return try row.extrinsic(at: height)
    }
  }

  func receipt(where condition: String, _ values: [SQLValue], action: String) throws(StorageError) -> StoredReceipt? {
    let sql =
      "SELECT id, signer, nonce, call, code, error, error_path, fee_rao, idx, height FROM extrinsics WHERE " + condition
    return try connection.query(sql, values, action: action) { row throws(StorageError) in
      let height = try row.height(9)
      return StoredReceipt(
        height: height, index: try row.small(8, at: height), extrinsic: try row.extrinsic(at: height))
    }.first
  }

  func events(at height: BlockNumber) throws(StorageError) -> [StoredEvent] {
    let action = "read the events of block \(height)"
    let sql = "SELECT idx, extrinsic, name, netuid, fields, encoded FROM events WHERE height = ? ORDER BY idx"
    var next: Int64 = 0
    return try connection.query(sql, [try .number(height.value, action)], action: action) { row throws(StorageError) in
      guard row.integer(0) == next else { throw Statement.damage(at: height, "an event is missing") }
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
    guard let number = Int64(exactly: value) else {
      throw StorageError(.unacceptable, action: action, text: "\(value) does not fit into 63 bits")
    }
    return .integer(number)
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
