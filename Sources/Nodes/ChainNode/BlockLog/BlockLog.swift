package import Primitives
package import Storage

/// Where blocks are kept: the one seam between a chain node and what makes them durable.
///
/// Conformers: `StoredBlockLog`, the embedded store, and `MemoryBlockLog`, for tests and simulations; a replicated
/// engine is one more. Source: reliability 1.
package protocol BlockLog: Sendable {
  /// The newest block; nil while there is none.
  func head() async throws(StorageError) -> LogHead?

  /// Adds the block after the head, and returns when it is as durable as this log makes anything.
  ///
  /// - Throws: What ends the node; see `StorageError.exitCode`.
  func append(_ block: StoredBlock) async throws(StorageError) -> AppendResult

  /// Blocks in order from a height on; at most `limit`, fewer at the head or where the log answers in smaller parts.
  func blocks(from first: BlockNumber, limit: Int) async throws(StorageError) -> [StoredBlock]

  func block(at height: BlockNumber) async throws(StorageError) -> StoredBlock?

  /// Where an extrinsic went; nil when it is in no block.
  func receipt(of id: Hash256) async throws(StorageError) -> StoredReceipt?

  func latestSnapshot() async throws(StorageError) -> StoredSnapshot?

  func save(_ snapshot: StoredSnapshot) async throws(StorageError)

  /// Starts an empty log after a block of another node, whose state is the first snapshot.
  ///
  /// - Parameter block: The encoded `SealedBlock`; it is kept as the proof of the snapshot, and is not one of the blocks.
  func begin(after block: [UInt8], with snapshot: StoredSnapshot) async throws(StorageError)

  /// The block after which this log begins; nil for one that begins at genesis.
  func beginning() async throws(StorageError) -> [UInt8]?

  /// Adds several blocks that nobody waits for one by one.
  ///
  /// - Returns: `committed` for all, or the first other outcome.
  func append(contentsOf blocks: [StoredBlock]) async throws(StorageError) -> AppendResult

  /// Does what can wait until a block is told of, such as moving a write-ahead log; asked between blocks.
  func rest() async throws(StorageError)

  /// Removes all blocks and snapshots above a height, for ever; only logs of local networks can.
  func rewind(to height: BlockNumber) async throws(StorageError)
}

extension BlockLog {
  package func append(contentsOf blocks: [StoredBlock]) async throws(StorageError) -> AppendResult {
    for block in blocks {
      let result = try await append(block)
      guard result == .committed else { return result }
    }
    return .committed
  }

  package func begin(after block: [UInt8], with snapshot: StoredSnapshot) async throws(StorageError) {
    throw StorageError(
      .unacceptable, action: "begin after block \(snapshot.height)", text: "this log begins at genesis")
  }

  package func beginning() async throws(StorageError) -> [UInt8]? { nil }

  package func rest() async throws(StorageError) {}

  package func rewind(to height: BlockNumber) async throws(StorageError) {
    throw StorageError(.unacceptable, action: "go back to block \(height)", text: "this log only grows")
  }
}

/// The newest block of a log.
package struct LogHead: Hashable, Sendable {
  package let height: BlockNumber
  package let hash: Hash256

  package init(height: BlockNumber, hash: Hash256) {
    self.height = height
    self.hash = hash
  }
}

/// What became of a block that was handed to the log.
package enum AppendResult: Hashable, Sendable {
  /// It is durable.
  case committed
  /// Another producer has taken over, under a newer term.
  case fenced(newTerm: UInt64)
  /// The log has another head; nothing was added.
  case conflict(LogHead)
  /// Nobody knows: the answer was lost. Only `head` tells (reliability 3.4).
  case unknown
}
