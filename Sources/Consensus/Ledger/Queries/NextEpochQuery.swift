package import Primitives

/// When a subnet's epochs run, and whether its owner may change parameters now. Source: registry 5.
package struct NextEpochQuery: StateQuery {
  package static let name = "next_epoch"

  package var netuid = NetUID.root

  package init() {}
  package init(netuid: NetUID) { self.netuid = netuid }

  package mutating func map(_ fields: inout FieldMapper) { fields.netuid("netuid", &netuid) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> EpochScheduleAnswer {
    let subnet = try state.subnet(netuid)
    let (clock, tempo) = (subnet.clock, subnet.parameters.tempo)
    var answer = EpochScheduleAnswer()
    // Root has a tempo and no epochs.
    answer.nextEpochBlock = netuid == .root ? nil : clock.nextEpochBlock(tempo: tempo)
    answer.blocksUntilEpoch = answer.nextEpochBlock?.blocks(since: state.block) ?? 0
    answer.legacyBlocksUntilEpoch = legacyBlocksUntilEpoch(netuid: netuid, tempo: tempo, at: state.block)
    answer.epochIndex = clock.epochIndex
    answer.tempo = tempo
    answer.lastEpochBlock = clock.lastEpochBlock
    answer.pendingEpochAt = clock.pendingEpochAt
    answer.blocksSinceLastStep = clock.blocksSinceLastStep
    answer.frozen = clock.isFrozen(at: state.block, tempo: tempo, window: state.chain.parameters.adminFreezeWindow)
    return answer
  }
}

package struct EpochScheduleAnswer: FieldMapped {
  /// Nil when the tempo is 0, and on root.
  package var nextEpochBlock: BlockNumber?
  package var blocksUntilEpoch: UInt64 = 0
  /// As clients of the older network compute it; used by no rule.
  package var legacyBlocksUntilEpoch: UInt64 = 0
  /// Epochs so far.
  package var epochIndex: UInt64 = 0
  package var tempo: UInt16 = 0
  package var lastEpochBlock = BlockNumber.genesis
  /// 0 when none was triggered or deferred.
  package var pendingEpochAt = BlockNumber.genesis
  package var blocksSinceLastStep: UInt64 = 0
  /// Owners' changes are refused now.
  package var frozen = false

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.optionalBlock("next_epoch_block", &nextEpochBlock)
    fields.number("blocks_until_epoch", &blocksUntilEpoch)
    fields.number("legacy_blocks_until_epoch", &legacyBlocksUntilEpoch)
    fields.number("epoch_index", &epochIndex)
    fields.number("tempo", &tempo)
    fields.block("last_epoch_block", &lastEpochBlock)
    fields.block("pending_epoch_at", &pendingEpochAt)
    fields.number("blocks_since_last_step", &blocksSinceLastStep)
    fields.flag("frozen", &frozen)
  }
}
