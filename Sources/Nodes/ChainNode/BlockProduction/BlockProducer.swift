package import Daemon
package import Keys
package import Ledger
package import Primitives
import Storage
import Wire

/// When blocks are made.
package enum BlockTime: Hashable, Sendable {
  case every(Duration)
  /// As soon as an extrinsic waits.
  case instant
  /// Only when `makeBlock` is called.
  case manual
}

/// The chain as this node knows it: recent blocks with their states, the waiting extrinsics, and the making of blocks.
///
/// Owns all of that state; blocks run beside it on a copy, so queries are answered meanwhile. What it tells anybody is in
/// the log: a block is adopted after the log said `committed`. Ends when the task in `run` is cancelled or throws.
package actor BlockProducer {
  package nonisolated let genesis: ChainGenesis
  package nonisolated let blockTime: BlockTime
  package nonisolated let log: any BlockLog
  package nonisolated let execution: BlockExecution
  package nonisolated let metrics = ChainMetrics()
  /// Where blocks come from, for a node that follows; nil for the one that makes them.
  package nonisolated let source: BlockSource?
  /// Whether a follower without blocks takes a snapshot instead of the whole history.
  package nonisolated let beginsAtSnapshot: Bool
  let key: KeyPair
  let clock: any Clock<Duration>
  let wallClock: any WallClock
  let logger: Logger
  private let blockLimits: BlockLimits
  /// Extrinsics that are refused for ever, since one of them stopped this node.
  let quarantined: Set<Hash256>

  package internal(set) var recent: RecentBlocks
  var pool: ExtrinsicPool
  private var isMaking = false
  /// What a start would execute again; that of this start counts too.
  private var extrinsicsSinceSnapshot: Int
  private var turnWakes = WakeList()
  /// Points of a local network to which its blocks can go back.
  var points: [String: RecentBlocks] = [:]
  var headWakes = WakeList()
  var poolWakes = WakeList()
  var inclusionWakes: [Hash256: WakeList] = [:]

  /// Takes over a chain at the point to which `ChainReplay` brought it.
  package init(
    genesis: ChainGenesis, from recent: RecentBlocks, key: KeyPair, log: any BlockLog, blockTime: BlockTime,
    clock: any Clock<Duration>, wallClock: any WallClock, logger: Logger,
    execution: BlockExecution? = nil, poolLimits: PoolLimits = PoolLimits(), blockLimits: BlockLimits = BlockLimits(),
    quarantined: Set<Hash256> = [], following source: BlockSource? = nil,
    beginsAtSnapshot: Bool = true
  ) {
    self.genesis = genesis
    self.recent = recent
    self.key = key
    self.log = log
    self.blockTime = blockTime
    self.clock = clock
    self.wallClock = wallClock
    self.logger = logger
    self.execution = execution ?? BlockExecution(chainID: genesis.chainID)
    self.blockLimits = blockLimits
    self.quarantined = quarantined
    self.source = source
    self.beginsAtSnapshot = beginsAtSnapshot
    extrinsicsSinceSnapshot = recent.extrinsicsSinceBeginning
    pool = ExtrinsicPool(limits: poolLimits)
  }

  /// The account whose key signs blocks and replies.
  package nonisolated var account: AccountID { key.account }
  package var head: KeptBlock { recent.newest }
  package var pooledCount: Int { pool.count }
  package var oldestState: BlockNumber { recent.oldest }

  /// A recent block with its state; nil when it is not kept, or not yet made.
  package func block(at number: BlockNumber) -> KeptBlock? { recent[number] }

  package func nextNonce(of account: AccountID, in state: LedgerState) -> UInt64 {
    pool.nextNonce(of: account, in: state)
  }
}

// MARK: - Blocks

extension BlockProducer {
  /// Times that an unclear append is asked about before the node gives up.
  static let appendAttemptLimit = 5

  /// Makes the next block, stores it, and only then lets anybody see it.
  ///
  /// - Throws: `ChainNodeError`, `StorageError`: the node must end, and the head is as it was; `CancellationError`.
  @discardableResult
  package func makeBlock() async throws -> KeptBlock {
    try await takeTurn()
    defer { endTurn() }
    return try await makeNext()
  }

