package import Primitives

/// When a subnet's epochs run: the counters that the block step and the owner's calls read and move.
///
/// The tempo is a hyperparameter and is handed in, so that it is stored once.
///
/// Source: registry 5; vectors `registry/epoch_schedule`.
package struct EpochClock: Hashable, Sendable {
  /// The block from which the regular cycle counts.
  package var lastEpochBlock: BlockNumber
  /// The block of a requested or deferred epoch; 0 when there is none.
  package var pendingEpochAt: BlockNumber
  /// Epochs so far, run or skipped.
  package var epochIndex: UInt64
  package var blocksSinceLastStep: UInt64
  /// The block of the last epoch that ran and paid; 0 before the first.
  package var lastStepBlock: BlockNumber

  package init(
    lastEpochBlock: BlockNumber, pendingEpochAt: BlockNumber = .genesis, epochIndex: UInt64 = 0,
    blocksSinceLastStep: UInt64 = 0, lastStepBlock: BlockNumber = .genesis
  ) {
    self.lastEpochBlock = lastEpochBlock
    self.pendingEpochAt = pendingEpochAt
    self.epochIndex = epochIndex
    self.blocksSinceLastStep = blocksSinceLastStep
    self.lastStepBlock = lastStepBlock
  }

  /// The clock of a subnet created at `block`, set back by its number so that subnets created together fire apart.
  package init(createdAt block: BlockNumber, netuid: NetUID, tempo: UInt16) {
    let offset = UInt64(netuid.value % max(tempo, 1))
    self.init(lastEpochBlock: BlockNumber(block.value > offset ? block.value - offset : 0))
  }
}

extension EpochClock {
  /// Whether the epoch is due at `block`, on the counters as they stand.
  ///
  /// - Parameter maxOwnerTempo: More blocks than this without an epoch make one due, whatever the cycle says.
  package func isDue(at block: BlockNumber, tempo: UInt16, maxOwnerTempo: UInt16) -> Bool {
    guard tempo != 0 else { return false }
    return isPendingDue(at: block) || blocksSinceLastStep > UInt64(maxOwnerTempo)
      || block.blocks(since: lastEpochBlock) >= UInt64(tempo)
  }

  private func isPendingDue(at block: BlockNumber) -> Bool {
    pendingEpochAt != .genesis && block >= pendingEpochAt
  }

  /// The epoch to which a transaction in `block` belongs: one more while the subnet is still due, that is, was deferred.
  ///
  /// Asked inside the block step before the run, this is the epoch about to start.
  package func epoch(at block: BlockNumber, tempo: UInt16, maxOwnerTempo: UInt16) -> UInt64 {
    isDue(at: block, tempo: tempo, maxOwnerTempo: maxOwnerTempo) ? epochIndex + 1 : epochIndex
  }

  /// The next epoch's block as queries report it; nil when tempo 0 halts the subnet.
  package func nextEpochBlock(tempo: UInt16) -> BlockNumber? {
    guard let regular = nextRegularBlock(tempo: tempo) else { return nil }
    return pendingEpochAt == .genesis ? regular : min(regular, pendingEpochAt)
  }

  /// Blocks until the next epoch, a pending one counted; nil when tempo 0 halts the subnet.
  package func blocksUntilEpoch(at block: BlockNumber, tempo: UInt16) -> UInt64? {
    nextEpochBlock(tempo: tempo).map { $0.blocks(since: block) }
  }

  /// Blocks until the regular cycle ends, a pending epoch ignored; nil when tempo 0 halts the subnet.
  package func blocksUntilRegularEpoch(at block: BlockNumber, tempo: UInt16) -> UInt64? {
    nextRegularBlock(tempo: tempo).map { $0.blocks(since: block) }
  }

  private func nextRegularBlock(tempo: UInt16) -> BlockNumber? {
    tempo == 0 ? nil : lastEpochBlock.advanced(by: UInt64(tempo))
  }

  /// Whether owners must not change parameters at `block`, because an epoch is pending or nearer than `window` blocks.
  package func isFrozen(at block: BlockNumber, tempo: UInt16, window: UInt64) -> Bool {
    guard let left = blocksUntilRegularEpoch(at: block, tempo: tempo) else { return false }
    return pendingEpochAt > block || left < window
  }

  /// Refuses while the freeze window is closed; the time it names is the next epoch's block.
  package func checkNotFrozen(at block: BlockNumber, tempo: UInt16, window: UInt64) throws(LedgerError) {
    guard isFrozen(at: block, tempo: tempo, window: window) else { return }
    // While due but deferred the next run is one block away at the earliest.
    let retry = max(nextEpochBlock(tempo: tempo) ?? block, block.advanced(by: 1))
    throw LedgerError(.adminActionProhibitedDuringWeightsWindow, retryAt: retry, now: block)
  }
}

extension EpochClock {
  /// Restarts the cycle, as a change of tempo does.
  package mutating func restart(at block: BlockNumber) { lastEpochBlock = block }

  /// Requests an epoch after the freeze window, at the next block at the earliest, and says when it fires.
  ///
  /// - Throws: `epochTriggerAlreadyPending`, `autoEpochAlreadyImminent`; the clock is then unchanged.
  package mutating func trigger(at block: BlockNumber, tempo: UInt16, window: UInt64) throws(LedgerError) -> BlockNumber
  {
    try checkTrigger(at: block, tempo: tempo, window: window)
    pendingEpochAt = block.advanced(by: max(window, 1))
    return pendingEpochAt
  }

  /// The checks of a trigger that read the clock alone; other limits come after them.
  package func checkTrigger(at block: BlockNumber, tempo: UInt16, window: UInt64) throws(LedgerError) {
    guard pendingEpochAt == .genesis else {
      throw LedgerError(
        .epochTriggerAlreadyPending, retryAt: max(pendingEpochAt, block.advanced(by: 1)), now: block)
    }
    let left = blocksUntilRegularEpoch(at: block, tempo: tempo) ?? 0
    guard left >= window else { throw LedgerError(.autoEpochAlreadyImminent, blocksLeft: max(left, 1), at: block) }
  }

  /// Closes an epoch that ran or was skipped; only one that `paid` moves the last step.
  package mutating func closeEpoch(at block: BlockNumber, paid: Bool) {
    if paid { lastStepBlock = block }
    lastEpochBlock = block
    pendingEpochAt = .genesis
    epochIndex += 1
  }
}
