package import Ledger
package import Primitives

/// The extrinsics that wait for a block: bounded in every direction, and the same for the same sequence of calls.
///
/// A value; its owner hands in the state it judges by. Signatures are the caller's part: what is added here is verified.
/// Source: registry 14.
package struct ExtrinsicPool: Sendable {
  package let limits: PoolLimits
  private var queues: [AccountID: SignerQueue] = [:]
  /// What waits, by its id.
  private var candidates: [Hash256: Candidate] = [:]
  private var feeFreeCounts: [FeeFreeKey: Int] = [:]
  private var arrivals: UInt64 = 0
  private var weightCount = 0
  /// Places kept for extrinsics whose signatures are being verified.
  private var reserved = 0
  package private(set) var byteCount = 0
  /// No entry ranks lower: what is not above it need not look for a place in a full pool.
  private var lowestRank: Rank?
  /// No entry is due to be dropped before this head.
  private var soonestDue: UInt64 = .max

  private struct FeeFreeKey: Hashable, Sendable {
    let signer: AccountID
    let netuid: NetUID
  }

  package init(limits: PoolLimits = PoolLimits()) { self.limits = limits }

  package var count: Int { candidates.count }
  /// Lets go of everything; the bounds and what is reserved stay.
  package mutating func removeAll() {
    let reserved = reserved
    self = ExtrinsicPool(limits: limits)
    self.reserved = reserved
  }

  /// Keeps places for newcomers that passed `check`, or gives them back.
  mutating func reserve(_ places: Int) {
    reserved += places
    precondition(reserved >= 0, "a place is given back once")
  }

  package var isEmpty: Bool { candidates.isEmpty }
  package func contains(_ id: Hash256) -> Bool { candidates[id] != nil }

  /// The first nonce of a signer that neither the state nor the pool holds.
  package func nextNonce(of signer: AccountID, in state: LedgerState) -> UInt64 {
    var nonce = state.account(signer).nonce
    guard let queue = queues[signer] else { return nonce }
    while queue[nonce] != nil { nonce += 1 }
    return nonce
  }
}

// MARK: - Admission

extension ExtrinsicPool {
  /// What admission did.
  package enum Admission: Sendable {
    case added
    /// The same body waits already; nothing changed.
    case known
    /// Took the place of one with the same signer and nonce.
    case replaced(Hash256)
    /// Took the place of the lowest that waited.
    case evicted(Hash256)
  }

  /// The caps of the pool, without a change: asked before a signature is verified.
  ///
  /// - Returns: Whether the same body waits already.
  /// - Throws: `TipTooLow`, `TooManyPending` or `PoolFull`.
  @discardableResult
  package func check(_ newcomer: PooledExtrinsic) throws(LedgerError) -> Bool {
    switch try place(for: newcomer) {
    case .known: true
    case .free, .replacing, .evicting: false
    }
  }

  /// Adds an extrinsic that passed the envelope checks against `state` and whose signature is valid.
  ///
  /// - Throws: As `check`; nothing is changed then.
  package mutating func add(_ newcomer: PooledExtrinsic, at head: BlockNumber) throws(LedgerError) -> Admission {
    let place = try place(for: newcomer)
    var entry = newcomer
    entry.arrival = arrivals
    entry.admittedAt = head
    entry.dueAt = entry.due(after: limits.blocks)
    arrivals += 1
    switch place {
    case .known: return .known
    case .free:
      insert(entry)
      return .added
    case .replacing(let id):
      remove(id)
      insert(entry)
      return .replaced(id)
    case .evicting:
      let id = try evictLowest(for: newcomer)
      insert(entry)
      return .evicted(id)
    }
  }

  private enum Place {
    case known, free
    case replacing(Hash256)
    /// Perhaps: the pool is full, and the newcomer above what may be the lowest.
    case evicting
  }