  /// Waits until nothing else changes the chain; from then on this caller does, up to `endTurn`.
  ///
  /// - Throws: `CancellationError`.
  func takeTurn() async throws {
    while isMaking {
      let (number, wake) = turnWakes.add()
      _ = await wake.wait()
      turnWakes.remove(number)
      try Task.checkCancellation()
    }
    isMaking = true
  }

  func endTurn() {
    isMaking = false
    turnWakes.ringAll()
  }

  /// The next block, in the caller's turn.
  func makeNext() async throws -> KeptBlock {
    let parent = recent.newest
    let candidates = pool.selection(for: parent.state, limits: blockLimits).map(\.candidate)
    let executed = try await execute(candidates, after: parent)
    let block = try seal(executed, after: parent)
    try await store(block, after: parent)
    adopt(block)
    try await log.rest()
    if isSnapshotDue(after: block) { try await saveSnapshot(of: block) }
    return block
  }

  /// Takes over a block that another node made and that was checked: durable here first, then the head.
  ///
  /// - Throws: As `makeBlock`.
  /// - Precondition: One at a time, each the successor of the head.
  func follow(_ block: KeptBlock) async throws {
    precondition(!isMaking, "one block at a time")
    isMaking = true
    defer { isMaking = false }
    try await store(block, after: recent.newest)
    adopt(block)
    try await log.rest()
    if isSnapshotDue(after: block) { try await saveSnapshot(of: block) }
  }

  /// Takes over the state of another node's block, checked, into an empty log: durable here first, then the head.
  ///
  /// - Throws: As `makeBlock`.
  /// - Precondition: The head is genesis.
  func begin(at found: SnapshotDownload.Downloaded) async throws {
    precondition(recent.newest.number == .genesis && !isMaking, "only a fresh node begins at a snapshot")
    isMaking = true
    defer { isMaking = false }
    try await log.begin(after: found.sealed, with: found.snapshot)
    recent = RecentBlocks(from: found.block)
    headWakes.ringAll()
    metrics.began(at: found.block)
  }

  private func store(_ block: KeptBlock, after parent: KeptBlock) async throws {
    let start = ContinuousClock.now
    metrics.appending(since: start)
    try await commit(StoredBlock(block), after: parent)
    metrics.appended(since: start)
  }

  /// Off the actor, so that it answers meanwhile.
  private nonisolated func execute(
    _ candidates: [Candidate], after parent: KeptBlock
  ) async throws(ChainNodeError) -> ExecutedBlock {
    try execution.run(candidates, on: parent.state, root: parent.executed.stateRoot)
  }

  nonisolated func seal(_ executed: ExecutedBlock, after parent: KeptBlock) throws -> KeptBlock {
    guard executed.state.chain.authorities.contains(key.account) else {
      throw ChainNodeError.notAnAuthority(key.account)
    }
    let header = BlockHeader(
      number: executed.number, parent: parent.hash,
      timestampMilliseconds: max(parent.timestampMilliseconds + 1, wallClock.millisecondsSince1970),
      author: key.account, extrinsicsRoot: executed.extrinsicsRoot, stateRoot: executed.stateRoot.hash,
      eventsRoot: executed.eventsRoot)
    let sealed = SealedBlock(
      sealing: header, extrinsics: executed.extrinsics.map(\.encoded), chainID: genesis.chainID, with: key)
    do throws(WireError) {
      return KeptBlock(sealed: sealed, encoded: try sealed.encoded(), executed: executed)
    } catch {
      throw ChainNodeError.invariantBroken(
        "the builder made a block that has no encoding: \(error)", height: header.number)
    }
  }

  /// Returns when the log holds the block; an unclear answer is cleared up before anything else is built.
  ///
  /// Source: reliability 3.4.
  private func commit(_ block: StoredBlock, after parent: KeptBlock) async throws {
    for attempt in 1...BlockProducer.appendAttemptLimit {
      switch try await log.append(block) {
      case .committed: return
      case .fenced, .conflict: throw ChainNodeError.fenced(height: block.height)
      case .unknown: break
      }
      logger.warning("append unclear", [.height: .of(block.height), .attempt: .number(attempt)])
      let head = try await log.head()
      if head == LogHead(height: block.height, hash: block.hash) { return }
      guard head.map({ $0 == LogHead(height: parent.number, hash: parent.hash) }) ?? (parent.sealed == nil)
      else { throw ChainNodeError.fenced(height: block.height) }
      try await clock.sleep(for: .milliseconds(50 << attempt))
    }
    throw ChainNodeError.logSilent(height: block.height, attempts: BlockProducer.appendAttemptLimit)
  }

