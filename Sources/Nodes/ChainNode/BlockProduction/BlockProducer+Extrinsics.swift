package import Ledger
package import Primitives

// Extrinsics: what they are to this node, taking them in, waiting for their block.
extension BlockProducer {
  /// What a submitted extrinsic is to this node.
  package enum Standing: Sendable {
    /// In a recent block.
    case included(KeptBlock, index: Int)
    /// Waits in the pool.
    case pooled
    /// Passed every check but the signature.
    case new(PooledExtrinsic)
  }

  /// The cheap checks, in the order of registry 14.
  ///
  /// - Throws: The first that fails; `Stale` may be an extrinsic that an older block holds.
  package func standing(of candidate: Candidate) throws(LedgerError) -> Standing {
    try standing(of: candidate, in: recent.newest.state)
  }

  /// The same for many, in one visit.
  ///
  /// - Parameter isReserving: Whether each new one keeps a place in the pool, which `add` gives back.
  package func standings(of candidates: [Candidate], isReserving: Bool = false) -> [Result<Standing, LedgerError>] {
    // One copy for all: it counts a reference to every table.
    let state = recent.newest.state
    return candidates.map { candidate in
      Result { () throws(LedgerError) in
        let standing = try standing(of: candidate, in: state)
        if isReserving, case .new = standing { pool.reserve(1) }
        return standing
      }
    }
  }

  private func standing(of candidate: Candidate, in state: LedgerState) throws(LedgerError) -> Standing {
    execution.observer?(.admission(BlockNumber(state.block.value + 1), candidate))
    defer { execution.observer?(.done) }
    let entry: PooledExtrinsic
    do throws(LedgerError) {
      if isQuarantined(candidate) { throw .callNotSupported.with("quarantined", 1) }
      try checkEnvelope(of: candidate, in: state)
      let call = try candidate.call.call.get()
      entry = PooledExtrinsic(
        candidate, call: type(of: call).descriptor, arguments: candidate.call.arguments, sudoKey: state.chain.sudoKey)
    } catch {
      // What is in already was good when it came. Whatever passes these checks is in no block: its nonce is unused.
      if let place = recent.place(of: candidate.extrinsic.id), let block = recent[place.number] {
        return .included(block, index: place.index)
      }
      if pool.contains(candidate.extrinsic.id) { return .pooled }
      throw error
    }
    return try pool.check(entry) ? .pooled : .new(entry)
  }

  private func isQuarantined(_ candidate: Candidate) -> Bool {
    !quarantined.isEmpty && quarantined.contains(candidate.extrinsic.id)
  }

  /// Takes in many, in their order and in one visit; nil for each that the pool holds now.
  ///
  /// - Parameter reserved: Places that `standings` kept for these and for those that were found to be bad.
  package func add(_ entries: [PooledExtrinsic], reserved: Int = 0) -> [LedgerError?] {
    pool.reserve(-reserved)
    let state = recent.newest.state
    return entries.map { entry in
      do throws(LedgerError) {
        try add(entry, in: state)
        return nil
      } catch {
        return error
      }
    }
  }

  /// Takes in an extrinsic whose signature was found valid; the state may have moved since `standing`.
  ///
  /// - Throws: A check that fails now; a fee-free call that would fail in the next block is refused with its own error.
  package func add(_ entry: PooledExtrinsic) throws(LedgerError) { try add(entry, in: recent.newest.state) }

  private func add(_ entry: PooledExtrinsic, in state: LedgerState) throws(LedgerError) {
    execution.observer?(.admission(BlockNumber(state.block.value + 1), entry.candidate))
    defer { execution.observer?(.done) }
    do throws(LedgerError) {
      try checkEnvelope(of: entry.candidate, in: state)
      try checkPayment(of: entry, in: state)
    } catch {
      if recent.place(of: entry.id) != nil || pool.contains(entry.id) { return }
      throw error
    }
    let admission = try pool.add(entry, at: recent.newest.number)
    switch admission {
    case .added, .known: break
    case .replaced(let id):
      inclusionWakes.removeValue(forKey: id)?.rung(.dropped(.stale.with("nonce", entry.body.nonce)))
    case .evicted(let id): inclusionWakes.removeValue(forKey: id)?.rung(.dropped(.poolFull))
    }
    poolWakes.ringAll()
  }

  /// How the wait for a block ended.
  package enum Inclusion: Sendable {
    case included(KeptBlock, index: Int)
    case dropped(LedgerError)
    /// Neither in the pool nor in a recent block.
    case unknown
  }

  /// Waits until an extrinsic is in a stored block or has left the pool.
  ///
  /// - Throws: `CancellationError`.
  package func inclusion(of id: Hash256) async throws -> Inclusion {
    while true {
      if let place = recent.place(of: id), let block = recent[place.number] {
        return .included(block, index: place.index)
      }
      guard pool.contains(id) else { return .unknown }
      let (number, wake) = inclusionWakes[id, default: WakeList()].add()
      let reason = await wake.wait()
      inclusionWakes[id]?.remove(number)
      if inclusionWakes[id]?.isEmpty == true { inclusionWakes[id] = nil }
      if case .dropped(let error) = reason { return .dropped(error) }
      try Task.checkCancellation()
    }
  }

  package func isPooled(_ id: Hash256) -> Bool { pool.contains(id) }

  /// Waits for a head above a height.
  ///
  /// - Throws: `CancellationError`.
  package func head(above height: BlockNumber) async throws -> KeptBlock {
    while recent.newest.number <= height {
      let (number, wake) = headWakes.add()
      _ = await wake.wait()
      headWakes.remove(number)
      try Task.checkCancellation()
    }
    return recent.newest
  }

  private func checkEnvelope(of candidate: Candidate, in state: LedgerState) throws(LedgerError) {
    try state.checkEnvelope(
      candidate.extrinsic.body, size: candidate.encoded.count, chainID: genesis.chainID,
      in: BlockNumber(state.block.value + 1), gap: TransactionLimits.nonceWindow)
  }

  /// A fee must be coverable; a call that bears none must be one that would succeed (registry 14).
  private func checkPayment(of entry: PooledExtrinsic, in state: LedgerState) throws(LedgerError) {
    let body = entry.candidate.extrinsic.body
    let flat = entry.feeFreeSubnet == nil ? state.chain.parameters.transactionFee.value : 0
    let (fee, overflow) = flat.addingReportingOverflow(body.tip.value)
    if overflow || fee > 0 {
      let free = state.freeBalance(of: Coldkey(body.signer))
      guard !overflow, fee <= free else { throw .balanceTooLow.with("fee", fee).with("free", free) }
    }
    guard entry.feeFreeSubnet != nil else { return }
    var next = state
    next.chain.block = BlockNumber(state.block.value + 1)
    _ = try next.run(try entry.candidate.call.call.get(), as: .signed(body.signer), with: execution.host)
  }
}

extension BlockProducer {
  /// Where an extrinsic is among the blocks in memory.
  package func recentPlace(of id: Hash256) -> (block: KeptBlock, index: Int)? {
    guard let place = recent.place(of: id), let block = recent[place.number] else { return nil }
    return (block, place.index)
  }
}
