package import Primitives

/// One block's walk over the subnets, handing out the few places for epochs.
///
/// Visit every non-root subnet once, in ascending netuid; for a subnet that runs, call `EpochClock.closeEpoch` when its
/// epoch is done.
///
/// Source: registry 5.
package struct EpochPass: Sendable {
  /// What the walk decided for one subnet.
  package enum Decision: Hashable, Sendable {
    case notDue
    /// Due, but all places of this block are taken: tried again at `until`.
    case deferred(until: BlockNumber)
    /// Runs now with this epoch number.
    case run(epoch: UInt64)
  }

  package let block: BlockNumber
  private let maxOwnerTempo: UInt16
  private var placesLeft: UInt64

  package init(block: BlockNumber, maxEpochsPerBlock: UInt64, maxOwnerTempo: UInt16) {
    self.block = block
    self.maxOwnerTempo = maxOwnerTempo
    self.placesLeft = maxEpochsPerBlock
  }

  /// Counts the block on `clock` and decides whether the subnet's epoch runs in it.
  package mutating func visit(_ clock: inout EpochClock, tempo: UInt16) -> Decision {
    clock.blocksSinceLastStep += 1
    guard clock.isDue(at: block, tempo: tempo, maxOwnerTempo: maxOwnerTempo) else { return .notDue }
    guard placesLeft > 0 else {
      clock.pendingEpochAt = block.advanced(by: 1)
      return .deferred(until: clock.pendingEpochAt)
    }
    placesLeft -= 1
    clock.blocksSinceLastStep = 0
    return .run(epoch: clock.epochIndex + 1)
  }
}
