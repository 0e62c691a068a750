import Economy
package import Primitives

/// When the emission halves next.
package struct NextHalvingQuery: StateQuery {
  package static let name = "next_halving"

  /// Assumed of every block to come.
  package var recycledPerBlock = Rao.zero

  package init() {}
  package init(recycledPerBlock: Rao) { self.recycledPerBlock = recycledPerBlock }

  package mutating func map(_ fields: inout FieldMapper) { fields.amount("recycled_per_block", &recycledPerBlock) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> NextHalvingAnswer {
    let issuance = state.chain.issuance
    var answer = NextHalvingAnswer()
    answer.issuance = Rao(issuance)
    answer.blockEmission = Rao(EmissionSchedule.emission(atIssuance: issuance))
    answer.minted = Rao(state.chain.minted)
    answer.recycled = Rao(state.chain.recycled)
    guard let halvings = EmissionSchedule.halvings(atIssuance: issuance) else { return answer }
    answer.halvings = UInt32(clamping: halvings)
    answer.nextIssuance = EmissionSchedule.nextHalving(atIssuance: issuance).map(Rao.init)
    answer.blocksLeft = EmissionSchedule.blocks(
      untilHalving: halvings + 1, fromIssuance: issuance, recycledPerBlock: recycledPerBlock.value)
    return answer
  }
}

package struct NextHalvingAnswer: FieldMapped {
  package var issuance = Rao.zero
  package var supply = Rao(EmissionSchedule.supply)
  /// At most, of the next block.
  package var blockEmission = Rao.zero
  package var halvings: UInt32 = 0
  /// Issuance of the next halving; nil once the supply is reached.
  package var nextIssuance: Rao?
  /// If every block mints all it may; nil when the halving is never reached.
  package var blocksLeft: UInt64?
  /// Since genesis.
  package var minted = Rao.zero
  package var recycled = Rao.zero

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.amount("issuance", &issuance)
    fields.amount("supply", &supply)
    fields.amount("block_emission", &blockEmission)
    fields.number("halvings", &halvings)
    fields.optionalAmount("next_issuance", &nextIssuance)
    fields.optional("blocks_left", &blocksLeft)
    fields.amount("minted", &minted)
    fields.amount("recycled", &recycled)
  }
}

/// What every subnet gets of the emission, and the flow it gets it for; root, which gets none, is left out.
package struct EmissionSharesQuery: StateQuery {
  package static let name = "emission_shares"

  package var page = PageRequest()

  package init() {}
  package init(page: PageRequest) { self.page = page }

  package mutating func map(_ fields: inout FieldMapper) { page.map(&fields) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> EmissionSharesAnswer {
    let blockEmission = EmissionSchedule.emission(atIssuance: state.chain.issuance)
    let live = state.liveSubnets
    let expected = Dictionary(uniqueKeysWithValues: zip(live, state.emissionShares(of: live, blockEmission)))
    let page = try state.subnetPage(page) { netuid, subnet in
      netuid == .root ? nil : EmissionShareRow(netuid, subnet, expected: expected[netuid])
    }
    var answer = EmissionSharesAnswer()
    answer.blockEmission = Rao(blockEmission)
    answer.mode = Array(state.chain.parameters.emissionMode.rawValue.utf8)
    answer.subnets = page.rows
    answer.nextCursor = page.nextCursor
    return answer
  }
}

package struct EmissionSharesAnswer: FieldMapped {
  /// At most, of the next block.
  package var blockEmission = Rao.zero
  /// What shares follow: `flow` or `price`.
  package var mode: [UInt8] = []
  package var subnets: [EmissionShareRow] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.amount("block_emission", &blockEmission)
    fields.bytes("mode", &mode, limit: AnswerLimits.bytes)
    fields.groups("subnets", &subnets, limit: AnswerLimits.items)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

package struct EmissionShareRow: FieldMapped {
  package var netuid = NetUID.root
  /// Started and open for registrations.
  package var live = false
  /// Not switched off by root.
  package var enabled = false
  /// Rao staked less unstaked since the last block step.
  package var flow: Int64 = 0
  /// Moving average of the flow, SQ64.
  package var flowAverage: Int128 = 0
  /// Q64.
  package var movingPrice: UInt128 = 0
  /// Minted for it by the last block step.
  package var taoEmission = Rao.zero
  /// What the present averages would give it of the next block.
  package var expectedEmission = Rao.zero

  package init() {}

  init(_ netuid: NetUID, _ subnet: Subnet, expected: UInt64?) {
    self.netuid = netuid
    live = expected != nil
    enabled = subnet.parameters.subnetEmissionEnabled
    flow = subnet.flow
    flowAverage = subnet.flowEma
    movingPrice = subnet.emaPrice
    taoEmission = Rao(subnet.taoInEmission)
    expectedEmission = Rao(expected ?? 0)
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.flag("live", &live)
    fields.flag("enabled", &enabled)
    fields.signed("flow", &flow)
    fields.signedWide("flow_average", &flowAverage)
    fields.wide("moving_price", &movingPrice)
    fields.amount("tao_emission", &taoEmission)
    fields.amount("expected_emission", &expectedEmission)
  }
}
