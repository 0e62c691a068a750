package import Primitives

/// One subnet's neurons at one block; a field's index in registry 16 is its place here.
///
/// What was not asked for is blank. Lists have one entry per uid unless they say otherwise.
package struct MetagraphAnswer: FieldMapped {
  package var netuid = NetUID.root
  package var name: [UInt8] = []
  package var symbol: [UInt8] = []
  package var identity: SubnetIdentityFields?
  package var networkRegisteredAt = BlockNumber.genesis
  /// Nil on root, as is the coldkey.
  package var ownerHotkey: Hotkey?
  package var ownerColdkey: Coldkey?
  package var block = BlockNumber.genesis
  package var tempo: UInt16 = 0
  /// Block of the last epoch that ran.
  package var lastStep = BlockNumber.genesis
  package var blocksSinceLastStep: UInt64 = 0

  /// Alpha in the pool, and outside it.
  package var alphaIn: UInt64 = 0
  package var alphaOut: UInt64 = 0
  package var taoIn = Rao.zero
  /// Of the last block.
  package var alphaOutEmission: UInt64 = 0
  package var alphaInEmission: UInt64 = 0
  package var taoInEmission = Rao.zero
  /// Alpha that the next epoch divides among miners and validators.
  package var pendingAlphaEmission: UInt64 = 0
  package var subnetVolume: UInt128 = 0
  /// Q64.
  package var movingPrice: UInt128 = 0

  package var parameters = MetagraphParameters()

  package var hotkeys: [Hotkey] = []
  package var coldkeys: [Coldkey] = []
  /// No rows when no coldkey has one.
  package var identities: [IdentityRow] = []
  package var axons: [AxonRow] = []
  package var active: [Bool] = []
  package var validatorPermit: [Bool] = []
  /// Of the mechanism.
  package var lastUpdate: [UInt64] = []
  /// Alpha of the last epoch as scored, not as paid.
  package var emission: [UInt64] = []
  package var dividends: [UInt16] = []
  /// Of the mechanism.
  package var incentives: [UInt16] = []
  package var consensus: [UInt16] = []
  package var blockAtRegistration: [BlockNumber] = []
  /// Alpha and root TAO, less what is lent and plus what is borrowed; on root all stake is TAO.
  package var alphaStake: [UInt64] = []
  package var taoStake: [UInt64] = []
  /// Stake weight (economy 13), rao.
  package var totalStake: [UInt64] = []
  /// Always 0.
  package var taoDividendsPerHotkey: [HotkeyAmountRow] = []
  /// Alpha that the last epoch paid to those who stake on the hotkey, its owner's take included.
  package var alphaDividendsPerHotkey: [HotkeyAmountRow] = []
  /// Uids with permit and enough stake, by stake, descending.
  package var validators: [UID] = []
  /// By hotkey, those of hotkeys that have lost their uid included.
  package var commitments: [CommitmentRow] = []
  /// Algorithm byte and key; empty for those without one.
  package var certificates: [[UInt8]] = []
  package var validatorTrust: [UInt16] = []

  package var epochIndex: UInt64 = 0
  package var mechanismCount: UInt8 = 0
  /// 0 when the tempo is 0, and on root.
  package var nextEpochBlock = BlockNumber.genesis

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    mapSubnet(&fields)
    mapPool(&fields)
    parameters.map(&fields)
    mapNeurons(&fields)
    mapStakes(&fields)
    fields.number("epoch_index", &epochIndex)
    fields.number("mechanism_count", &mechanismCount)
    fields.block("next_epoch_block", &nextEpochBlock)
  }

  private mutating func mapSubnet(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.bytes("name", &name, limit: AnswerLimits.bytes)
    fields.bytes("symbol", &symbol, limit: AnswerLimits.bytes)
    fields.optionalGroup("identity", &identity)
    fields.block("network_registered_at", &networkRegisteredAt)
    fields.optionalHotkey("owner_hotkey", &ownerHotkey)
    fields.optionalColdkey("owner_coldkey", &ownerColdkey)
    fields.block("block", &block)
    fields.number("tempo", &tempo)
    fields.block("last_step", &lastStep)
    fields.number("blocks_since_last_step", &blocksSinceLastStep)
  }

  private mutating func mapPool(_ fields: inout FieldMapper) {
    fields.constant("subnet_emission", 0)
    fields.number("alpha_in", &alphaIn)
    fields.number("alpha_out", &alphaOut)
    fields.amount("tao_in", &taoIn)
    fields.number("alpha_out_emission", &alphaOutEmission)
    fields.number("alpha_in_emission", &alphaInEmission)
    fields.amount("tao_in_emission", &taoInEmission)
    fields.number("pending_alpha_emission", &pendingAlphaEmission)
    fields.constant("pending_root_emission", 0)
    fields.wide("subnet_volume", &subnetVolume)
    fields.wide("moving_price", &movingPrice)
  }

  private mutating func mapNeurons(_ fields: inout FieldMapper) {
    let limit = AnswerLimits.uids
    fields.hotkeys("hotkeys", &hotkeys)
    fields.coldkeys("coldkeys", &coldkeys)
    fields.groups("identities", &identities, limit: limit)
    fields.groups("axons", &axons, limit: limit)
    fields.flags("active", &active)
    fields.flags("validator_permit", &validatorPermit)
    fields.emptyList("pruning_score")
    fields.numbers("last_update", &lastUpdate, limit: limit)
    fields.numbers("emission", &emission, limit: limit)
    fields.numbers("dividends", &dividends, limit: limit)
    fields.numbers("incentives", &incentives, limit: limit)
    fields.numbers("consensus", &consensus, limit: limit)
    fields.emptyList("trust")
    fields.emptyList("rank")
    fields.blocks("block_at_registration", &blockAtRegistration)
  }

  private mutating func mapStakes(_ fields: inout FieldMapper) {
    let limit = AnswerLimits.uids
    fields.numbers("alpha_stake", &alphaStake, limit: limit)
    fields.numbers("tao_stake", &taoStake, limit: limit)
    fields.numbers("total_stake", &totalStake, limit: limit)
    fields.groups("tao_dividends_per_hotkey", &taoDividendsPerHotkey, limit: limit)
    fields.groups("alpha_dividends_per_hotkey", &alphaDividendsPerHotkey, limit: limit)
    fields.uids("validators", &validators)
    fields.groups("commitments", &commitments, limit: limit)
    fields.bytesList("certificates", &certificates, limit: limit, each: AnswerLimits.bytes)
    fields.numbers("validator_trust", &validatorTrust, limit: limit)
  }
}

