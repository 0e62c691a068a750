import Daemon
import Glibc
package import Primitives

/// What a verification went through without finding damage.
package struct VerificationReport: Equatable, Sendable {
  package let head: BlockNumber?
  package let blocks: Int
  package let snapshots: Int
  /// Pages whose checksums were read from the file; 0 where only the tail was verified.
  package let pages: Int
}

extension BlockDatabase {
  private static let batch = 100

  /// Recomputes the chain of digests over the last blocks, and the newest snapshot's.
  ///
  /// - Throws: `.damaged` with the first damaged height.
  func verifyTail(blocks count: UInt64) throws(StorageError) -> VerificationReport {
    guard let head = try head() else { return VerificationReport(head: nil, blocks: 0, snapshots: 0, pages: 0) }
    let first = BlockNumber(head.height.value - min(head.height.value, count > 0 ? count - 1 : 0))
    let checked = try verifyDigests(from: first)
    return VerificationReport(
      head: head.height, blocks: checked, snapshots: try snapshots(limit: 1).count, pages: 0)
  }

  /// Reads every page, checks every table and index, and recomputes every digest.
  ///
  /// - Throws: `.damaged`, with the first damaged height where the damage is in a block.
  func verifyAll() throws(StorageError) -> VerificationReport {
    let blocks = try verifyDigests(from: .genesis)
    let snapshots = try self.snapshots(limit: .max).count
    let findings = try connection.query("PRAGMA integrity_check(1)", action: "check the tables") { $0.text(0) }
    guard findings == ["ok"] else {
      throw StorageError(
        .damaged(height: nil), action: "check the tables", text: findings.joined(separator: "; "))
    }
    try verifyIndexes()
    return VerificationReport(
      head: try head()?.height, blocks: blocks, snapshots: snapshots, pages: try verifyPages())
  }

  /// Holds the indexes of extrinsics against the rows, both ways; what waits for its block is not missing.
  private func verifyIndexes() throws(StorageError) {
    guard let head = try head()?.height else { return }
    let action = "check the indexes"
    let indexes = [
      (table: "extrinsic_ids", key: "id", match: "i.id = r.id AND i.place = r.place"),
      (
        table: "extrinsic_signers", key: "signer",
        match: "i.signer = r.signer AND i.nonce = r.nonce AND i.place = r.place"
      ),
    ]
    for index in indexes {
      let strangers = try connection.query(
        "SELECT i.place FROM \(index.table) i LEFT JOIN extrinsic_rows r ON r.place = i.place "
          + "WHERE NOT coalesce(\(index.match), 0) LIMIT 1", action: action
      ) { RowPlace(number: $0.integer(0)) }
      if let place = strangers.first { throw Statement.damage(at: place.height, "\(index.table) names another row") }
      let missing = try connection.query(
        "SELECT r.place, r.\(index.key) FROM extrinsic_rows r "
          + "WHERE NOT EXISTS (SELECT 1 FROM \(index.table) i WHERE \(index.match))", action: action
      ) { row throws(StorageError) in
        let place = RowPlace(number: row.integer(0))
        return (place, try row.hash(1, at: place.height))
      }
      for (place, key) in missing
      where place.height < LateIndex.firstWaiting(in: LateIndex.section(of: key.value), at: head) {
        throw Statement.damage(at: place.height, "\(index.table) lacks row \(place.index)")
      }
    }
  }

  /// Checks the shape of all tables, without their indexes' contents.
  func quickCheck() throws(StorageError) {
    let findings = try connection.query("PRAGMA quick_check(1)", action: "check the tables") { $0.text(0) }
    guard findings == ["ok"] else {
      throw StorageError(.damaged(height: nil), action: "check the tables", text: findings.joined(separator: "; "))
    }
  }

  private func verifyDigests(from first: BlockNumber) throws(StorageError) -> Int {
    var next = first
    // The first block there is may have any height; each later one follows its predecessor.
    var last: (height: BlockNumber, hash: Hash256, digest: Hash256)?
    if first.value > 0, let digest = try digest(at: BlockNumber(first.value - 1)) {
      let before = try located(BlockNumber(first.value - 1)) { () throws(StorageError) in
        try blocks(from: BlockNumber(first.value - 1), limit: 1)
      }
      if let before = before.first { last = (before.block.height, before.block.hash, digest) }
    }
    var checked = 0
    while true {
      let batch = try located(next) { () throws(StorageError) in
        try blocks(from: next, limit: BlockDatabase.batch)
      }
      for (block, digest) in batch {
        if let last {
          guard block.height.value == last.height.value + 1 else {
            throw Statement.damage(at: BlockNumber(last.height.value + 1), "the block is missing")
          }
          guard block.parent == last.hash else { throw Statement.damage(at: block.height, "its parent is another") }
        }
        // Without a predecessor in the store this is its first block, which starts from the genesis hash.
        guard block.digest(after: last?.digest ?? genesis, hash: hash) == digest else {
          throw Statement.damage(at: block.height, "its digest differs")
        }
        last = (block.height, block.hash, digest)
        checked += 1
      }
      guard batch.count == BlockDatabase.batch, let last else { return checked }
      next = BlockNumber(last.height.value + 1)
    }
  }

  /// Reads block by block after a batch failed, so that the damage gets its height.
  private func located<Value>(
    _ first: BlockNumber, _ body: () throws(StorageError) -> Value
  ) throws(StorageError) -> Value {
    do throws(StorageError) {
      return try body()
    } catch {
      guard error.reason == .damaged(height: nil) else { throw error }
      for offset in 0..<UInt64(BlockDatabase.batch) {
        let height = BlockNumber(first.value + offset)
        do throws(StorageError) {
          _ = try blocks(from: height, limit: 1)
        } catch let damage {
          throw StorageError(.damaged(height: height), action: "read block \(height)", text: damage.text)
        }
      }
      throw error
    }
  }

  /// Reads the main file page by page; those that SQLite has never written are zero and hold nothing.
  private func verifyPages() throws(StorageError) -> Int {
    let action = "read the pages of \(connection.path)"
    guard try checkpoint(truncate: true) else {
      throw StorageError(.locked, action: action, text: "a reader holds the write-ahead log")
    }
    let sizes = try connection.query("PRAGMA page_size", action: action) { Int($0.integer(0)) }
    let file = open(connection.path, O_RDONLY | O_CLOEXEC)
    guard file >= 0, let size = sizes.first else {
      throw StorageError(FileError(call: "open", path: connection.path, code: errno))
    }
    defer { close(file) }
    var page = [UInt8](repeating: 0, count: size)
    var index = 0
    while true {
      let offset = index * size
      let count = page.withUnsafeMutableBytes { pread(file, $0.baseAddress, size, offset) }
      guard count >= 0 else { throw StorageError(FileError(call: "read", path: connection.path, code: errno)) }
      guard count > 0 else { return index }
      let isIntact = page.withUnsafeBytes { PageChecksums.isIntact($0, at: Int64(offset)) }
      guard count == size, isIntact || page.allSatisfy({ $0 == 0 }) else {
        throw StorageError(.damaged(height: nil), action: action, text: "page \(index + 1) is not as it was written")
      }
      index += 1
    }
  }
}
