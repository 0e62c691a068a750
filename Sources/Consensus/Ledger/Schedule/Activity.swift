package import Primitives
import Yuma

/// Blocks without an update after which a neuron no longer counts as active.
///
/// - Parameter factorMilli: Thousandths of a tempo.
/// - Returns: `factorMilli * tempo / 1000`, floored, at least 1.
/// - Source: registry 4, 7.
package func activityCutoff(tempo: UInt16, factorMilli: UInt32) -> UInt64 {
  var parameters = EpochParameters()
  parameters.tempo = tempo
  parameters.activityCutoffFactorMilli = factorMilli
  return parameters.activityCutoffBlocks
}

/// Whether a neuron last updated at `lastUpdate` still counts at `block`.
package func isActive(lastUpdate: BlockNumber, cutoff: UInt64, at block: BlockNumber) -> Bool {
  lastUpdate.advanced(by: cutoff) >= block
}

/// What clients of the older network compute for the next epoch; offered by queries, used by no rule.
///
/// - Returns: Blocks from `block` to that epoch: `tempo - (block + netuid + 1) mod (tempo + 1)`.
/// - Source: registry 5.
package func legacyBlocksUntilEpoch(netuid: NetUID, tempo: UInt16, at block: BlockNumber) -> UInt64 {
  let cycle = UInt64(tempo) + 1
  // Reduced before the sum, so that no block number overflows it.
  return UInt64(tempo) - (block.value % cycle + (UInt64(netuid.value) + 1) % cycle) % cycle
}