extension FieldMapper {
  /// A list that older readers expect and that is always empty.
  mutating func emptyList(_ name: String) {
    var none: [UInt64] = []
    numbers(name, &none, limit: AnswerLimits.uids)
  }
}

// Filling the answer.
extension MetagraphAnswer {
  mutating func describe(_ subnet: Subnet, _ netuid: NetUID, in state: LedgerState) {
    self.netuid = netuid
    name = subnet.displayName(netuid)
    symbol = netuid == .root ? Array(subnetSymbol(.root).utf8) : subnet.symbol
    identity = subnet.identity.map(SubnetIdentityFields.init)
    networkRegisteredAt = subnet.registeredAt
    ownerHotkey = netuid == .root ? nil : subnet.ownerHotkey
    ownerColdkey = netuid == .root ? nil : subnet.owner
    block = state.block
    tempo = subnet.parameters.tempo
    lastStep = subnet.clock.lastStepBlock
    blocksSinceLastStep = block.blocks(since: lastStep)

    alphaIn = subnet.alphaIn
    alphaOut = subnet.alphaOut
    // Root has no pool: what is staked there is its TAO, to the last rao.
    taoIn = Rao(netuid == .root ? state.chain.rootTao : subnet.taoReserve)
    alphaOutEmission = subnet.alphaOutEmission
    alphaInEmission = subnet.alphaInEmission
    taoInEmission = Rao(subnet.taoInEmission)
    pendingAlphaEmission = subnet.pendingServer.addingReportingOverflow(subnet.pendingValidator).partialValue
    subnetVolume = subnet.volume
    movingPrice = subnet.emaPrice
  }

  mutating func list(_ slots: NeuronSlots, _ scores: MechanismState) {
    hotkeys = slots.hotkeys
    axons = slots.axons.map(AxonRow.init)
    active = slots.active
    validatorPermit = slots.validatorPermit
    lastUpdate = scores.lastUpdate
    emission = slots.emission
    dividends = slots.dividends
    incentives = scores.incentive
    consensus = slots.consensus
    blockAtRegistration = slots.registeredAt
    taoDividendsPerHotkey = slots.hotkeys.map { HotkeyAmountRow($0, 0) }
    alphaDividendsPerHotkey = zip(slots.hotkeys, slots.paidDividends).map { HotkeyAmountRow($0, $1) }
    certificates = slots.axons.map(\.certificate)
    validatorTrust = slots.validatorTrust
  }

  mutating func setSchedule(_ subnet: Subnet, _ netuid: NetUID) {
    epochIndex = subnet.clock.epochIndex
    mechanismCount = subnet.parameters.mechanismCount
    guard netuid != .root else { return }
    nextEpochBlock = subnet.clock.nextEpochBlock(tempo: subnet.parameters.tempo) ?? .genesis
  }

  mutating func weigh(_ state: LedgerState, _ netuid: NetUID, _ slots: NeuronSlots, stakeThreshold: UInt64) {
    let stakes = slots.hotkeys.map { state.displayedStake(of: $0, on: netuid) }
    alphaStake = stakes.map(\.alpha)
    taoStake = stakes.map(\.root)
    totalStake = stakes.map(\.total)
    validators = stakes.indices
      .filter { slots.validatorPermit[$0] && stakes[$0].total >= stakeThreshold }
      .sorted { (stakes[$1].total, $0) < (stakes[$0].total, $1) }
      .map { UID(UInt16($0)) }
  }
}

extension LedgerState {
  /// Stakes as the metagraph shows them; on root there is no alpha and nothing is weighted.
  func displayedStake(of hotkey: Hotkey, on netuid: NetUID) -> (alpha: UInt64, root: UInt64, total: UInt64) {
    if netuid == .root {
      let stake = poolValue(of: hotkey, on: .root)
      return (0, stake, stake)
    }
    let stake = inheritedStake(of: hotkey, on: netuid)
    return (stake.alpha, stake.root, stakeWeight(of: hotkey, on: netuid))
  }
}
