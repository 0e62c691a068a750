import ChainNode
import Primitives
import Storage
import SubnetKit

/// A log on a disk that fails as a seed says; what it acknowledged it keeps.
actor FaultyBlockLog: BlockLog {
  /// What can go wrong, as counters name it.
  enum Fault: String, CaseIterable, Sendable {
    /// The process dies, and the block had not reached the disk.
    case crashBeforeFlush
    /// The process dies after the block reached the disk, before anybody was told.
    case crashAfterFlush
    case unknownKept
    case unknownLost
    case diskFull
    case readError
    case snapshotLost
  }

  private let kept = MemoryBlockLog()
  private var random: SeededRandom
  private(set) var counts: [Fault: Int] = [:]
  /// Off while the end is checked.
  private var isFaulty = true

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  func calm() { isFaulty = false }
  var allBlocks: [StoredBlock] { get async { await kept.allBlocks } }

  private func draws(_ fault: Fault, perThousand: UInt64) -> Bool {
    guard isFaulty, random.next() % 1000 < perThousand else { return false }
    counts[fault, default: 0] += 1
    return true
  }

  private func failure(_ reason: StorageError.Reason, _ height: BlockNumber) -> StorageError {
    StorageError(reason, action: "append block \(height)", text: "as the seed says")
  }

  func append(_ block: StoredBlock) async throws(StorageError) -> AppendResult {
    if draws(.crashBeforeFlush, perThousand: 30) { throw failure(.inputOutput, block.height) }
    if draws(.diskFull, perThousand: 10) { throw failure(.diskFull, block.height) }
    if draws(.unknownLost, perThousand: 25) { return .unknown }
    let result = try await kept.append(block)
    if draws(.crashAfterFlush, perThousand: 30) { throw failure(.inputOutput, block.height) }
    return draws(.unknownKept, perThousand: 25) ? .unknown : result
  }

  func blocks(from first: BlockNumber, limit: Int) async throws(StorageError) -> [StoredBlock] {
    if draws(.readError, perThousand: 20) { throw failure(.inputOutput, first) }
    return await kept.blocks(from: first, limit: 1 + Int(random.next() % UInt64(limit)))
  }

  func save(_ snapshot: StoredSnapshot) async {
    if draws(.snapshotLost, perThousand: 300) { return }
    await kept.save(snapshot)
  }

  func head() async throws(StorageError) -> LogHead? { await kept.head() }
  func block(at height: BlockNumber) async throws(StorageError) -> StoredBlock? { try await kept.block(at: height) }
  func receipt(of id: Hash256) async throws(StorageError) -> StoredReceipt? { await kept.receipt(of: id) }
  func latestSnapshot() async throws(StorageError) -> StoredSnapshot? { await kept.latestSnapshot() }
}
