import Primitives

extension Hyperparameters {
  /// Every stored parameter, in a fixed order: the order of canonical bytes, queries and genesis files.
  package static let table: [HyperparameterRow] =
    scheduleRows + weightRows + slotRows + consensusRows + moneyRows

  /// The rows under which several parameters are set at once; they store nothing of their own.
  package static let combinedRows: [HyperparameterRow] = [alphaValuesRow]

  /// Fields of the older network that readers expect; constants.
  package static let legacy: [(name: String, value: ParameterValue)] = [
    ("difficulty", .u64(10_000_000)), ("min_difficulty", .u64(10_000_000)),
    ("max_difficulty", .u64((1 << 62) - 1)), ("adjustment_alpha", .u64(0)), ("adjustment_interval", .u64(100)),
    ("activity_cutoff", .u64(5000)), ("pow_registration_allowed", .flag(false)),
  ]

  /// The row that `SetHyperparameter` sets under this name.
  ///
  /// - Throws: `unknownParameter` for a name that is not in the table, has a call of its own or is set only with others.
  package static func settableRow(named name: String) throws(LedgerError) -> HyperparameterRow {
    guard let row = rowsByName[name], row.call == .setHyperparameter else { throw .unknownParameter.with("name", name) }
    return row
  }

  /// The row of that name, whatever call sets it.
  package static func row(named name: String) -> HyperparameterRow? { rowsByName[name] }

  /// The value under a protocol name, legacy constants and combined names included.
  package func value(named name: String) -> ParameterValue? {
    if let row = Hyperparameters.rowsByName[name] { return row.field.value(in: self) }
    return Hyperparameters.legacy.first { $0.name == name }?.value
  }

  private static let rowsByName = [String: HyperparameterRow](
    uniqueKeysWithValues: (table + combinedRows).map { ($0.name, $0) })
}

extension Hyperparameters {
  private typealias Row = HyperparameterRow

  private static let scheduleRows: [HyperparameterRow] = [
    .owner(.number("tempo", \.tempo), call: .setTempo, limit: .minOwnerTempo, bounds: Bounds.tempo),
    .owner(.number("immunity_period", \.immunityPeriod)),
    .owner(
      .number("activity_cutoff_factor", \.activityCutoffFactor), freeze: .ownerOnly,
      bounds: Row.within(1000...50000, else: .activityCutoffFactorMilliOutOfBounds)),
  ]

  private static let weightRows: [HyperparameterRow] = [
    .owner(.number("min_allowed_weights", \.minAllowedWeights)),
    .root(.number("max_weights_limit", \.maxWeightsLimit)),
    .owner(.number("weights_version", \.weightsVersion), limit: .weightsVersionTempos),
    .root(.number("weights_rate_limit", \.weightsRateLimit), freeze: .nobody),
    .owner(.flag("commit_reveal_weights_enabled", \.commitRevealWeightsEnabled)),
    .owner(.number("commit_reveal_period", \.commitRevealPeriod), bounds: Bounds.commitRevealPeriod),
    .owner(
      .number("mechanism_count", \.mechanismCount), call: .setMechanismCount, limit: .mechanism,
      bounds: Bounds.mechanismCount),
    .owner(
      .list("mechanism_emission_split", \.mechanismEmissionSplit), call: .setMechanismEmissionSplit, limit: .mechanism,
      bounds: Bounds.mechanismEmissionSplit),
  ]

  private static let slotRows: [HyperparameterRow] = [
    .owner(.number("max_allowed_uids", \.maxAllowedUIDs), bounds: Bounds.maxAllowedUIDs),
    .root(.number("min_allowed_uids", \.minAllowedUIDs), bounds: Bounds.minAllowedUIDs),
    .owner(.number("max_validators", \.maxValidators), bounds: Bounds.maxValidators),
    .owner(.number("serving_rate_limit", \.servingRateLimit)),
    .root(.flag("registration_allowed", \.registrationAllowed), freeze: .nobody),
    .owner(.amount("min_burn", \.minBurn), bounds: Bounds.minBurn),
    .owner(.amount("max_burn", \.maxBurn), bounds: Bounds.maxBurn),
    .owner(.number("burn_half_life", \.burnHalfLife), bounds: Bounds.burnHalfLife),
    .owner(
      .number("burn_increase_mult", \.burnIncreaseMult),
      bounds: Row.within(1_000_000...3_000_000, else: .invalidValue)),
    .root(.number("max_regs_per_block", \.maxRegsPerBlock)),
    .root(.number("target_regs_per_interval", \.targetRegsPerInterval)),
    .owner(
      .number("immune_owner_uids_limit", \.immuneOwnerUIDsLimit), bounds: Row.within(1...10, else: .invalidValue)),
    .root(.number("min_non_immune_uids", \.minNonImmuneUIDs), freeze: .nobody),
  ]

  private static let consensusRows: [HyperparameterRow] = [
    .owner(.number("rho", \.rho)),
    .root(.number("kappa", \.kappa), freeze: .nobody),
    .owner(.number("bonds_moving_avg", \.bondsMovingAvg), bounds: Bounds.bondsMovingAvg),
    .owner(.number("bonds_penalty", \.bondsPenalty)),
    .owner(.flag("bonds_reset_enabled", \.bondsResetEnabled)),
    .owner(.flag("liquid_alpha_enabled", \.liquidAlphaEnabled)),
    .part(of: "alpha_values", .number("alpha_low", \.alphaLow), bounds: Bounds.alphaOrder),
    .part(of: "alpha_values", .number("alpha_high", \.alphaHigh), bounds: Bounds.alphaOrder),
    .owner(
      .signed("alpha_sigmoid_steepness", \.alphaSigmoidSteepness), bounds: Bounds.alphaSigmoidSteepness),
    .owner(.flag("yuma3_enabled", \.yuma3Enabled)),
  ]

  private static let moneyRows: [HyperparameterRow] = [
    .owner(.flag("transfers_enabled", \.transfersEnabled)),
    .owner(.word("recycle_or_burn", \.recycleOrBurn)),
    .owner(.flag("owner_cut_enabled", \.ownerCutEnabled), limit: .none),
    .root(
      .flag("subnet_emission_enabled", \.subnetEmissionEnabled), freeze: .nobody, bounds: Bounds.subnetEmissionEnabled),
    .root(.flag("subtoken_enabled", \.subtokenEnabled)),
    .owner(.number("min_childkey_take", \.minChildkeyTake), bounds: Bounds.minChildkeyTake),
  ]

  private static let alphaValuesRow = HyperparameterRow.owner(
    ParameterField(
      name: "alpha_values", form: .list, read: { .list([$0.alphaLow, $0.alphaHigh]) },
      write: { parameters, value in
        guard case .list(let list) = value, list.count == 2 else { return }
        (parameters.alphaLow, parameters.alphaHigh) = (list[0], list[1])
      }),
    bounds: Bounds.alphaValues)
}
