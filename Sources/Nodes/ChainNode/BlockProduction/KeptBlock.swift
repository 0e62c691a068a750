import Keys
package import Ledger
package import Primitives
import Storage
import Synchronization
package import Wire

/// A block that this node holds in memory with everything that queries ask about it.
///
/// A class because it is large: a copy of its state alone counts references to every table.
package final class KeptBlock: Sendable {
  package let number: BlockNumber
  package let hash: Hash256
  package let timestampMilliseconds: UInt64
  /// The encoded header; empty for genesis, which is no block.
  package let headerBytes: [UInt8]
  /// Nil for genesis, and where the content is in the log only.
  package let sealed: SealedBlock?
  /// The encoded `SealedBlock`; empty where `sealed` is nil.
  package let encoded: [UInt8]
  package let executed: ExecutedBlock
  /// Indexes of its extrinsics, made when somebody first asks for one: most blocks are never asked.
  private let indexes = Mutex<[Hash256: Int]?>(nil)

  package var state: LedgerState { executed.state }
  package var stateRoot: Hash256 { executed.stateRoot.hash }

  /// Where a chain starts: its hash is the chain's id.
  package convenience init(genesis: ChainGenesis) {
    var state = genesis.state
    let root = StateRoot(takingChangesOf: &state)
    self.init(
      state: state, root: root, hash: genesis.chainID, headerBytes: [],
      timestamp: genesis.genesis.timestampMilliseconds)
  }

  /// A state read from a snapshot, whose block's content is in the log only.
  package convenience init(state: LedgerState, root: StateRoot, header: BlockHeader) {
    let bytes = header.encoded
    self.init(
      state: state, root: root, hash: Hash256(hashing: bytes), headerBytes: bytes,
      timestamp: header.timestampMilliseconds)
  }

  private init(state: LedgerState, root: StateRoot, hash: Hash256, headerBytes: [UInt8], timestamp: UInt64) {
    number = state.block
    self.hash = hash
    self.headerBytes = headerBytes
    timestampMilliseconds = timestamp
    sealed = nil
    encoded = []
    executed = ExecutedBlock(
      number: state.block, state: state, stateRoot: root, extrinsics: [], events: [], leftOut: [])
  }

  package init(sealed: SealedBlock, encoded: [UInt8], executed: ExecutedBlock) {
    number = executed.number
    hash = sealed.hash
    timestampMilliseconds = sealed.header.timestampMilliseconds
    headerBytes = sealed.headerBytes
    self.sealed = sealed
    self.encoded = encoded
    self.executed = executed
  }

  /// The place of an extrinsic in this block.
  func index(of id: Hash256) -> Int? {
    if executed.extrinsics.isEmpty { return nil }
    return indexes.withLock { indexes in
      if let indexes { return indexes[id] }
      var made: [Hash256: Int] = [:]
      made.reserveCapacity(executed.extrinsics.count)
      for (index, extrinsic) in executed.extrinsics.enumerated() { made[extrinsic.candidate.extrinsic.id] = index }
      indexes = made
      return made[id]
    }
  }

  /// The same block with its state, its content left to the log.
  var withoutContent: KeptBlock {
    KeptBlock(
      state: state, root: executed.stateRoot, hash: hash, headerBytes: headerBytes, timestamp: timestampMilliseconds)
  }
}

/// The newest blocks with their states: 256 before the head, so that queries may ask about the past.
package struct RecentBlocks: Sendable {
  /// Blocks before the head whose state is kept. Source: registry 16.
  package static let depth: UInt64 = 256
  /// Bytes of encoded blocks whose content is kept as well; what is older is read from the log.
  package static let contentBytes = 4 << 20

  package struct Place: Hashable, Sendable {
    package let number: BlockNumber
    package let index: Int
  }

  private var blocks: [BlockNumber: KeptBlock] = [:]
  package private(set) var newest: KeptBlock
  package private(set) var oldest: BlockNumber
  /// The block that this node started from: its snapshot's, or genesis.
  package let beginning: (number: BlockNumber, milliseconds: UInt64)
  /// Extrinsics in all blocks after `beginning`, those no longer kept included.
  package private(set) var extrinsicsSinceBeginning = 0
  /// The first block whose content is kept, and the bytes of all of them.
  private var firstContent: BlockNumber
  private var contentBytes = 0

  package init(from first: KeptBlock) {
    newest = first
    oldest = first.number
    firstContent = first.number
    beginning = (first.number, first.timestampMilliseconds)
    blocks[first.number] = first
  }

  package subscript(number: BlockNumber) -> KeptBlock? { blocks[number] }

  /// Where an extrinsic of a recent block is whose content is kept.
  ///
  /// - Complexity: O(blocks whose content is kept).
  package func place(of id: Hash256) -> Place? {
    var number = newest.number
    while true {
      if let index = blocks[number]?.index(of: id) { return Place(number: number, index: index) }
      guard number > firstContent, number > oldest else { return nil }
      number = BlockNumber(number.value - 1)
    }
  }

  /// Adds the block after the newest, and lets the oldest go.
  package mutating func append(_ block: KeptBlock) {
    precondition(block.number.value == newest.number.value + 1, "blocks are kept in order")
    newest = block
    extrinsicsSinceBeginning += block.executed.extrinsics.count
    blocks[block.number] = block
    contentBytes += block.encoded.count
    while block.number.value - oldest.value > RecentBlocks.depth {
      if firstContent == oldest { dropContent() }
      blocks[oldest] = nil
      oldest = BlockNumber(oldest.value + 1)
    }
    while contentBytes > RecentBlocks.contentBytes, firstContent < block.number { dropContent() }
  }

  private mutating func dropContent() {
    if let block = blocks[firstContent] {
      contentBytes -= block.encoded.count
      blocks[firstContent] = block.withoutContent
    }
    firstContent = BlockNumber(firstContent.value + 1)
  }

  /// Lets go of all blocks above one that is kept.
  package mutating func truncate(to last: KeptBlock) {
    while newest.number > last.number {
      let block = newest
      blocks[block.number] = nil
      guard let previous = blocks[BlockNumber(block.number.value - 1)] else { break }
      newest = previous
    }
  }
}