  /// The block is durable: now it is the head, and everybody who waited is told.
  func adopt(_ block: KeptBlock) {
    recent.append(block)
    let included = block.executed.extrinsics.lazy.map(\.candidate.extrinsic.id)
    let dropped = pool.settle(included: included, leftOut: block.executed.leftOut, state: block.state)
    if !inclusionWakes.isEmpty { for id in included { inclusionWakes.removeValue(forKey: id)?.rung() } }
    for (id, error) in dropped { inclusionWakes.removeValue(forKey: id)?.rung(.dropped(error)) }
    headWakes.ringAll()
    metrics.adopted(block, pooled: pool.count, isProducer: source == nil)
    logger.debug(
      "block made", [.height: .of(block.number), .count: .number(included.count), .stateRoot: .of(block.stateRoot)])
  }

  /// Empty blocks that are durable: their last one is the head; of all of them the states in the window are kept.
  func adopt(contentsOf blocks: [KeptBlock]) {
    guard let first = blocks.first, let last = blocks.last else { return }
    if first.number.value == recent.newest.number.value + 1 {
      for block in blocks { recent.append(block) }
    } else {
      recent = RecentBlocks(from: first)
      for block in blocks.dropFirst() { recent.append(block) }
    }
    for (id, error) in pool.settle(included: [], leftOut: [], state: last.state) {
      inclusionWakes.removeValue(forKey: id)?.rung(.dropped(error))
    }
    headWakes.ringAll()
    metrics.moved(to: last)
    logger.debug("blocks made", [.height: .of(last.number), .count: .number(blocks.count)])
  }

  /// Extrinsics after which a snapshot is due though its height is not: a start executes at most so many again.
  static let snapshotWork = 10_000

  /// As the height says, and sooner where blocks are full.
  private func isSnapshotDue(after block: KeptBlock) -> Bool {
    extrinsicsSinceSnapshot += block.executed.extrinsics.count
    guard isSnapshotDue(at: block.number) || extrinsicsSinceSnapshot >= BlockProducer.snapshotWork else { return false }
    extrinsicsSinceSnapshot = 0
    return true
  }

  /// Every 1,000 blocks, or about every 10 minutes where that is sooner. Source: reliability 3.6.
  nonisolated func isSnapshotDue(at number: BlockNumber) -> Bool {
    let inTenMinutes: Int64 =
      if case .every(let time) = blockTime { 600_000 / max(1, time.wholeMilliseconds) } else { 1000 }
    return number.value.isMultiple(of: UInt64(min(1000, max(1, inTenMinutes))))
  }

  nonisolated func saveSnapshot(of block: KeptBlock) async throws {
    try await log.save(
      StoredSnapshot(height: block.number, stateRoot: block.stateRoot, body: block.state.canonicalBytes))
    metrics.saved(snapshotAt: block.number, milliseconds: wallClock.millisecondsSince1970)
    logger.info("snapshot saved", [.height: .of(block.number), .stateRoot: .of(block.stateRoot)])
  }
}

// MARK: - Making blocks in time

extension BlockProducer {
  /// Makes blocks as `blockTime` says, until cancelled.
  package nonisolated func run() async throws {
    switch blockTime {
    case .every(let time): try await run(every: time, on: clock)
    case .instant:
      while true {
        try await waitForExtrinsics()
        try await makeBlock()
      }
    case .manual:
      // Asleep until cancelled.
      while true { try await clock.sleep(for: .seconds(3600)) }
    }
  }

  /// Blocks at fixed instants; after a delay the next ones keep their distance instead of catching up.
  private nonisolated func run<C: Clock>(every time: Duration, on clock: C) async throws
  where C.Duration == Duration {
    var due = clock.now.advanced(by: time)
    while true {
      try await clock.sleep(until: due, tolerance: nil)
      try await makeBlock()
      due = max(due.advanced(by: time), clock.now)
    }
  }

  private func waitForExtrinsics() async throws {
    while pool.selection(for: recent.newest.state, limits: BlockLimits()).isEmpty {
      let (number, wake) = poolWakes.add()
      _ = await wake.wait()
      poolWakes.remove(number)
      try Task.checkCancellation()
    }
  }
}
