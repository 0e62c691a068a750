import Primitives

extension GlobalParameters {
  /// Every stored parameter, in a fixed order: the order of canonical bytes, queries and genesis files.
  package static let table: [GlobalParameterRow] =
    subnetRows + stakeRows + poolRows + epochRows + limitRows + governanceRows + newSubnetRows

  /// Whether changing this parameter needs the strict majority; nil for a name that root cannot set.
  package static func proposalClass(ofChanging name: String) -> ProposalClass? {
    guard let row = rowsByName[name] else { return nil }
    switch row.authority {
    case .root: return .simple
    case .governance: return .strict
    case .genesis: return nil
    }
  }

  /// The row that `SetGlobalParameter` sets under this name.
  ///
  /// - Throws: `unknownParameter` for any other name, those of a genesis file alone among them.
  package static func settableRow(named name: String) throws(LedgerError) -> GlobalParameterRow {
    guard let row = rowsByName[name], row.authority != .genesis else { throw .unknownParameter.with("name", name) }
    return row
  }

  /// The row of that name, whoever may set it.
  package static func row(named name: String) -> GlobalParameterRow? { rowsByName[name] }

  package func value(named name: String) -> ParameterValue? {
    GlobalParameters.rowsByName[name]?.field.value(in: self)
  }

  /// Stores a value of a genesis file, whoever may set it later; `firstOutOfBounds` judges the whole once all are stored.
  ///
  /// - Throws: `unknownParameter`; `valueNotInBounds` when the value is not of the parameter's form.
  package mutating func storeFromGenesis(_ value: ParameterValue, as name: String) throws(LedgerError) {
    guard let row = GlobalParameters.rowsByName[name] else { throw .unknownParameter.with("name", name) }
    guard row.field.store(value, in: &self) else {
      throw .valueNotInBounds.with("name", name).with("value", value.description)
    }
  }

  /// The first parameter outside its bounds, the defaults of a new subnet included; nil when a genesis file may hold all.
  package var firstOutOfBounds: String? {
    GlobalParameters.table.first { !$0.isKept(by: self) }?.name
  }

  private static let rowsByName = [String: GlobalParameterRow](
    uniqueKeysWithValues: table.map { ($0.name, $0) })
}

extension GlobalParameters {
  /// All TAO there can ever be, in rao: no amount above it can be meant.
  private static let supply: UInt64 = 21_000_000 * Rao.perTAO

  private static let subnetRows: [GlobalParameterRow] = [
    GlobalParameterRow(.number("block_time_ms", \.blockTimeMilliseconds, in: 1...3_600_000), .genesis),
    // It seeds the pool of a new subnet, which must not be empty.
    GlobalParameterRow(.amount("min_lock_cost", \.minLockCost, upTo: supply)) { $0.minLockCost > .zero },
    GlobalParameterRow(.number("lock_reduction_interval", \.lockReductionInterval)),
    GlobalParameterRow(.number("network_rate_limit", \.networkRateLimit)),
    GlobalParameterRow(
      ParameterField(
        name: "network_registration_start_block", form: .u64(0...UInt64.max),
        read: { .u64($0.networkRegistrationStartBlock.value) },
        write: { globals, value in
          if case .u64(let number) = value { globals.networkRegistrationStartBlock = BlockNumber(number) }
        })),
    GlobalParameterRow(.number("subnet_limit", \.subnetLimit, in: 0...UInt64(Mechanisms.netuidLimit))),
    GlobalParameterRow(.number("network_immunity_period", \.networkImmunityPeriod)),
    GlobalParameterRow(.number("start_call_delay", \.startCallDelay)),
    GlobalParameterRow(.flag("auto_start", \.autoStart)),
    GlobalParameterRow(.flag("new_subnet_emission_enabled", \.newSubnetEmissionEnabled)),
    GlobalParameterRow(.word("pool_seed_mode", \.poolSeedMode)),
    GlobalParameterRow(.word("registration_fee_mode", \.registrationFeeMode)),
    GlobalParameterRow(.amount("existential_deposit", \.existentialDeposit, upTo: supply)),
    GlobalParameterRow(.amount("transaction_fee", \.transactionFee, upTo: supply)),
    GlobalParameterRow(.flag("faucet_enabled", \.faucetEnabled), .genesis),
    GlobalParameterRow(.flag("allow_loopback_endpoints", \.allowLoopbackEndpoints)),
  ]

  private static let stakeRows: [GlobalParameterRow] = [
    GlobalParameterRow(.number("stake_threshold", \.stakeThreshold)),
    GlobalParameterRow(.number("tao_weight", \.taoWeight)),
    GlobalParameterRow(.number("owner_cut", \.ownerCut)),
    GlobalParameterRow(.number("min_delegate_take", \.minDelegateTake)) { $0.minDelegateTake <= $0.maxDelegateTake },
    GlobalParameterRow(.number("max_delegate_take", \.maxDelegateTake)) { $0.minDelegateTake <= $0.maxDelegateTake },
    GlobalParameterRow(.number("default_delegate_take", \.defaultDelegateTake)),
    GlobalParameterRow(.number("min_childkey_take", \.minChildkeyTake)) { $0.minChildkeyTake <= $0.maxChildkeyTake },
    GlobalParameterRow(.number("max_childkey_take", \.maxChildkeyTake)) { $0.minChildkeyTake <= $0.maxChildkeyTake },
    GlobalParameterRow(.number("default_childkey_take", \.defaultChildkeyTake)),
    GlobalParameterRow(.amount("min_stake", \.minStake, upTo: supply)),
    GlobalParameterRow(.amount("nominator_minimum", \.nominatorMinimum, upTo: supply)),
  ]

