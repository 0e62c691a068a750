package import Primitives

/// Where a subnet stands in its epochs when a transaction arrives, and when the coming ones may be expected.
///
/// Source: registry 5.
package struct EpochPosition: Hashable, Sendable {
  package let block: BlockNumber
  /// The epoch to which a transaction in `block` belongs.
  package let epoch: UInt64
  private let nextBlock: BlockNumber?
  private let tempo: UInt64

  package init(_ clock: EpochClock, at block: BlockNumber, tempo: UInt16, maxOwnerTempo: UInt16) {
    self.block = block
    self.epoch = clock.epoch(at: block, tempo: tempo, maxOwnerTempo: maxOwnerTempo)
    self.tempo = UInt64(tempo)
    // A deferred run has still to come and belongs to this epoch already: the next one is a tempo behind it.
    let isDeferred = epoch > clock.epochIndex
    self.nextBlock = clock.nextEpochBlock(tempo: tempo).map { regular in
      let run = max(regular, block.advanced(by: 1))
      return isDeferred ? run.advanced(by: UInt64(tempo)) : run
    }
  }

  /// A position by the stored number of the epoch, which a run that is due and deferred has not raised.
  package init(storedIn clock: EpochClock, at block: BlockNumber, tempo: UInt16) {
    self.block = block
    self.epoch = clock.epochIndex
    self.tempo = UInt64(tempo)
    self.nextBlock = clock.nextEpochBlock(tempo: tempo).map { max($0, block.advanced(by: 1)) }
  }

  /// A position of which only the epoch is known.
  package init(epoch: UInt64, block: BlockNumber = .genesis) {
    self.block = block
    self.epoch = epoch
    self.nextBlock = nil
    self.tempo = 0
  }

  /// The first block of a later epoch if nothing is triggered, deferred or changed; nil when that cannot be said.
  package func firstBlock(of later: UInt64) -> BlockNumber? {
    guard let nextBlock, later > epoch else { return nil }
    let (blocks, overflow) = (later - epoch - 1).multipliedReportingOverflow(by: tempo)
    return overflow ? nil : nextBlock.advanced(by: blocks)
  }
}
