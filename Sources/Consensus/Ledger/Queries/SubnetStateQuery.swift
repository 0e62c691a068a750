package import Primitives

/// The neurons' vectors of a subnet, and what its hotkeys earned on every subnet, a page of subnets at a time.
package struct SubnetStateQuery: StateQuery {
  package static let name = "subnet_state"

  package var netuid = NetUID.root
  package var page = PageRequest()

  package init() {}
  package init(netuid: NetUID, page: PageRequest = PageRequest()) {
    self.netuid = netuid
    self.page = page
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    page.map(&fields)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> SubnetStateAnswer {
    var answer = SubnetStateAnswer()
    // Neither identities nor commitments are part of this answer.
    let vectors = MetagraphQuery(netuid: netuid, selection: Array(MetagraphQuery.stakeIndices))
    answer.neurons = try vectors.answer(from: state, with: host)
    let hotkeys = answer.neurons.hotkeys
    let page = try state.subnetPage(page) { other, _ in
      var history = EmissionHistoryRow()
      history.netuid = other
      let slots = state.slots[other]
      history.emission = hotkeys.map { hotkey in
        slots?.uid(of: hotkey).flatMap { slots?.emission[$0.index] } ?? 0
      }
      return history
    }
    answer.emissionHistory = page.rows
    answer.nextCursor = page.nextCursor
    return answer
  }
}

package struct EmissionHistoryRow: FieldMapped {
  package var netuid = NetUID.root
  /// Last emission of each hotkey there, by uid of the subnet asked for.
  package var emission: [UInt64] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.numbers("emission", &emission, limit: AnswerLimits.uids)
  }
}

package struct SubnetStateAnswer: FieldMapped {
  /// Only the netuid and the vectors from hotkeys to total stake travel.
  package var neurons = MetagraphAnswer()
  package var emissionHistory: [EmissionHistoryRow] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    let limit = AnswerLimits.uids
    fields.netuid("netuid", &neurons.netuid)
    fields.hotkeys("hotkeys", &neurons.hotkeys)
    fields.coldkeys("coldkeys", &neurons.coldkeys)
    fields.flags("active", &neurons.active)
    fields.flags("validator_permit", &neurons.validatorPermit)
    fields.emptyList("pruning_score")
    fields.numbers("last_update", &neurons.lastUpdate, limit: limit)
    fields.numbers("emission", &neurons.emission, limit: limit)
    fields.numbers("dividends", &neurons.dividends, limit: limit)
    fields.numbers("incentives", &neurons.incentives, limit: limit)
    fields.numbers("consensus", &neurons.consensus, limit: limit)
    fields.emptyList("trust")
    fields.emptyList("rank")
    fields.blocks("block_at_registration", &neurons.blockAtRegistration)
    fields.numbers("alpha_stake", &neurons.alphaStake, limit: limit)
    fields.numbers("tao_stake", &neurons.taoStake, limit: limit)
    fields.numbers("total_stake", &neurons.totalStake, limit: limit)
    fields.groups("emission_history", &emissionHistory, limit: AnswerLimits.items)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}