  private static let poolRows: [GlobalParameterRow] = [
    GlobalParameterRow(.number("fee_rate", \.feeRate, in: 0...10_000)),
    GlobalParameterRow(.word("fee_destination", \.feeDestination)),
    // A pool must never be sold down to nothing: its price would have no denominator.
    GlobalParameterRow(.amount("min_reserve", \.minReserve, upTo: supply)) { $0.minReserve > .zero },
    GlobalParameterRow(.number("max_input_mult", \.maxInputMult, in: 1...1_000_000)),
    GlobalParameterRow(.word("emission_mode", \.emissionMode)),
    GlobalParameterRow(.number("flow_factor", \.flowFactor, in: 0...UInt64(Int64.max))),
    GlobalParameterRow(.signed("flow_cutoff", \.flowCutoff)),
    GlobalParameterRow(.number("flow_exponent", \.flowExponent, in: 1...3)),
    GlobalParameterRow(.number("price_alpha_num", \.priceAlphaNum)),
    GlobalParameterRow(.number("price_alpha_den", \.priceAlphaDen, in: 1...UInt64(UInt32.max))),
    GlobalParameterRow(.number("price_halving", \.priceHalving)),
    GlobalParameterRow(.wide("root_sell_threshold", \.rootSellThreshold)),
    GlobalParameterRow(.word("excess_mode", \.excessMode)),
    GlobalParameterRow(.word("root_dividend_mode", \.rootDividendMode)),
    GlobalParameterRow(.amount("claim_threshold", \.claimThreshold, upTo: supply)),
  ]

  private static let epochRows: [GlobalParameterRow] = [
    GlobalParameterRow(.number("max_epochs_per_block", \.maxEpochsPerBlock, in: 1...UInt64.max)),
    GlobalParameterRow(.number("min_owner_tempo", \.minOwnerTempo, in: 1...65535)) {
      $0.minOwnerTempo <= $0.maxOwnerTempo
    },
    GlobalParameterRow(.number("max_owner_tempo", \.maxOwnerTempo, in: 1...65535)) {
      $0.minOwnerTempo <= $0.maxOwnerTempo
    },
    GlobalParameterRow(.number("admin_freeze_window", \.adminFreezeWindow)),
    GlobalParameterRow(.number("owner_hparam_rate_limit", \.ownerHparamRateLimit)),
    GlobalParameterRow(.number("weights_version_rate_limit", \.weightsVersionRateLimit)),
  ]

  private static let limitRows: [GlobalParameterRow] = [
    GlobalParameterRow(.number("tx_rate_limit", \.txRateLimit)),
    GlobalParameterRow(.number("tx_delegate_take_rate_limit", \.txDelegateTakeRateLimit)),
    GlobalParameterRow(.number("tx_childkey_take_rate_limit", \.txChildkeyTakeRateLimit)),
    GlobalParameterRow(.number("set_children_rate_limit", \.setChildrenRateLimit)),
    GlobalParameterRow(.number("pending_childkey_cooldown", \.pendingChildkeyCooldown)),
    GlobalParameterRow(.number("owner_hotkey_rate_limit", \.ownerHotkeyRateLimit)),
    GlobalParameterRow(.number("hotkey_swap_interval", \.hotkeySwapInterval)),
    GlobalParameterRow(.number("coldkey_announce_delay", \.coldkeyAnnounceDelay)),
    GlobalParameterRow(.number("coldkey_reannounce_delay", \.coldkeyReannounceDelay)),
    GlobalParameterRow(.amount("key_swap_cost", \.keySwapCost, upTo: supply)),
    GlobalParameterRow(.amount("subnet_key_swap_cost", \.subnetKeySwapCost, upTo: supply)),
    GlobalParameterRow(.number("mechanism_rate_limit", \.mechanismRateLimit)),
    GlobalParameterRow(.number("trim_rate_limit", \.trimRateLimit)),
    GlobalParameterRow(.number("max_mechanism_count", \.maxMechanismCount, in: 1...UInt64(Mechanisms.countLimit))),
    GlobalParameterRow(.number("commitment_max_space", \.commitmentMaxSpace)),
    GlobalParameterRow(.number("commit_reveal_version", \.commitRevealVersion)),
    GlobalParameterRow(.number("beacon_round_blocks", \.beaconRoundBlocks, in: 1...UInt64.max)),
  ]

  private static let governanceRows: [GlobalParameterRow] = [
    GlobalParameterRow(.word("governance_mode", \.governanceMode), .genesis),
    GlobalParameterRow(.number("voting_period", \.votingPeriod, in: 1...UInt64.max), .governance),
    GlobalParameterRow(.number("enactment_delay", \.enactmentDelay), .governance),
    GlobalParameterRow(.amount("proposal_deposit", \.proposalDeposit, upTo: supply), .governance),
    GlobalParameterRow(.number("quorum_simple", \.quorumSimple, in: 0...1000), .governance),
    GlobalParameterRow(.number("quorum_super", \.quorumSuper, in: 0...1000), .governance),
    GlobalParameterRow(.number("max_open_proposals", \.maxOpenProposals, in: 1...1000), .governance),
    GlobalParameterRow(.number("max_proposals_per_account", \.maxProposalsPerAccount, in: 1...1000), .governance),
  ]
}
