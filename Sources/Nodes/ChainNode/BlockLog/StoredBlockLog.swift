package import Primitives
package import Storage

/// The embedded log: a `BlockStore` in the node's own folder.
///
/// Writes and reads run on the store's two threads, so a long question holds up no block.
package struct StoredBlockLog: BlockLog {
  private let store: BlockStore

  package init(_ store: BlockStore) { self.store = store }

  package func head() async throws(StorageError) -> LogHead? {
    await store.head.map { LogHead(height: $0.height, hash: $0.hash) }
  }

  package func append(_ block: StoredBlock) async throws(StorageError) -> AppendResult {
    try await store.append(block)
    return .committed
  }

  package func append(contentsOf blocks: [StoredBlock]) async throws(StorageError) -> AppendResult {
    try await store.append(contentsOf: blocks)
    return .committed
  }

  package func begin(after block: [UInt8], with snapshot: StoredSnapshot) async throws(StorageError) {
    try await store.begin(after: block, with: snapshot)
  }

  package func beginning() async throws(StorageError) -> [UInt8]? { try await store.history.beginning() }

  package func rest() async throws(StorageError) { try await store.rest() }

  package func rewind(to height: BlockNumber) async throws(StorageError) { try await store.rewind(to: height) }

  package func blocks(from first: BlockNumber, limit: Int) async throws(StorageError) -> [StoredBlock] {
    try await store.history.blocks(from: first, limit: limit)
  }

  package func block(at height: BlockNumber) async throws(StorageError) -> StoredBlock? {
    try await store.history.block(at: height)
  }

  package func receipt(of id: Hash256) async throws(StorageError) -> StoredReceipt? {
    try await store.history.receipt(of: id)
  }

  package func latestSnapshot() async throws(StorageError) -> StoredSnapshot? {
    try await store.history.latestSnapshot()
  }

  package func save(_ snapshot: StoredSnapshot) async throws(StorageError) { try await store.save(snapshot) }
}
