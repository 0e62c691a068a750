import Daemon
import Glibc
package import Primitives

/// How a store is opened.
package struct StoreOptions: Sendable {
  /// So many of the newest blocks are verified at the start.
  ///
  /// Source: reliability R8.
  package var verifiedBlocks: UInt64 = 1000
  /// A database file of at most so many bytes has all of its tables checked at the start.
  package var quickCheckByteLimit: Int = 64 << 20
  /// The database grows to at most so many pages of 4,096 bytes; nil for what the disk holds.
  package var pageLimit: UInt32?
  /// The name of a SQLite file layer to stand on, for tests that break disks; nil for the system's.
  package var fileLayer: String?
  /// Told how long each transaction took to end: its pages written to the write-ahead log and flushed.
  package var flushed: (@Sendable (Duration) -> Void)?

  package init() {}
}

/// The blocks, receipts, events and snapshots of one chain in one folder, written by its only owner.
///
/// Owns the folder's lock, the writing connection and the thread that both live on. Whatever returned from `append` is
/// on the disk. The first error of reading or writing is the last thing the store says: every later call repeats it,
/// since after a failed flush nobody knows what the disk holds. Ends with `close`, or when released.
package actor BlockStore {
  /// Reads, on a connection and a thread of their own: a long question holds up no block.
  package nonisolated let history: BlockHistory

  private let thread: StoreThread
  private let folder: StoreFolder
  private let genesis: Hash256
  private let hash: BlockHash
  private let late = SharedLateIndex()
  private var open: Open?
  private var fault: StorageError?
  /// The newest blocks whose digests were recomputed when the store was opened.
  package private(set) var verifiedAtStart = 0

  /// What is only there while the store is open; freed in this order.
  private struct Open {
    let database: BlockDatabase
    let witness: HeadWitness
    let lock: FileLock
    var head: StoredHead?
    /// Bytes that went into the write-ahead log since the last checkpoint, roughly.
    var logBytes = 0
    /// Where the bytes of a digest are gathered; kept, so that a block does not ask for memory anew.
    var digested: [UInt8] = []
  }

  /// The write-ahead log is moved into the database when so much has been written.
  private static let checkpointBytes = 8 << 20
  /// What one row adds to the log, with its share of the pages that its indexes touch.
  private static let rowBytes = 256

  package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// Opens or makes a store, and verifies it before it answers anything.
  ///
  /// - Parameters:
  ///   - folder: Made when missing; holds `blocks.sqlite`, `head` and `lock`.
  ///   - genesis: Hash of the network's genesis; a store of another network is refused.
  ///   - hash: The chain's hash function, for the digests.
  /// - Throws: `.locked`, `.wrongGenesis`, `.newerSchema`, `.damaged`, `.inputOutput`, `.diskFull`.
  package static func open(
    _ folder: String, genesis: Hash256, hash: @escaping BlockHash, options: StoreOptions = StoreOptions()
  ) async throws(StorageError) -> BlockStore {
    let store = BlockStore(folder, genesis: genesis, hash: hash, options: options)
    try await store.begin(options)
    try await store.history.begin()
    return store
  }

  private init(_ folder: String, genesis: Hash256, hash: @escaping BlockHash, options: StoreOptions) {
    self.folder = StoreFolder(path: folder)
    self.genesis = genesis
    self.hash = hash
    thread = StoreThread(name: "store")
    history = BlockHistory(
      path: StoreFolder(path: folder).database, genesis: genesis, hash: hash, layer: options.fileLayer, late: late)
  }

  deinit { thread.stop() }

  private func begin(_ options: StoreOptions) throws(StorageError) {
    let lock = try folder.take()
    let database = try BlockDatabase(
      folder.database, .readWrite, genesis: genesis, hash: hash, layer: options.fileLayer,
      pageLimit: options.pageLimit)
    database.flushed = options.flushed
    let head = try database.head()
    let witness = try folder.openWitness(of: database, head: head)
    // Blocks before tables: the former can say which of them is damaged.
    verifiedAtStart = try database.verifyTail(blocks: options.verifiedBlocks).blocks
    if folder.databaseSize <= options.quickCheckByteLimit { try database.quickCheck() }
    let waiting = try database.lateIndex()
    late.withLock { $0 = waiting }
    open = Open(database: database, witness: witness, lock: lock, head: head)
  }

  /// The newest block; nil in an empty store.
  package var head: StoredHead? { open?.head }

  /// Adds the next block with all its rows, in one transaction; when this returns, it is on the disk.
  ///
  /// - Throws: `.notNext` when it does not follow the head, with nothing changed; anything else is final.
  package func append(_ block: StoredBlock) async throws(StorageError) { try append(contentsOf: [block]) }

  /// Adds several blocks in one transaction: all of them are on the disk when this returns, or none ever will be.
  ///
  /// For blocks that nobody waits for one by one: a follower that catches up, a test that moves a chain ahead.
  ///
  /// - Throws: As for one block.
  package func append(contentsOf blocks: [StoredBlock]) throws(StorageError) {
    guard let first = blocks.first, let last = blocks.last else { return }
    try write { open throws(StorageError) in
      let action = first == last ? "append block \(first.height)" : "append blocks \(first.height) to \(last.height)"
      try BlockStore.requireOrder(of: blocks, after: open.head, action: action)
      var head = open.head
      // Several blocks work on a copy: what they write may be read only when all of it is on the disk.
      var waiting = blocks.count > 1 ? late.withLock { $0 } : nil
      try open.database.inTransaction(action: action) { () throws(StorageError) in
        for block in blocks {
          let digest = block.digest(after: head?.digest ?? genesis, hash: hash, gathering: &open.digested)
          try open.database.insert(block, digest: digest, action: action)
          let due = waiting?.due(at: block.height) ?? late.withLock { $0.due(at: block.height) }
          try open.database.insert(due, action: action)
          waiting?.adopt(block)
          head = StoredHead(
            height: block.height, hash: block.hash, stateRoot: block.stateRoot,
            timestampMilliseconds: block.timestampMilliseconds, digest: digest)
          open.logBytes += block.header.count + block.body.count
          open.logBytes += BlockStore.rowBytes * (8 + 2 * block.extrinsics.count + 2 * block.events.count)
        }
      }
      late.withLock { if let waiting { $0 = waiting } else { $0.adopt(first) } }
      guard let head else { return }
      try open.witness.write(.init(count: head.height.value + 1, digest: head.digest))
      open.head = head
      // Nobody found the time for it.
      if open.logBytes >= 4 * BlockStore.checkpointBytes { try BlockStore.checkpoint(&open) }
    }
  }

  /// Starts an empty store after a block of another node, in one transaction: that block's bytes and the state after it.
  ///
  /// - Throws: `.notNext` when there are blocks already.
  package func begin(after block: [UInt8], with snapshot: StoredSnapshot) throws(StorageError) {
    try write { open throws(StorageError) in
      let action = "begin after block \(snapshot.height)"
      if let head = open.head { throw StorageError(.notNext(head: head.height), action: action, text: "not empty") }
      try open.database.inTransaction(action: action) { () throws(StorageError) in
        try open.database.setBeginning(block, action: action)
        try open.database.connection.run("DELETE FROM snapshots", action: action)
        try open.database.insert(snapshot, action: action)
      }
    }
  }

  /// Moves the write-ahead log into the database when there is enough of it: between blocks rather than in one.
  package func rest() throws(StorageError) {
    try write { open throws(StorageError) in
      if open.logBytes >= BlockStore.checkpointBytes { try BlockStore.checkpoint(&open) }
    }
  }

  private static func checkpoint(_ open: inout Open) throws(StorageError) {
    try open.database.checkpoint(truncate: false)
    open.logBytes = 0
  }

  private static func requireOrder(
    of blocks: [StoredBlock], after head: StoredHead?, action: String
  ) throws(StorageError) {
    var last = head.map { (height: $0.height, hash: $0.hash) }
    for block in blocks {
      if let last, block.height.value != last.height.value + 1 || block.parent != last.hash {
        throw StorageError(.notNext(head: last.height), action: action, text: "parent \(block.parent)")
      }
      last = (block.height, block.hash)
    }
  }

  /// Removes all blocks and snapshots above a height, for ever: local networks go back in time.
  ///
  /// - Parameter height: Of a stored block, or 0 for an empty store.
  package func rewind(to height: BlockNumber) throws(StorageError) {
    try write { open throws(StorageError) in
      let action = "go back to block \(height)"
      let digest = height == .genesis ? Hash256.zero : try open.database.digest(at: height)
      guard let digest else { throw StorageError(.unacceptable, action: action, text: "there is no such block") }
      // The note first: one that claims less than there is says nothing wrong, should the process end between the two.
      try open.witness.begin(with: .init(count: height == .genesis ? 0 : height.value + 1, digest: digest))
      try open.database.inTransaction(action: action) { () throws(StorageError) in
        try open.database.removeBlocks(above: height, action: action)
      }
      open.head = try open.database.head()
      let waiting = try open.database.lateIndex()
      late.withLock { $0 = waiting }
    }
  }

  /// Keeps the state after a stored block, and drops all but the newest snapshots.
  ///
  /// - Precondition: `keeping > 0`.
  package func save(_ snapshot: StoredSnapshot, keeping count: Int = 2) async throws(StorageError) {
    precondition(count > 0, "a snapshot that is saved is kept")
    try write { open throws(StorageError) in
      let action = "save the snapshot of block \(snapshot.height)"
      try open.database.inTransaction(action: action) { () throws(StorageError) in
        try open.database.insert(snapshot, action: action)
        try open.database.connection.run(
          "DELETE FROM snapshots WHERE height NOT IN (SELECT height FROM snapshots ORDER BY height DESC LIMIT ?)",
          [.integer(Int64(count))], action: action)
      }
      try open.database.checkpoint(truncate: false)
      open.logBytes = 0
    }
  }

  /// Checks all there is: every page, table, index, digest and snapshot.
  ///
  /// - Throws: `.damaged` with the first damaged height; final.
  package func verify() async throws(StorageError) -> VerificationReport {
    var report: VerificationReport?
    try write { open throws(StorageError) in report = try open.database.verifyAll() }
    guard let report else { preconditionFailure("a verification that threw nothing has a report") }
    return report
  }

  /// Moves everything into the database file and gives the folder back; a second call does nothing.
  package func close() async throws(StorageError) {
    await history.close()
    guard let last = open else { return }
    open = nil
    if fault == nil { try last.database.checkpoint(truncate: true) }
  }

  private func write(_ body: (inout Open) throws(StorageError) -> Void) throws(StorageError) {
    if let fault { throw fault }
    guard open != nil else { throw StorageError(.unacceptable, action: "use the store", text: "it is closed") }
    do throws(StorageError) {
      try body(&open!)
    } catch {
      switch error.reason {
      case .notNext, .locked: break
      default: fault = error
      }
      throw error
    }
  }
}
