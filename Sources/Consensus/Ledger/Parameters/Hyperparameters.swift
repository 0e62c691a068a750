package import Primitives

/// The parameters of one subnet.
///
/// Every one is reachable under its protocol name through `Hyperparameters.table`; the rules read the stored properties.
///
/// Source: registry 4. Units: blocks, rao, or u16 ratios over 65535, unless a comment says otherwise.
package struct Hyperparameters: Hashable, Sendable {
  // Schedule and activity.
  /// Blocks between two epochs; 0 halts the subnet.
  package var tempo: UInt16 = 360
  package var immunityPeriod: UInt16 = 5000
  /// Thousandths of a tempo.
  package var activityCutoffFactor: UInt32 = 13889

  // Slots and registration.
  package var maxAllowedUIDs: UInt16 = 256
  package var minAllowedUIDs: UInt16 = 64
  package var maxValidators: UInt16 = 64
  package var registrationAllowed = true
  package var minBurn = Rao(500_000)
  package var maxBurn = Rao.tao(100)
  /// Blocks in which the price halves; 0 (no decay) only in a genesis file.
  package var burnHalfLife: UInt16 = 360
  /// Parts per million.
  package var burnIncreaseMult: UInt32 = 1_260_000
  /// 0 is no limit.
  package var maxRegsPerBlock: UInt16 = 0
  package var targetRegsPerInterval: UInt16 = 2
  package var immuneOwnerUIDsLimit: UInt16 = 1
  package var minNonImmuneUIDs: UInt16 = 10
  package var servingRateLimit: UInt64 = 50

  // Weights.
  package var minAllowedWeights: UInt16 = 1
  /// 65535 is off.
  package var maxWeightsLimit: UInt16 = 65535
  package var weightsVersion: UInt64 = 0
  package var weightsRateLimit: UInt64 = 100
  package var commitRevealWeightsEnabled = true
  /// Epochs.
  package var commitRevealPeriod: UInt64 = 1
  /// 0 on root, which has none.
  package var mechanismCount: UInt8 = 1
  /// Parts of 65535 by mechanism; empty is even.
  package var mechanismEmissionSplit: [UInt16] = []

  // Consensus.
  package var rho: UInt16 = 10
  package var kappa: UInt16 = 32767
  /// Parts per million.
  package var bondsMovingAvg: UInt64 = 900_000
  package var bondsPenalty: UInt16 = 65535
  package var bondsResetEnabled = false
  package var liquidAlphaEnabled = false
  package var alphaLow: UInt16 = 45875
  package var alphaHigh: UInt16 = 58982
  package var alphaSigmoidSteepness: Int16 = 1000
  package var yuma3Enabled = true

  // Money.
  package var transfersEnabled = true
  package var recycleOrBurn = OwnerIncentive.burn
  package var ownerCutEnabled = true
  package var subnetEmissionEnabled = true
  package var subtokenEnabled = false
  package var minChildkeyTake: UInt16 = 0

  /// The main profile's new subnet, before the global switches are applied.
  package init() {}

  /// What a subnet created under `globals` starts with.
  package init(newSubnet globals: GlobalParameters) {
    self = globals.newSubnet
    subnetEmissionEnabled = globals.newSubnetEmissionEnabled
    subtokenEnabled = globals.autoStart
  }

  /// Root, as it exists from genesis in both profiles: 64 members, no mechanism, no weights, no commit-reveal.
  package static let rootSubnet: Hyperparameters = {
    var root = Hyperparameters()
    root.tempo = 100
    root.maxAllowedUIDs = 64
    root.maxValidators = 64
    root.maxRegsPerBlock = 1
    root.targetRegsPerInterval = 1
    root.mechanismCount = 0
    root.commitRevealWeightsEnabled = false
    root.subnetEmissionEnabled = false
    root.subtokenEnabled = true
    return root
  }()
}
