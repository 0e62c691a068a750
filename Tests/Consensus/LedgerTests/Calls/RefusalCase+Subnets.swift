import Ledger
import Primitives

extension RefusalCase {
  static let subnets: [RefusalCase] = [
    RefusalCase(.subnetNotExists, .signed(RegisterNeuron(netuid: nine, hotkey: hot("free")), by: "miner")),
    RefusalCase(
      .subNetRegistrationDisabled,
      first: { $0.state.chain.parameters.networkRegistrationStartBlock = BlockNumber(100) },
      .signed(RegisterSubnet(hotkey: hot("free")), by: "miner")),
    RefusalCase(
      .networkTxRateLimitExceeded, genesis: { $0.parameters.networkRateLimit = 50 },
      .signed(RegisterSubnet(hotkey: hot("free")), by: "miner")),
    RefusalCase(
      .subnetLimitReached, genesis: { $0.parameters.subnetLimit = 1 },
      .signed(RegisterSubnet(hotkey: hot("free")), by: "miner")),
    RefusalCase(.cannotAffordLockCost, .signed(RegisterSubnet(hotkey: hot("free")), by: "pauper")),
    RefusalCase(.alreadyStarted, .signed(StartSubnet(netuid: one), by: "owner")),
    RefusalCase(
      .needWaitingMoreBlocksToStart,
      genesis: { ($0.parameters.autoStart, $0.parameters.startCallDelay) = (false, 100) },
      .signed(StartSubnet(netuid: one), by: "owner")),
    RefusalCase(
      .subtokenDisabled, genesis: { $0.parameters.autoStart = false },
      .signed(AddStake(hotkey: hot("miner"), netuid: one, amount: .tao(1)), by: "miner")),
    RefusalCase(.invalidIdentity, .signed(SetSubnetIdentity(netuid: one, identity: longName), by: "owner")),
    RefusalCase(.invalidIdentity, .signed(RegisterSubnet(hotkey: hot("free"), identity: longName), by: "miner")),
  ]

  private static var longName: SubnetIdentityFields {
    var identity = SubnetIdentityFields()
    identity.subnetName = Array(repeating: 65, count: 257)
    return identity
  }

  private static func set(_ name: String, _ value: ParameterValue) -> Attempt {
    .signed(SetHyperparameter(netuid: one, name: name, value: value), by: "owner")
  }

  private static func setAsRoot(_ name: String, _ value: ParameterValue) -> Attempt {
    .asRoot(SetHyperparameter(netuid: one, name: name, value: value))
  }

