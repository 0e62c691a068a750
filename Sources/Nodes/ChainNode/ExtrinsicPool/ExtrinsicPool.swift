package import Ledger
package import Primitives

/// The extrinsics that wait for a block: bounded in every direction, and the same for the same sequence of calls.
///
/// A value; its owner hands in the state it judges by. Signatures are the caller's part: what is added here is verified.
/// Source: registry 14.
package struct ExtrinsicPool: Sendable {
  package let limits: PoolLimits
  private var entries: [Hash256: PooledExtrinsic] = [:]
  private var waiting: [AccountID: [UInt64: Hash256]] = [:]
  private var feeFreeCounts: [FeeFreeKey: Int] = [:]
  private var arrivals: UInt64 = 0
  private var weightCount = 0
  package private(set) var byteCount = 0
  /// No entry ranks lower: what is not above it need not look for a place in a full pool.
  private var lowestRank: Rank?

  private struct FeeFreeKey: Hashable, Sendable {
    let signer: AccountID
    let netuid: NetUID
  }

  package init(limits: PoolLimits = PoolLimits()) { self.limits = limits }

  package var count: Int { entries.count }
  /// Lets go of everything; the bounds stay.
  package mutating func removeAll() { self = ExtrinsicPool(limits: limits) }

  package var isEmpty: Bool { entries.isEmpty }
  package func contains(_ id: Hash256) -> Bool { entries[id] != nil }

  /// The first nonce of a signer that neither the state nor the pool holds.
  package func nextNonce(of signer: AccountID, in state: LedgerState) -> UInt64 {
    var nonce = state.account(signer).nonce
    while waiting[signer]?[nonce] != nil { nonce += 1 }
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
  /// - Throws: `TipTooLow`, `TooManyPending` or `PoolFull`.
  package func check(_ newcomer: PooledExtrinsic) throws(LedgerError) {
    _ = try place(for: newcomer)
  }

  /// Adds an extrinsic that passed the envelope checks against `state` and whose signature is valid.
  ///
  /// - Throws: As `check`; nothing is changed then.
  package mutating func add(_ newcomer: PooledExtrinsic, at head: BlockNumber) throws(LedgerError) -> Admission {
    let place = try place(for: newcomer)
    var entry = newcomer
    entry.arrival = arrivals
    entry.admittedAt = head
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
    case .evicting(let id):
      remove(id)
      insert(entry)
      return .evicted(id)
    }
  }

  private enum Place {
    case known, free
    case replacing(Hash256)
    case evicting(Hash256)
  }

  private func place(for newcomer: PooledExtrinsic) throws(LedgerError) -> Place {
    if entries[newcomer.id] != nil { return .known }
    let body = newcomer.body
    if let id = waiting[body.signer]?[body.nonce], let old = entries[id] {
      let needed = lowestReplacement(of: old.body.tip.value)
      guard let needed, body.tip.value >= needed else {
        throw .tipTooLow.with("tip", body.tip).with("needed", needed ?? .max)
      }
      return .replacing(id)
    }
    guard waiting[body.signer]?.count ?? 0 < limits.perSigner else {
      throw .tooManyPending.with("limit", limits.perSigner)
    }
    if let netuid = newcomer.feeFreeSubnet {
      let count = feeFreeCounts[FeeFreeKey(signer: body.signer, netuid: netuid)] ?? 0
      guard count < limits.feeFreePerSubnet else {
        throw .tooManyPending.with("limit", limits.feeFreePerSubnet).with("netuid", netuid)
      }
    }
    return hasRoom(for: newcomer) ? .free : .evicting(try victim(of: newcomer))
  }

  /// Nil when no tip is high enough.
  private func lowestReplacement(of tip: UInt64) -> UInt64? {
    let (quotient, remainder) = tip.quotientAndRemainder(dividingBy: limits.replacementDivisor)
    let (needed, overflow) = tip.addingReportingOverflow(max(1, quotient + (remainder > 0 ? 1 : 0)))
    return overflow ? nil : needed
  }

  private func hasRoom(for newcomer: PooledExtrinsic) -> Bool {
    guard count < limits.count, byteCount + newcomer.byteCount <= limits.bytes else { return false }
    return newcomer.isWeightCall || count - weightCount < limits.count - limits.reservedForWeights
  }

  /// The lowest extrinsic that gives way to a higher one, such that the newcomer fits.
  private func victim(of newcomer: PooledExtrinsic) throws(LedgerError) -> Hash256 {
    let full = LedgerError.poolFull.with("pooled", count).with("bytes", byteCount)
    if let lowestRank, !isAbove(newcomer, lowestRank) { throw full }
    let mayTakeReserved = newcomer.isWeightCall
    let lowest = entries.values.lazy.filter { mayTakeReserved || !$0.isWeightCall }.min { $0.rank < $1.rank }
    guard let lowest, isAbove(newcomer, lowest.rank),
      byteCount - lowest.byteCount + newcomer.byteCount <= limits.bytes
    else { throw full }
    return lowest.id
  }

  /// The newcomer is the youngest, so with equal class and tip it is itself the lowest.
  private func isAbove(_ newcomer: PooledExtrinsic, _ rank: Rank) -> Bool {
    (newcomer.lane, newcomer.body.tip.value) > (rank.lane, rank.tip)
  }

  private mutating func insert(_ entry: PooledExtrinsic) {
    entries[entry.id] = entry
    waiting[entry.body.signer, default: [:]][entry.body.nonce] = entry.id
    byteCount += entry.byteCount
    if entry.isWeightCall { weightCount += 1 }
    if let netuid = entry.feeFreeSubnet {
      feeFreeCounts[FeeFreeKey(signer: entry.body.signer, netuid: netuid), default: 0] += 1
    }
    lowestRank = lowestRank.map { min($0, entry.rank) } ?? entry.rank
  }

  private mutating func remove(_ id: Hash256) {
    guard let entry = entries.removeValue(forKey: id) else { return }
    let signer = entry.body.signer
    waiting[signer]?[entry.body.nonce] = nil
    if waiting[signer]?.isEmpty == true { waiting[signer] = nil }
    byteCount -= entry.byteCount
    if entry.isWeightCall { weightCount -= 1 }
    if let netuid = entry.feeFreeSubnet {
      let key = FeeFreeKey(signer: signer, netuid: netuid)
      let count = feeFreeCounts[key] ?? 1
      feeFreeCounts[key] = count > 1 ? count - 1 : nil
    }
    if entries.isEmpty { lowestRank = nil }
  }
}

