package import Primitives

/// When a validator sends its weights: shortly before each epoch, so that they are as fresh as they can be when they
/// count; at once at the beginning, and when the blocks before the last epoch went by without any, as they do for one
/// that is slow or was away.
package enum WeightsTiming: Hashable, Sendable {
  /// Send now, to be included in the next block.
  case send
  /// Without a permit the chain takes no weights on others; permits are given at epochs.
  case awaitPermit
  /// Not before this block.
  case wait(until: BlockNumber)
  /// A subnet of tempo 0 has no epochs.
  case halted

  /// The blocks before an epoch in which weights are sent: a quarter of the tempo, from 3 to 20.
  package static func leadBlocks(tempo: UInt16) -> UInt64 { min(20, max(3, UInt64(tempo) / 4)) }

  /// Decides for the block after the metagraph's.
  ///
  /// - Parameter hasSentBefore: False before the first weights ever; those wait for no window.
  package init(_ metagraph: MetagraphView, own: NeuronView, hasSentBefore: Bool) {
    guard own.validatorPermit || own.hotkey == metagraph.ownerHotkey else {
      self = .awaitPermit
      return
    }
    guard let epoch = metagraph.nextEpochBlock else {
      self = .halted
      return
    }
    let next = metagraph.block.value + 1
    let lead = min(WeightsTiming.leadBlocks(tempo: metagraph.tempo), epoch.value)
    let windowStart = epoch.value - lead
    // The limit counts from the last update; 0 means that there was none.
    let last = own.lastUpdate.value
    let allowedFrom = last == 0 ? 0 : last.addingReportingOverflow(metagraph.weightsRateLimit).partialValue
    let period = UInt64(metagraph.tempo) + 1
    let hasMissedOne = last < windowStart - min(windowStart, period)
    if hasSentBefore, last >= windowStart {
      self = .wait(until: BlockNumber(epoch.value))
    } else if next < allowedFrom {
      self = .wait(until: BlockNumber(allowedFrom))
    } else if hasSentBefore, !hasMissedOne, next < windowStart {
      self = .wait(until: BlockNumber(windowStart))
    } else {
      self = .send
    }
  }
}
