import Ledger
package import Primitives
import Storage

// Moving a local network's chain by hand. Who may, the desk decides.
extension BlockProducer {
  /// Blocks that are stored in one transaction; a crash loses none that were reported.
  static let batchLimit: UInt64 = 1000
  /// Named points at one time; each keeps the states of a whole window alive.
  package static let pointLimit = 16

  /// Why the chain was not moved.
  package enum ControlError: Error, Hashable, Sendable {
    case unknownPoint(String)
    case tooManyPoints
    /// The log does not hold all blocks that lead to that one.
    case tooFarBack(BlockNumber, oldest: BlockNumber)
  }

  /// Makes so many blocks at once; what waits in the pool goes into the first ones.
  ///
  /// - Throws: What ends the node; `CancellationError`, after the blocks that were finished.
  package func advance(by count: UInt64) async throws -> KeptBlock {
    try await takeTurn()
    defer { endTurn() }
    var left = count
    while left > 0 {
      try Task.checkCancellation()
      if pool.isEmpty {
        let batch = min(left, BlockProducer.batchLimit)
        try await makeEmpty(batch)
        left -= batch
      } else {
        _ = try await makeNext()
        left -= 1
      }
    }
    return recent.newest
  }

  /// Empty blocks in one transaction; the snapshot that became due among them is that of the last.
  private func makeEmpty(_ count: UInt64) async throws {
    let first = recent.newest.number.value + 1
    let (blocks, stored) = try await emptyBlocks(count, after: recent.newest)
    guard try await log.append(contentsOf: stored) == .committed, let last = blocks.last else {
      throw ChainNodeError.fenced(height: BlockNumber(first))
    }
    adopt(contentsOf: blocks)
    let isDue = (first...last.number.value).contains { isSnapshotDue(at: BlockNumber($0)) }
    if isDue { try await saveSnapshot(of: last) }
  }

  private nonisolated func emptyBlocks(
    _ count: UInt64, after head: KeptBlock
  ) async throws -> ([KeptBlock], [StoredBlock]) {
    var parent = head
    var blocks: [KeptBlock] = []
    var stored: [StoredBlock] = []
    for _ in 0..<count {
      let block = try seal(
        try execution.run([], on: parent.state, root: parent.executed.stateRoot), after: parent)
      stored.append(StoredBlock(block))
      blocks.append(block)
      // States that nobody will ask about are let go at once.
      if blocks.count > Int(RecentBlocks.depth) + 1 { blocks.removeFirst() }
      parent = block
    }
    return (blocks, stored)
  }

  /// Notes the present under a name; in memory, so it ends with the node.
  package func keepPoint(named name: String) throws(ControlError) -> KeptBlock {
    guard points[name] != nil || points.count < BlockProducer.pointLimit else { throw .tooManyPoints }
    points[name] = recent
    return recent.newest
  }

  /// Goes back to a named point; all later blocks and points, and what waits, are gone.
  package func returnToPoint(named name: String) async throws -> KeptBlock {
    try await takeTurn()
    defer { endTurn() }
    guard let point = points[name] else { throw ControlError.unknownPoint(name) }
    try await rewind(to: point)
    return recent.newest
  }

  /// Goes to a block: ahead by making blocks, back to a state that is kept, or by executing again what leads there.
  package func goTo(_ number: BlockNumber) async throws -> KeptBlock {
    let head = recent.newest.number
    if number > head { return try await advance(by: number.value - head.value) }
    try await takeTurn()
    defer { endTurn() }
    try await rewind(to: try await past(at: number))
    return recent.newest
  }

  /// The chain as it was when a block was its head.
  private func past(at number: BlockNumber) async throws -> RecentBlocks {
    guard let block = recent[number] else {
      do throws(any Error) {
        return try await ChainReplay(genesis: genesis, log: log, logger: logger, execution: execution)
          .run(through: number)
      } catch ChainNodeError.logBeginsLater(let first) {
        throw ControlError.tooFarBack(number, oldest: first)
      }
    }
    var past = recent
    past.truncate(to: block)
    return past
  }

  private func rewind(to past: RecentBlocks) async throws {
    try await log.rewind(to: past.newest.number)
    recent = past
    points = points.filter { $0.value.newest.number <= past.newest.number }
    pool.removeAll()
    for (_, wakes) in inclusionWakes { wakes.rung(.dropped(.stale)) }
    inclusionWakes = [:]
  }
}
