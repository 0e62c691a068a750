package import Daemon
package import Keys
import Ledger
package import Primitives
import Storage
import Wire

/// Brings a node to the head of its log: newest snapshot or genesis, then every block again, every hash compared.
///
/// What differs by one bit from what the rules make of it ends the start with `ChainNodeError.damaged`.
package struct ChainReplay: Sendable {
  /// Blocks that are read from the log at a time.
  private static let batch = 64

  private let genesis: ChainGenesis
  private let log: any BlockLog
  private let logger: Logger
  private let execution: BlockExecution
  private let verifyAll: @Sendable ([SignatureCheck]) async -> [Bool]

  /// - Parameter verifyAll: One verdict a check, in their order; simulations remember what they verified before.
  package init(
    genesis: ChainGenesis, log: any BlockLog, logger: Logger, execution: BlockExecution? = nil,
    verifyAll: @escaping @Sendable ([SignatureCheck]) async -> [Bool] = { await SignatureCheck.verifyAll($0) }
  ) {
    self.genesis = genesis
    self.log = log
    self.logger = logger
    self.execution = execution ?? BlockExecution(chainID: genesis.chainID)
    self.verifyAll = verifyAll
  }

  /// The chain at the log's head, with as many recent states as were replayed.
  ///
  /// - Parameters:
  ///   - usesSnapshot: False replays from genesis, as a full verification does.
  ///   - last: A block of the log to end at; nil for its head.
  /// - Throws: `ChainNodeError.damaged`, `.invariantBroken`, `.logBeginsLater`, `StorageError`; `CancellationError`.
  package func run(usesSnapshot: Bool = true, through last: BlockNumber? = nil) async throws -> RecentBlocks {
    var recent = RecentBlocks(from: try await start(usesSnapshot: usesSnapshot, notAfter: last))
    let first = recent.newest.number
    while last.map({ recent.newest.number < $0 }) ?? true {
      let next = BlockNumber(recent.newest.number.value + 1)
      let limit = min(UInt64(ChainReplay.batch), last.map { $0.value - recent.newest.number.value } ?? .max)
      let stored = try await log.blocks(from: next, limit: Int(limit))
      guard !stored.isEmpty else { break }
      try await replay(stored, onto: &recent)
      try Task.checkCancellation()
    }
    var head = try await log.head() ?? LogHead(height: first, hash: recent.newest.hash)
    if let last, last < head.height, last == recent.newest.number {
      head = LogHead(height: last, hash: recent.newest.hash)
    }
    guard head == LogHead(height: recent.newest.number, hash: recent.newest.hash) else {
      throw ChainNodeError.damaged("the log's head is \(head.hash) and cannot be reached", height: head.height)
    }
    logger.info(
      "chain replayed",
      [
        .from: .of(first), .height: .of(recent.newest.number), .stateRoot: .of(recent.newest.stateRoot),
        .genesis: .of(genesis.chainID),
      ])
    return recent
  }

  private func start(usesSnapshot: Bool, notAfter last: BlockNumber?) async throws -> KeptBlock {
    let beginning = try await beginning()
    guard usesSnapshot, let snapshot = try await log.latestSnapshot(), last.map({ snapshot.height <= $0 }) ?? true
    else {
      if let beginning { throw ChainNodeError.logBeginsLater(height: BlockNumber(beginning.header.number.value + 1)) }
      return KeptBlock(genesis: genesis)
    }
    func damaged(_ what: String) -> ChainNodeError { .damaged(what, height: snapshot.height) }
    let sealed: SealedBlock
    if let stored = try await log.block(at: snapshot.height) {
      sealed = try decode(stored)
    } else if let beginning, beginning.header.number == snapshot.height {
      sealed = beginning
    } else {
      throw damaged("its snapshot has no block")
    }
    guard var state = LedgerState(canonicalBytes: snapshot.body) else { throw damaged("its snapshot is no state") }
    let root = StateRoot(takingChangesOf: &state)
    guard root.hash == sealed.header.stateRoot, state.block == snapshot.height else {
      throw damaged("its snapshot has another state root")
    }
    return KeptBlock(state: state, root: root, header: sealed.header)
  }

  /// The block of another node after which the log begins; nil where it begins at genesis.
  private func beginning() async throws -> SealedBlock? {
    guard let bytes = try await log.beginning() else { return nil }
    do throws(WireError) {
      let sealed = try SealedBlock(decoding: bytes)
      guard sealed.hasValidSignature(chainID: genesis.chainID) else {
        throw WireError.missing(field: "signature")
      }
      return sealed
    } catch {
      throw ChainNodeError.damaged("the block before the first one kept cannot be read: \(error)", height: .genesis)
    }
  }

  private func replay(_ stored: [StoredBlock], onto recent: inout RecentBlocks) async throws {
    var blocks: [(sealed: SealedBlock, encoded: [UInt8], candidates: [Candidate])] = []
    for block in stored {
      let sealed = try decode(block)
      var candidates: [Candidate] = []
      for bytes in sealed.extrinsics {
        do throws(WireError) {
          candidates.append(try Candidate(decoding: bytes))
        } catch {
          throw ChainNodeError.damaged("an extrinsic cannot be read: \(error)", height: block.height)
        }
      }
      blocks.append((sealed, block.body, candidates))
    }
    try await verifySignatures(of: blocks.flatMap(\.candidates), in: stored[0].height)
    for block in blocks {
      recent.append(try replayed(block.sealed, block.encoded, block.candidates, after: recent.newest))
    }
  }

  /// A block of another node, checked against its parent: every signature, hash and root.
  ///
  /// - Throws: `ChainNodeError.damaged` with what is not as these rules make it.
  func checked(_ encoded: [UInt8], after parent: KeptBlock) async throws -> KeptBlock {
    let height = BlockNumber(parent.number.value + 1)
    let sealed: SealedBlock
    var candidates: [Candidate] = []
    do throws(WireError) {
      sealed = try SealedBlock(decoding: encoded)
      for bytes in sealed.extrinsics { candidates.append(try Candidate(decoding: bytes)) }
    } catch {
      throw ChainNodeError.damaged("it cannot be read: \(error)", height: height)
    }
    try await verifySignatures(of: candidates, in: height)
    return try replayed(sealed, encoded, candidates, after: parent)
  }

  private func verifySignatures(of candidates: [Candidate], in height: BlockNumber) async throws {
    let checks = candidates.compactMap(\.extrinsic.signatureCheck)
    let verdicts = await verifyAll(checks)
    guard checks.count == candidates.count, verdicts.allSatisfy({ $0 }) else {
      throw ChainNodeError.damaged(
        "an extrinsic of this block or one of the next has a wrong signature", height: height)
    }
  }

  private func replayed(
    _ sealed: SealedBlock, _ encoded: [UInt8], _ candidates: [Candidate], after parent: KeptBlock
  ) throws(ChainNodeError) -> KeptBlock {
    let header = sealed.header
    func require(_ holds: Bool, _ what: String) throws(ChainNodeError) {
      guard holds else { throw .damaged(what, height: header.number) }
    }
    try require(header.number.value == parent.number.value + 1, "it does not follow block \(parent.number)")
    try require(header.parent == parent.hash, "its parent is another")
    try require(header.timestampMilliseconds > parent.timestampMilliseconds, "its time is not after its parent's")
    try require(sealed.hasValidSignature(chainID: genesis.chainID), "its author did not sign it")
    let executed = try execution.run(candidates, on: parent.state, root: parent.executed.stateRoot)
    try require(executed.state.chain.authorities.contains(header.author), "its author is no authority")
    try require(executed.leftOut.isEmpty, "an extrinsic in it is not valid there")
    try require(executed.extrinsicsRoot == header.extrinsicsRoot, "its extrinsics have another root")
    try require(executed.eventsRoot == header.eventsRoot, "its events have another root")
    try require(executed.stateRoot.hash == header.stateRoot, "its state has another root")
    return KeptBlock(sealed: sealed, encoded: encoded, executed: executed)
  }

  private func decode(_ block: StoredBlock) throws(ChainNodeError) -> SealedBlock {
    let sealed: SealedBlock
    do throws(WireError) {
      sealed = try SealedBlock(decoding: block.body)
    } catch {
      throw .damaged("it cannot be read: \(error)", height: block.height)
    }
    guard sealed.hash == block.hash, sealed.headerBytes == block.header else {
      throw .damaged("its header is another than its row says", height: block.height)
    }
    return sealed
  }
}
