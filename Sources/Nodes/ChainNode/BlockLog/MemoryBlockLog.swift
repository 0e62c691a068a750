package import Primitives
package import Storage

/// A log that forgets everything with the process: no thread, no file, no clock, so a seeded run repeats.
///
/// Outcomes of appends can be scripted, to see what a node makes of them.
package actor MemoryBlockLog: BlockLog {
  /// What an append will do instead of committing.
  package enum Fault: Hashable, Sendable {
    /// The block is kept, and the answer is `unknown`.
    case answerLost
    /// The block is not kept, and the answer is `unknown`.
    case blockLost
    case fenced
    case diskFull
  }

  private var kept: [StoredBlock] = []
  private var places: [Hash256: (block: Int, index: Int)] = [:]
  private var snapshots: [StoredSnapshot] = []
  private var before: [UInt8]?
  private var faults: [Fault] = []
  private var readFailure: StorageError?
  /// Appends that were asked for, those that failed included.
  package private(set) var appendCount = 0

  package init() {}

  /// A log that holds blocks already, as a store has after a restart.
  package init(_ blocks: [StoredBlock], snapshot: StoredSnapshot? = nil) {
    for block in blocks {
      for (index, extrinsic) in block.extrinsics.enumerated() { places[extrinsic.id] = (kept.count, index) }
      kept.append(block)
    }
    if let snapshot { snapshots = [snapshot] }
  }

  /// The next appends meet these, in order.
  package func script(_ faults: [Fault]) { self.faults += faults }

  /// From now on reading blocks fails like this.
  package func failReads(_ error: StorageError) { readFailure = error }

  package var allBlocks: [StoredBlock] { kept }

  package func head() -> LogHead? { kept.last.map { LogHead(height: $0.height, hash: $0.hash) } }

  package func append(_ block: StoredBlock) throws(StorageError) -> AppendResult {
    appendCount += 1
    switch faults.isEmpty ? nil : faults.removeFirst() {
    case nil: return add(block)
    case .answerLost?:
      _ = add(block)
      return .unknown
    case .blockLost?: return .unknown
    case .fenced?: return .fenced(newTerm: 2)
    case .diskFull?:
      throw StorageError(.diskFull, action: "append block \(block.height)", text: "as the script says")
    }
  }

  private func add(_ block: StoredBlock) -> AppendResult {
    if let last = head(), block.height.value != last.height.value + 1 || block.parent != last.hash {
      return .conflict(last)
    }
    for (index, extrinsic) in block.extrinsics.enumerated() { places[extrinsic.id] = (kept.count, index) }
    kept.append(block)
    return .committed
  }

  package func blocks(from first: BlockNumber, limit: Int) -> [StoredBlock] {
    Array(kept.dropFirst(place(of: first)).prefix(limit))
  }

  /// Where a block is, or would be: heights follow each other.
  private func place(of height: BlockNumber) -> Int {
    guard let first = kept.first?.height, height > first else { return 0 }
    return Int(min(height.value - first.value, UInt64(kept.count)))
  }

  package func block(at height: BlockNumber) throws(StorageError) -> StoredBlock? {
    if let readFailure { throw readFailure }
    let place = place(of: height)
    return place < kept.count && kept[place].height == height ? kept[place] : nil
  }

  package func receipt(of id: Hash256) -> StoredReceipt? {
    places[id].map { place in
      let block = kept[place.block]
      return StoredReceipt(
        height: block.height, index: UInt32(place.index), extrinsic: block.extrinsics[place.index])
    }
  }

  package func rewind(to height: BlockNumber) async throws(StorageError) {
    kept.removeAll { $0.height > height }
    places = places.filter { $0.value.block < kept.count }
    snapshots.removeAll { $0.height > height }
  }

  package func begin(after block: [UInt8], with snapshot: StoredSnapshot) async throws(StorageError) {
    precondition(kept.isEmpty, "only an empty log begins")
    before = block
    snapshots = [snapshot]
  }

  package func beginning() async throws(StorageError) -> [UInt8]? { before }

  package func latestSnapshot() -> StoredSnapshot? { snapshots.last }

  package func save(_ snapshot: StoredSnapshot) { snapshots = snapshots.suffix(1) + [snapshot] }
}
