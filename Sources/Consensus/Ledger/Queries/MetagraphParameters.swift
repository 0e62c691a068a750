package import Primitives

/// The parameters that a metagraph shows: indices 22 to 51.
package struct MetagraphParameters: FieldMapped {
  package var rho: UInt16 = 0
  package var kappa: UInt16 = 0
  package var minAllowedWeights: UInt16 = 0
  package var maxWeightsLimit: UInt16 = 0
  package var weightsVersion: UInt64 = 0
  package var weightsRateLimit: UInt64 = 0
  /// Blocks, as it takes effect.
  package var activityCutoff: UInt64 = 0
  package var maxValidators: UInt16 = 0
  package var numUIDs: UInt16 = 0
  package var maxUIDs: UInt16 = 0
  package var burn = Rao.zero
  package var registrationAllowed = false
  package var immunityPeriod: UInt16 = 0
  package var minBurn = Rao.zero
  package var maxBurn = Rao.zero
  package var targetRegsPerInterval: UInt16 = 0
  package var maxRegsPerBlock: UInt16 = 0
  package var servingRateLimit: UInt64 = 0
  package var commitRevealWeightsEnabled = false
  package var commitRevealPeriod: UInt64 = 0
  package var liquidAlphaEnabled = false
  package var alphaHigh: UInt16 = 0
  package var alphaLow: UInt16 = 0
  package var bondsMovingAvg: UInt64 = 0

  package init() {}

  init(_ subnet: Subnet, uidCount: Int) {
    let parameters = subnet.parameters
    rho = parameters.rho
    kappa = parameters.kappa
    minAllowedWeights = parameters.minAllowedWeights
    maxWeightsLimit = parameters.maxWeightsLimit
    weightsVersion = parameters.weightsVersion
    weightsRateLimit = parameters.weightsRateLimit
    activityCutoff = Ledger.activityCutoff(
      tempo: parameters.tempo, factorMilli: parameters.activityCutoffFactor)
    maxValidators = parameters.maxValidators
    numUIDs = UInt16(clamping: uidCount)
    maxUIDs = parameters.maxAllowedUIDs
    burn = Rao(subnet.burn)
    registrationAllowed = parameters.registrationAllowed
    immunityPeriod = parameters.immunityPeriod
    minBurn = parameters.minBurn
    maxBurn = parameters.maxBurn
    targetRegsPerInterval = parameters.targetRegsPerInterval
    maxRegsPerBlock = parameters.maxRegsPerBlock
    servingRateLimit = parameters.servingRateLimit
    commitRevealWeightsEnabled = parameters.commitRevealWeightsEnabled
    commitRevealPeriod = parameters.commitRevealPeriod
    liquidAlphaEnabled = parameters.liquidAlphaEnabled
    alphaHigh = parameters.alphaHigh
    alphaLow = parameters.alphaLow
    bondsMovingAvg = parameters.bondsMovingAvg
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.number("rho", &rho)
    fields.number("kappa", &kappa)
    fields.number("min_allowed_weights", &minAllowedWeights)
    fields.number("max_weights_limit", &maxWeightsLimit)
    fields.number("weights_version", &weightsVersion)
    fields.number("weights_rate_limit", &weightsRateLimit)
    fields.number("activity_cutoff", &activityCutoff)
    fields.number("max_validators", &maxValidators)
    fields.number("num_uids", &numUIDs)
    fields.number("max_uids", &maxUIDs)
    fields.amount("burn", &burn)
    fields.legacy("difficulty")
    fields.flag("registration_allowed", &registrationAllowed)
    fields.noFlag("pow_registration_allowed")
    fields.number("immunity_period", &immunityPeriod)
    fields.legacy("min_difficulty")
    fields.legacy("max_difficulty")
    fields.amount("min_burn", &minBurn)
    fields.amount("max_burn", &maxBurn)
    fields.legacy("adjustment_alpha")
    fields.legacy("adjustment_interval")
    fields.number("target_regs_per_interval", &targetRegsPerInterval)
    fields.number("max_regs_per_block", &maxRegsPerBlock)
    fields.number("serving_rate_limit", &servingRateLimit)
    fields.flag("commit_reveal_weights_enabled", &commitRevealWeightsEnabled)
    fields.number("commit_reveal_period", &commitRevealPeriod)
    fields.flag("liquid_alpha_enabled", &liquidAlphaEnabled)
    fields.number("alpha_high", &alphaHigh)
    fields.number("alpha_low", &alphaLow)
    fields.number("bonds_moving_avg", &bondsMovingAvg)
  }
}

extension FieldMapper {
  /// A constant of the older network.
  mutating func legacy(_ name: String) { constant(name, Hyperparameters.legacyNumber(name)) }

  /// A flag of the older network that is never set.
  mutating func noFlag(_ name: String) {
    var flag = false
    self.flag(name, &flag)
  }
}
