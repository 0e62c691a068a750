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
    if let place = recent.place(of: candidate.extrinsic.id), let block = recent[place.number] {
      return .included(block, index: place.index)
    }
    if pool.contains(candidate.extrinsic.id) { return .pooled }
    guard !quarantined.contains(candidate.extrinsic.id) else { throw .callNotSupported.with("quarantined", 1) }
    try checkEnvelope(of: candidate)
    let (call, arguments) = try readCall(of: candidate)
    let entry = PooledExtrinsic(
      candidate, call: type(of: call).descriptor, arguments: arguments, sudoKey: recent.newest.state.chain.sudoKey)
    try pool.check(entry)
    return .new(entry)
  }

  /// The same for many, in one visit.
  package func standings(of candidates: [Candidate]) -> [Result<Standing, LedgerError>] {
    candidates.map { candidate in
      Result { () throws(LedgerError) in try standing(of: candidate) }
    }
  }

  /// Takes in many, in their order and in one visit; nil for each that the pool holds now.
  package func add(_ entries: [PooledExtrinsic]) -> [LedgerError?] {
    entries.map { entry in
      do throws(LedgerError) {
        try add(entry)
        return nil
      } catch {
        return error
      }
    }
  }

  /// Takes in an extrinsic whose signature was found valid; the state may have moved since `standing`.
  ///
  /// - Throws: A check that fails now; a fee-free call that would fail in the next block is refused with its own error.
  package func add(_ entry: PooledExtrinsic) throws(LedgerError) {
    if recent.place(of: entry.id) != nil || pool.contains(entry.id) { return }
    try checkEnvelope(of: entry.candidate)
    try checkPayment(of: entry)
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

  private func checkEnvelope(of candidate: Candidate) throws(LedgerError) {
    let state = recent.newest.state
    try state.checkEnvelope(
      candidate.extrinsic.body, size: candidate.encoded.count, chainID: genesis.chainID,
      in: BlockNumber(state.block.value + 1), gap: TransactionLimits.nonceWindow)
  }

  private func readCall(of candidate: Candidate) throws(LedgerError) -> (call: any LedgerCall, arguments: Fields) {
    let fields = execution.host.decodeCall(candidate.extrinsic.body.call)
    let call = try CallTable.call(from: fields)
    guard case .group(let arguments)? = fields?.entries.first?.value else { throw .malformed }
    return (call, arguments)
  }

  /// A fee must be coverable; a call that bears none must be one that would succeed (registry 14).
  private func checkPayment(of entry: PooledExtrinsic) throws(LedgerError) {
    var state = recent.newest.state
    let flat = entry.feeFreeSubnet == nil ? state.chain.parameters.transactionFee.value : 0
    let (fee, overflow) = flat.addingReportingOverflow(entry.body.tip.value)
    let free = state.freeBalance(of: Coldkey(entry.body.signer))
    guard !overflow, fee <= free else { throw .balanceTooLow.with("fee", fee).with("free", free) }
    guard entry.feeFreeSubnet != nil else { return }
    state.chain.block = BlockNumber(state.block.value + 1)
    let (call, _) = try readCall(of: entry.candidate)
    _ = try state.run(call, as: .signed(entry.body.signer), with: execution.host)
  }
}

extension BlockProducer {
  /// Where an extrinsic is among the blocks in memory.
  package func recentPlace(of id: Hash256) -> (block: KeptBlock, index: Int)? {
    guard let place = recent.place(of: id), let block = recent[place.number] else { return nil }
    return (block, place.index)
  }
}
