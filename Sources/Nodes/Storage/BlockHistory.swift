package import Primitives

/// Questions about stored blocks; owns a read-only connection and its thread, and ends with its store.
package actor BlockHistory {
  /// The most blocks that one answer holds.
  package static let blockLimit = 256

  private let thread: StoreThread
  private let path: String
  private let genesis: Hash256
  private let hash: BlockHash
  private let layer: String?
  /// What the store that owns the blocks has not yet written into the indexes; nil where another process owns them.
  private let late: SharedLateIndex?
  private var database: BlockDatabase?

  package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  init(path: String, genesis: Hash256, hash: @escaping BlockHash, layer: String?, late: SharedLateIndex? = nil) {
    self.path = path
    self.genesis = genesis
    self.hash = hash
    self.layer = layer
    self.late = late
    thread = StoreThread(name: "store-history")
  }

  deinit { thread.stop() }

  func begin() throws(StorageError) {
    database = try BlockDatabase(path, .readOnly, genesis: genesis, hash: hash, layer: layer)
  }

  func close() { database = nil }

  /// The newest block; nil in an empty store.
  package func head() throws(StorageError) -> StoredHead? { try opened().head() }

  package func block(at height: BlockNumber) throws(StorageError) -> StoredBlock? {
    guard let block = try opened().blocks(from: height, limit: 1).first?.block else { return nil }
    return block.height == height ? block : nil
  }

  package func block(with hash: Hash256) throws(StorageError) -> StoredBlock? {
    guard let height = try opened().height(ofBlock: hash) else { return nil }
    return try block(at: height)
  }

  /// Blocks in order from a height on, at most `limit` and at most `blockLimit`.
  package func blocks(
    from first: BlockNumber, limit: Int = BlockHistory.blockLimit
  ) throws(StorageError) -> [StoredBlock] {
    try opened().blocks(from: first, limit: max(0, min(limit, BlockHistory.blockLimit))).map(\.block)
  }

  /// All blocks from a height up to another, or to the head of the moment; read as they are asked for.
  package nonisolated func stream(from first: BlockNumber, through last: BlockNumber? = nil) -> StoredBlocks {
    StoredBlocks(history: self, first: first, last: last)
  }

  /// Where an extrinsic went; nil when it is in no block.
  package func receipt(of id: Hash256) throws(StorageError) -> StoredReceipt? {
    let action = "find extrinsic \(id)"
    // What waits first: an entry leaves it for the table, and would be missed in the other order.
    if let place = try waiting({ $0.place(of: id) }), let receipt = try opened().receipt(at: place, action: action) {
      return receipt
    }
    guard let place = try opened().place(of: id, action: action) else { return nil }
    guard let receipt = try opened().receipt(at: place, action: action), receipt.extrinsic.id == id else {
      throw Statement.damage(at: place.height, "the index of ids leads to another extrinsic")
    }
    return receipt
  }

  /// The extrinsic of an account under a nonce, which is used once.
  package func receipt(of signer: AccountID, nonce: UInt64) throws(StorageError) -> StoredReceipt? {
    let action = "find extrinsic \(nonce) of \(signer)"
    if let place = try waiting({ $0.place(of: signer, nonce: nonce) }),
      let receipt = try opened().receipt(at: place, action: action)
    {
      return receipt
    }
    guard let place = try opened().place(of: signer, nonce: nonce, action: action) else { return nil }
    return try opened().receipt(at: place, action: action)
  }

  private func waiting(_ find: (LateIndex) -> RowPlace?) throws(StorageError) -> RowPlace? {
    guard let late else { return find(try opened().lateIndex()) }
    return late.withLock { find($0) }
  }

  /// The events of a block; empty also where there is no such block.
  package func events(at height: BlockNumber) throws(StorageError) -> [StoredEvent] { try opened().events(at: height) }

  /// The newest snapshot, its digest checked.
  package func latestSnapshot() throws(StorageError) -> StoredSnapshot? { try opened().snapshots(limit: 1).first }

  /// The bytes of the block after which this store begins; nil where it begins at genesis.
  package func beginning() throws(StorageError) -> [UInt8]? { try opened().beginning() }

  /// Writes a compact copy of the whole store, as of now, to a file that is not there yet, flushed.
  ///
  /// Blocks may be appended meanwhile; they are not in the copy.
  package func backUp(to target: String) throws(StorageError) {
    try StoreFolder.backUp(try opened(), to: target)
  }

  private func opened() throws(StorageError) -> BlockDatabase {
    guard let database else { throw StorageError(.unacceptable, action: "read the store", text: "it is closed") }
    return database
  }
}

/// Stored blocks in order, read in batches as they are asked for.
package struct StoredBlocks: AsyncSequence, Sendable {
  fileprivate static let batch = 64

  fileprivate let history: BlockHistory
  fileprivate let first: BlockNumber
  fileprivate let last: BlockNumber?

  package struct Iterator: AsyncIteratorProtocol {
    fileprivate let blocks: StoredBlocks
    fileprivate var next: BlockNumber
    fileprivate var batch: ArraySlice<StoredBlock> = []

    package mutating func next() async throws(StorageError) -> StoredBlock? {
      if batch.isEmpty { batch = try await blocks.history.blocks(from: next, limit: StoredBlocks.batch)[...] }
      guard let block = batch.popFirst(), blocks.last.map({ block.height <= $0 }) ?? true else { return nil }
      next = BlockNumber(block.height.value + 1)
      return block
    }

    package mutating func next(isolation actor: isolated (any Actor)?) async throws(StorageError) -> StoredBlock? {
      try await next()
    }
  }

  package func makeAsyncIterator() -> Iterator { Iterator(blocks: self, next: first) }
}