// MARK: - Blocks

extension ExtrinsicPool {
  /// The extrinsics of the next block, in the order to run them; they stay in the pool until `settle`.
  ///
  /// Class, then tip, then arrival decide among the next nonces of all signers.
  package func selection(for state: LedgerState, limits: BlockLimits = BlockLimits()) -> [PooledExtrinsic] {
    var heads = Heap<PooledExtrinsic> { $0.rank > $1.rank }
    for (signer, nonces) in waiting {
      if let id = nonces[state.account(signer).nonce], let entry = entries[id] { heads.insert(entry) }
    }
    var taken: [PooledExtrinsic] = []
    var (bytes, normalBytes, normalCount) = (0, 0, 0)
    while taken.count < limits.extrinsics, let entry = heads.popFirst() {
      let isNormal = entry.lane == .normal
      // What does not fit holds back its signer's later nonces with it.
      guard bytes + entry.byteCount <= limits.bytes else { continue }
      if isNormal {
        guard normalCount < limits.extrinsics * limits.normalQuarters / 4,
          normalBytes + entry.byteCount <= limits.bytes * limits.normalQuarters / 4
        else { continue }
        normalCount += 1
        normalBytes += entry.byteCount
      }
      bytes += entry.byteCount
      taken.append(entry)
      if let id = waiting[entry.body.signer]?[entry.body.nonce + 1], let next = entries[id] { heads.insert(next) }
    }
    return taken
  }

  /// Drops what a new head has settled: included, stale, expired, waiting for too long, or refused by the block.
  ///
  /// - Returns: What left without having been included, with the reason; by arrival.
  package mutating func settle(
    included: some Sequence<Hash256>, leftOut: [(id: Hash256, error: LedgerError)], state: LedgerState
  ) -> [(id: Hash256, error: LedgerError)] {
    for id in included { remove(id) }
    var dropped: [(id: Hash256, error: LedgerError, arrival: UInt64)] = []
    for (id, error) in leftOut where error.code != .future {
      if let entry = entries[id] { dropped.append((id, error, entry.arrival)) }
    }
    for (id, entry) in entries {
      if let reason = reasonToDrop(entry, state: state) { dropped.append((id, reason, entry.arrival)) }
    }
    dropped.sort { $0.arrival < $1.arrival }
    for entry in dropped { remove(entry.id) }
    return dropped.map { ($0.id, $0.error) }
  }

  private func reasonToDrop(_ entry: PooledExtrinsic, state: LedgerState) -> LedgerError? {
    let body = entry.body
    let nonce = state.account(body.signer).nonce
    if body.nonce < nonce { return .stale.with("nonce", body.nonce).with("expected", nonce) }
    let next = state.block.value + 1
    let lastValid = body.birth.value.addingReportingOverflow(UInt64(body.period))
    if body.period > 0, !lastValid.overflow, next > lastValid.partialValue {
      return .expired.with("birth", body.birth).with("period", body.period)
    }
    if state.block.value - min(entry.admittedAt.value, state.block.value) >= limits.blocks {
      return .expired.with("waited_blocks", limits.blocks)
    }
    return nil
  }
}