  private func place(for newcomer: PooledExtrinsic) throws(LedgerError) -> Place {
    let body = newcomer.candidate.extrinsic.body
    let queue = queues[body.signer]
    if let old = queue?[body.nonce] {
      if old.id == newcomer.id { return .known }
      let needed = lowestReplacement(of: old.body.tip.value)
      guard let needed, body.tip.value >= needed else {
        throw .tipTooLow.with("tip", body.tip).with("needed", needed ?? .max)
      }
      return .replacing(old.id)
    }
    guard queue?.count ?? 0 < limits.perSigner else {
      throw .tooManyPending.with("limit", limits.perSigner)
    }
    if let netuid = newcomer.feeFreeSubnet {
      let count = feeFreeCounts[FeeFreeKey(signer: body.signer, netuid: netuid)] ?? 0
      guard count < limits.feeFreePerSubnet else {
        throw .tooManyPending.with("limit", limits.feeFreePerSubnet).with("netuid", netuid)
      }
    }
    if hasRoom(for: newcomer) { return .free }
    // With nothing in it the pool is full of what is being verified, which cannot give way.
    guard let lowestRank, isAbove(newcomer, lowestRank) else { throw isFull }
    return .evicting
  }

  /// Nil when no tip is high enough.
  private func lowestReplacement(of tip: UInt64) -> UInt64? {
    let (quotient, remainder) = tip.quotientAndRemainder(dividingBy: limits.replacementDivisor)
    let (needed, overflow) = tip.addingReportingOverflow(max(1, quotient + (remainder > 0 ? 1 : 0)))
    return overflow ? nil : needed
  }

  private func hasRoom(for newcomer: PooledExtrinsic) -> Bool {
    guard count + reserved < limits.count, byteCount + newcomer.byteCount <= limits.bytes else { return false }
    return newcomer.isWeightCall || count + reserved - weightCount < limits.count - limits.reservedForWeights
  }

  private var isFull: LedgerError { .poolFull.with("pooled", count).with("bytes", byteCount) }

  /// Takes out the lowest extrinsic that gives way to a higher one, such that the newcomer fits.
  ///
  /// A walk over the pool, and therefore only for newcomers whose signature is good.
  private mutating func evictLowest(for newcomer: PooledExtrinsic) throws(LedgerError) -> Hash256 {
    let mayTakeReserved = newcomer.isWeightCall
    var lowest: PooledExtrinsic?
    var lowestOfAll: Rank?
    for queue in queues.values {
      for entry in queue.entries {
        lowestOfAll = lowestOfAll.map { min($0, entry.rank) } ?? entry.rank
        guard mayTakeReserved || !entry.isWeightCall, lowest.map({ entry.rank < $0.rank }) ?? true else { continue }
        lowest = entry
      }
    }
    // What left since the last walk may have been the lowest: now it is known again.
    lowestRank = lowestOfAll
    guard let lowest, isAbove(newcomer, lowest.rank),
      byteCount - lowest.byteCount + newcomer.byteCount <= limits.bytes
    else { throw isFull }
    remove(lowest.id)
    return lowest.id
  }

  /// The newcomer is the youngest, so with equal class and tip it is itself the lowest.
  private func isAbove(_ newcomer: PooledExtrinsic, _ rank: Rank) -> Bool {
    (newcomer.lane, newcomer.body.tip.value) > (rank.lane, rank.tip)
  }

  private mutating func insert(_ entry: PooledExtrinsic) {
    candidates[entry.id] = entry.candidate
    queues[entry.body.signer, default: SignerQueue()].insert(entry)
    byteCount += entry.byteCount
    if entry.isWeightCall { weightCount += 1 }
    if let netuid = entry.feeFreeSubnet {
      feeFreeCounts[FeeFreeKey(signer: entry.body.signer, netuid: netuid), default: 0] += 1
    }
    lowestRank = lowestRank.map { min($0, entry.rank) } ?? entry.rank
    soonestDue = min(soonestDue, entry.dueAt)
  }

  @discardableResult
  private mutating func remove(_ id: Hash256) -> PooledExtrinsic? {
    guard let body = candidates.removeValue(forKey: id)?.extrinsic.body else { return nil }
    guard let queue = queues.index(forKey: body.signer), let entry = queues.values[queue].remove(body.nonce) else {
      preconditionFailure("what has an id has a place")
    }
    if queues.values[queue].isEmpty { queues.remove(at: queue) }
    byteCount -= entry.byteCount
    if entry.isWeightCall { weightCount -= 1 }
    if let netuid = entry.feeFreeSubnet {
      let key = FeeFreeKey(signer: body.signer, netuid: netuid)
      let count = feeFreeCounts[key] ?? 1
      feeFreeCounts[key] = count > 1 ? count - 1 : nil
    }
    if candidates.isEmpty {
      lowestRank = nil
      soonestDue = .max
    }
    return entry
  }
}

