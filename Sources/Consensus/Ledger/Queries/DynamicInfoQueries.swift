package import Primitives

/// Pool, emission and prices of a subnet.
package struct DynamicInfoQuery: StateQuery {
  package static let name = "dynamic_info"

  package var netuid = NetUID.root

  package init() {}
  package init(netuid: NetUID) { self.netuid = netuid }

  package mutating func map(_ fields: inout FieldMapper) { fields.netuid("netuid", &netuid) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> DynamicInfoAnswer {
    DynamicInfoAnswer(try state.subnet(netuid), netuid, in: state)
  }
}

/// The same for every subnet, by ascending netuid.
package struct DynamicInfosQuery: StateQuery {
  package static let name = "dynamic_infos"

  package var page = PageRequest()

  package init() {}
  package init(page: PageRequest) { self.page = page }

  package mutating func map(_ fields: inout FieldMapper) { page.map(&fields) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> DynamicInfoPageAnswer {
    let page = try state.subnetPage(page) { netuid, subnet in DynamicInfoAnswer(subnet, netuid, in: state) }
    var answer = DynamicInfoPageAnswer()
    answer.subnets = page.rows
    answer.nextCursor = page.nextCursor
    return answer
  }
}

package struct DynamicInfoPageAnswer: FieldMapped {
  package var subnets: [DynamicInfoAnswer] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("subnets", &subnets, limit: AnswerLimits.items)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

package struct DynamicInfoAnswer: FieldMapped {
  package var netuid = NetUID.root
  /// Nil on root, as is the coldkey.
  package var ownerHotkey: Hotkey?
  package var ownerColdkey: Coldkey?
  package var subnetName: [UInt8] = []
  package var tokenSymbol: [UInt8] = []
  package var tempo: UInt16 = 0
  package var lastStep = BlockNumber.genesis
  package var blocksSinceLastStep: UInt64 = 0
  /// Rao that the last block's emission brought.
  package var emission = Rao.zero
  package var alphaIn: UInt64 = 0
  package var alphaOut: UInt64 = 0
  package var taoIn = Rao.zero
  package var alphaOutEmission: UInt64 = 0
  package var alphaInEmission: UInt64 = 0
  package var taoInEmission = Rao.zero
  /// Alpha that the next epoch divides among miners and validators.
  package var pendingAlphaEmission: UInt64 = 0
  package var subnetVolume: UInt128 = 0
  package var networkRegisteredAt = BlockNumber.genesis
  package var subnetIdentity: SubnetIdentityFields?
  /// Q64.
  package var movingPrice: UInt128 = 0
  /// Whether emission and trading have begun.
  package var started = false
  /// 0 while not started.
  package var firstEmissionBlock = BlockNumber.genesis

  package init() {}

  init(_ subnet: Subnet, _ netuid: NetUID, in state: LedgerState) {
    // The metagraph shows the same figures.
    var shown = MetagraphAnswer()
    shown.describe(subnet, netuid, in: state)
    self.netuid = netuid
    ownerHotkey = shown.ownerHotkey
    ownerColdkey = shown.ownerColdkey
    subnetName = shown.name
    tokenSymbol = shown.symbol
    tempo = shown.tempo
    lastStep = shown.lastStep
    blocksSinceLastStep = shown.blocksSinceLastStep
    emission = shown.taoInEmission
    alphaIn = shown.alphaIn
    alphaOut = shown.alphaOut
    taoIn = shown.taoIn
    alphaOutEmission = shown.alphaOutEmission
    alphaInEmission = shown.alphaInEmission
    taoInEmission = shown.taoInEmission
    pendingAlphaEmission = shown.pendingAlphaEmission
    subnetVolume = shown.subnetVolume
    networkRegisteredAt = shown.networkRegisteredAt
    subnetIdentity = shown.identity
    movingPrice = shown.movingPrice
    started = subnet.isStarted
    firstEmissionBlock = BlockNumber(subnet.firstEmissionBlock)
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.optionalHotkey("owner_hotkey", &ownerHotkey)
    fields.optionalColdkey("owner_coldkey", &ownerColdkey)
    fields.bytes("subnet_name", &subnetName, limit: AnswerLimits.bytes)
    fields.bytes("token_symbol", &tokenSymbol, limit: AnswerLimits.bytes)
    fields.number("tempo", &tempo)
    fields.block("last_step", &lastStep)
    fields.number("blocks_since_last_step", &blocksSinceLastStep)
    fields.amount("emission", &emission)
    fields.number("alpha_in", &alphaIn)
    fields.number("alpha_out", &alphaOut)
    fields.amount("tao_in", &taoIn)
    fields.number("alpha_out_emission", &alphaOutEmission)
    fields.number("alpha_in_emission", &alphaInEmission)
    fields.amount("tao_in_emission", &taoInEmission)
    fields.number("pending_alpha_emission", &pendingAlphaEmission)
    fields.constant("pending_root_emission", 0)
    fields.wide("subnet_volume", &subnetVolume)
    fields.block("network_registered_at", &networkRegisteredAt)
    fields.optionalGroup("subnet_identity", &subnetIdentity)
    fields.wide("moving_price", &movingPrice)
    fields.flag("started", &started)
    fields.block("first_emission_block", &firstEmissionBlock)
  }
}