  static let parameters: [RefusalCase] = [
    RefusalCase(.unknownParameter, set("no_such_name", .u64(1))),
    RefusalCase(.valueNotInBounds, set("min_burn", .u64(1_000_000_000))),
    RefusalCase(.valueNotInBounds, .asRoot(SetGlobalParameter(name: "min_reserve", value: .u64(0)))),
    RefusalCase(.invalidValue, set("burn_half_life", .u64(0))),
    RefusalCase(
      .txRateLimitExceeded, genesis: { $0.parameters.ownerHparamRateLimit = 1 },
      first: { try $0.run(SetHyperparameter(netuid: one, name: "rho", value: .u64(5)), as: "owner") },
      set("rho", .u64(6))),
    RefusalCase(
      .adminActionProhibitedDuringWeightsWindow, genesis: { $0.parameters.adminFreezeWindow = 20 }, set("rho", .u64(6))
    ),
    RefusalCase(
      .adminActionProhibitedDuringWeightsWindow, genesis: { $0.parameters.adminFreezeWindow = 20 },
      setAsRoot("rho", .u64(6))),
    RefusalCase(
      .tempoOutOfBounds, genesis: { $0.parameters.minOwnerTempo = 5 },
      .signed(SetTempo(netuid: one, tempo: 4), by: "owner")),
    RefusalCase(
      .dynamicTempoBlockedByCommitReveal,
      genesis: { $0.parameters.newSubnet.commitRevealWeightsEnabled = true },
      .signed(TriggerEpoch(netuid: one), by: "owner")),
    RefusalCase(
      .epochTriggerAlreadyPending, first: { try $0.run(TriggerEpoch(netuid: one), as: "owner") },
      .signed(TriggerEpoch(netuid: one), by: "owner")),
    RefusalCase(
      .autoEpochAlreadyImminent, genesis: { $0.parameters.adminFreezeWindow = 20 },
      .signed(TriggerEpoch(netuid: one), by: "owner")),
    RefusalCase(.maxAllowedUidsLessThanMinAllowedUids, set("max_allowed_uids", .u64(1))),
    RefusalCase(.maxAllowedUidsLessThanCurrentUids, set("max_allowed_uids", .u64(2))),
    RefusalCase(.maxAllowedUidsGreaterThanDefault, set("max_allowed_uids", .u64(257))),
    RefusalCase(
      .tooManyUIDsPerMechanism,
      genesis: { ($0.parameters.newSubnet.mechanismCount, $0.parameters.newSubnet.maxAllowedUIDs) = (2, 128) },
      set("max_allowed_uids", .u64(129))),
    RefusalCase(.maxValidatorsLargerThanMaxUids, set("max_validators", .u64(257))),
    RefusalCase(.activityCutoffFactorMilliOutOfBounds, set("activity_cutoff_factor", .u64(999))),
    RefusalCase(.revealPeriodTooSmall, set("commit_reveal_period", .u64(0))),
    RefusalCase(.revealPeriodTooLarge, set("commit_reveal_period", .u64(101))),
    RefusalCase(.bondsMovingAverageMaxReached, set("bonds_moving_avg", .u64(975_001))),
    RefusalCase(.liquidAlphaDisabled, set("alpha_values", .list([2000, 60000]))),
    RefusalCase(
      .alphaHighTooLow, genesis: { $0.parameters.newSubnet.liquidAlphaEnabled = true },
      set("alpha_values", .list([2000, 1637]))),
    RefusalCase(
      .alphaLowOutOfRange, genesis: { $0.parameters.newSubnet.liquidAlphaEnabled = true },
      set("alpha_values", .list([1637, 60000]))),
    RefusalCase(.negativeSigmoidSteepness, set("alpha_sigmoid_steepness", .signed(-1))),
  ]

  static let slots: [RefusalCase] = [
    RefusalCase(
      .registrationNotPermittedOnRootSubnet, .signed(RegisterNeuron(netuid: .root, hotkey: hot("free")), by: "miner")),
    RefusalCase(
      .registrationPriceLimitExceeded,
      .signed(RegisterNeuron(netuid: one, hotkey: hot("free"), maxPrice: Rao(1)), by: "miner")),
    RefusalCase(
      .hotKeyAlreadyRegisteredInSubNet, .signed(RegisterNeuron(netuid: one, hotkey: hot("miner")), by: "miner")),
    RefusalCase(
      .notEnoughBalanceToStake, .signed(RegisterNeuron(netuid: one, hotkey: hot("free")), by: "pauper")),
    RefusalCase(
      .tooManyRegistrationsThisBlock, first: { try $0.run(RootRegister(hotkey: hot("owner")), as: "owner") },
      .signed(RootRegister(hotkey: hot("miner")), by: "miner")),
    RefusalCase(
      .tooManyRegistrationsThisInterval,
      first: {
        for name in ["owner", "validator", "stranger"] {
          try $0.run(RootRegister(hotkey: hot(name)), as: name)
          $0.advance(1)
        }
      }, .signed(RootRegister(hotkey: hot("miner")), by: "miner")),
    RefusalCase(
      .noNeuronIdAvailable,
      first: {
        try $0.run(RegisterSubnet(hotkey: hot("owner")), as: "owner")
        $0.state.subnets.modify(NetUID(2)) { $0.parameters.maxAllowedUIDs = 1 }
      }, .signed(RegisterNeuron(netuid: NetUID(2), hotkey: hot("miner")), by: "miner")),
    RefusalCase(
      .stakeTooLowForRoot,
      first: {
        $0.state.subnets.modify(.root) { $0.parameters.maxAllowedUIDs = 1 }
        try $0.run(RootRegister(hotkey: hot("owner")), as: "owner")
        $0.advance(1)
      }, .signed(RootRegister(hotkey: hot("miner")), by: "miner")),
  ]
}