// MARK: - Blocks

extension ExtrinsicPool {
  /// The extrinsics of the next block, in the order to run them; they stay in the pool until `settle`.
  ///
  /// Class, then tip, then arrival decide among the next nonces of all signers.
  package func selection(for state: LedgerState, limits: BlockLimits = BlockLimits()) -> [PooledExtrinsic] {
    var heads = Heap<Turn> { $0.rank > $1.rank }
    for (signer, queue) in queues {
      if let turn = Turn(queue, at: state.account(signer).nonce) { heads.insert(turn) }
    }
    var taken: [PooledExtrinsic] = []
    var (bytes, normalBytes, normalCount) = (0, 0, 0)
    while taken.count < limits.extrinsics, let turn = heads.first {
      let entry = turn.entry
      // What does not fit holds back its signer's later nonces with it.
      guard bytes + entry.byteCount <= limits.bytes else {
        heads.removeFirst()
        continue
      }
      if entry.lane == .normal {
        guard normalCount < limits.extrinsics * limits.normalQuarters / 4,
          normalBytes + entry.byteCount <= limits.bytes * limits.normalQuarters / 4
        else {
          heads.removeFirst()
          continue
        }
        normalCount += 1
        normalBytes += entry.byteCount
      }
      bytes += entry.byteCount
      taken.append(entry)
      if let next = turn.next { heads.replaceFirst(with: next) } else { heads.removeFirst() }
    }
    return taken
  }

  /// A signer whose next extrinsic may go.
  private struct Turn {
    private let entries: [PooledExtrinsic]
    private let place: Int
    let rank: Rank

    var entry: PooledExtrinsic { entries[place] }

    init?(_ queue: SignerQueue, at nonce: UInt64) {
      let place = queue.entries(below: nonce).count
      guard place < queue.count, queue.entries[place].body.nonce == nonce else { return nil }
      self.init(queue.entries, place)
    }

    private init(_ entries: [PooledExtrinsic], _ place: Int) {
      self.entries = entries
      self.place = place
      rank = entries[place].rank
    }

    var next: Turn? {
      guard place + 1 < entries.count, entries[place + 1].body.nonce == entries[place].body.nonce + 1 else {
        return nil
      }
      return Turn(entries, place + 1)
    }
  }

  /// Drops what a new head has settled: included, stale, expired, waiting for too long, or refused by the block.
  ///
  /// - Returns: What left without having been included, with the reason; by arrival.
  /// - Complexity: O(included + signers); a walk over the pool only where something in it may be due.
  package mutating func settle(
    included: some Sequence<Hash256>, leftOut: [(id: Hash256, error: LedgerError)], state: LedgerState
  ) -> [(id: Hash256, error: LedgerError)] {
    for id in included { remove(id) }
    var dropped: [(entry: PooledExtrinsic, error: LedgerError)] = []
    for (id, error) in leftOut where error.code != .future {
      if let entry = remove(id) { dropped.append((entry, error)) }
    }
    for entry in leaving(at: state) where remove(entry.id) != nil {
      dropped.append((entry, reasonToDrop(entry, state: state)))
    }
    dropped.sort { $0.entry.arrival < $1.entry.arrival }
    return dropped.map { ($0.entry.id, $0.error) }
  }

  /// What a head leaves no place for, in any order.
  private mutating func leaving(at state: LedgerState) -> [PooledExtrinsic] {
    var leaving: [PooledExtrinsic] = []
    for (signer, queue) in queues { leaving += queue.entries(below: state.account(signer).nonce) }
    let head = state.block.value
    guard head >= soonestDue else { return leaving }
    soonestDue = .max
    for queue in queues.values {
      for entry in queue.entries {
        if entry.dueAt <= head { leaving.append(entry) } else { soonestDue = min(soonestDue, entry.dueAt) }
      }
    }
    return leaving
  }

  private func reasonToDrop(_ entry: PooledExtrinsic, state: LedgerState) -> LedgerError {
    let body = entry.body
    let nonce = state.account(body.signer).nonce
    if body.nonce < nonce { return .stale.with("nonce", body.nonce).with("expected", nonce) }
    if let last = entry.lastValidBlock, state.block.value >= last {
      return .expired.with("birth", body.birth).with("period", body.period)
    }
    return .expired.with("waited_blocks", limits.blocks)
  }
}
