package import Primitives

/// The blocks in which a commit can be revealed, as long as the subnet keeps its tempo and is never deferred.
///
/// Source: registry 8.1; vectors `registry/commit_reveal`, kind `window`.
package struct CommitWindow: Hashable, Sendable {
  package let commitEpoch: UInt64
  package let revealEpoch: UInt64
  /// The block whose step starts the reveal epoch; timelocked weights are first tried in that step.
  package let firstRevealBlock: BlockNumber
  package let lastRevealBlock: BlockNumber

  /// The window of a commit made at `block`; nil when tempo 0 halts the subnet.
  package init?(committedAt block: BlockNumber, clock: EpochClock, tempo: UInt16, period: UInt64) {
    guard tempo > 0 else { return nil }
    let tempo = UInt64(tempo)
    let epochsAhead = block.blocks(since: clock.lastEpochBlock) / tempo
    let epochsToReveal = epochsAhead.addingReportingOverflow(period)
    guard !epochsToReveal.overflow else { return nil }
    let (blocks, overflow) = epochsToReveal.partialValue.multipliedReportingOverflow(by: tempo)
    guard !overflow else { return nil }
    self.commitEpoch = clock.epochIndex + epochsAhead
    self.revealEpoch = clock.epochIndex + epochsToReveal.partialValue
    self.firstRevealBlock = clock.lastEpochBlock.advanced(by: blocks)
    self.lastRevealBlock = firstRevealBlock.advanced(by: tempo - 1)
  }

  /// The first block in which the commit has expired.
  package var expiredFromBlock: BlockNumber { lastRevealBlock.advanced(by: 1) }
}
