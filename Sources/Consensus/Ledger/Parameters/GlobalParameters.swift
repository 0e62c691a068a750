package import Primitives

/// The parameters of the whole chain.
///
/// Every one is reachable under its protocol name through `GlobalParameters.table`; the rules read the stored properties.
/// `main` and `local` are the two profiles; a genesis file starts from one of them.
///
/// Source: spec README, "Both profiles"; registry 4. Units: blocks, rao, or u16 ratios over 65535, unless a comment says
/// otherwise.
package struct GlobalParameters: Hashable, Sendable {
  // Subnets and registration.
  package var blockTimeMilliseconds: UInt64 = 12000
  package var minLockCost = Rao.tao(1000)
  package var lockReductionInterval: UInt64 = 100_800
  package var networkRateLimit: UInt64 = 7200
  package var networkRegistrationStartBlock = BlockNumber.genesis
  /// Subnets beside root.
  package var subnetLimit: UInt16 = 128
  package var networkImmunityPeriod: UInt64 = 1_296_000
  package var startCallDelay: UInt64 = 0
  package var autoStart = false
  package var newSubnetEmissionEnabled = true
  package var poolSeedMode = PoolSeedMode.minLockAtOne
  package var registrationFeeMode = RegistrationFeeMode.recycleTao
  package var existentialDeposit = Rao(500)
  package var transactionFee = Rao.zero
  package var faucetEnabled = false
  package var allowLoopbackEndpoints = false

  // Stake, pools, emission.
  /// In stake weight, rao.
  package var stakeThreshold: UInt64 = 1000 * Rao.perTAO
  /// Over 2⁶⁴ - 1.
  package var taoWeight: UInt64 = 971_718_665_099_567_868
  package var ownerCut: UInt16 = 11796
  package var minDelegateTake: UInt16 = 0
  package var maxDelegateTake: UInt16 = 11796
  package var defaultDelegateTake: UInt16 = 11796
  package var minChildkeyTake: UInt16 = 0
  package var maxChildkeyTake: UInt16 = 11796
  package var defaultChildkeyTake: UInt16 = 0
  package var minStake = Rao(2_000_000)
  /// 0 is off.
  package var nominatorMinimum = Rao.zero
  package var feeRate: UInt16 = 33
  package var feeDestination = FeeDestination.pool
  package var minReserve = Rao(1_000_000)
  package var maxInputMult: UInt64 = 1000
  package var emissionMode = EmissionMode.flow
  /// Over 2⁶³ - 1.
  package var flowFactor: UInt64 = 29_597_889_189_277
  /// TAO in rao, may be negative.
  package var flowCutoff: Int64 = 0
  package var flowExponent: UInt8 = 1
  package var priceAlphaNum: UInt32 = 3
  package var priceAlphaDen: UInt32 = 1_000_000
  package var priceHalving: UInt32 = 201_600
  /// Q64.
  package var rootSellThreshold: Int128 = 1 << 64
  package var excessMode = ExcessMode.recycle
  package var rootDividendMode = RootDividendMode.swapAtEpoch
  package var claimThreshold = Rao(500_000)

  // Epochs and limits.
  package var maxEpochsPerBlock: UInt64 = 2
  package var minOwnerTempo: UInt16 = 360
  package var maxOwnerTempo: UInt16 = 50400
  package var adminFreezeWindow: UInt64 = 10
  /// Tempos.
  package var ownerHparamRateLimit: UInt32 = 2
  /// Tempos.
  package var weightsVersionRateLimit: UInt32 = 5
  package var txRateLimit: UInt64 = 1000
  package var txDelegateTakeRateLimit: UInt64 = 216_000
  package var txChildkeyTakeRateLimit: UInt64 = 216_000
  package var setChildrenRateLimit: UInt64 = 150
  package var pendingChildkeyCooldown: UInt64 = 7200
  package var ownerHotkeyRateLimit: UInt64 = 50400
  package var hotkeySwapInterval: UInt64 = 7200
  package var coldkeyAnnounceDelay: UInt64 = 36000
  package var coldkeyReannounceDelay: UInt64 = 7200
  package var keySwapCost = Rao(100_000_000)
  package var subnetKeySwapCost = Rao(1_000_000)
  package var mechanismRateLimit: UInt64 = 7200
  package var trimRateLimit: UInt64 = 216_000
  package var maxMechanismCount: UInt8 = 2
  /// Bytes of commitments for one hotkey, subnet and epoch.
  package var commitmentMaxSpace: UInt64 = 3100
  package var commitRevealVersion: UInt32 = 4
  package var beaconRoundBlocks: UInt64 = 5

  // Governance.
  package var governanceMode = GovernanceMode.hybrid
  package var votingPeriod: UInt64 = 50400
  package var enactmentDelay: UInt64 = 7200
  package var proposalDeposit = Rao.tao(100)
  /// Thousandths of the total power.
  package var quorumSimple: UInt16 = 200
  /// Thousandths of the total power.
  package var quorumSuper: UInt16 = 334
  package var maxOpenProposals: UInt16 = 20
  package var maxProposalsPerAccount: UInt16 = 5

  // New subnets.
  package var burnInitial = Rao.tao(1)
  package var newSubnet = Hyperparameters()

  /// The values of a public network.
  package init() {}
}

extension GlobalParameters {
  /// The values of a public network.
  package static let main = GlobalParameters()

  /// The values of a developer's network, where minutes are long.
  package static let local: GlobalParameters = {
    var local = GlobalParameters()
    local.blockTimeMilliseconds = 250
    local.minLockCost = .tao(1)
    local.lockReductionInterval = 100
    local.networkRateLimit = 0
    local.networkImmunityPeriod = 50
    local.autoStart = true
    local.faucetEnabled = true
    local.allowLoopbackEndpoints = true
    local.stakeThreshold = 0
    local.flowFactor = 922_337_203_685_477_580
    local.priceAlphaNum = 1
    local.priceAlphaDen = 10
    local.priceHalving = 10
    local.rootSellThreshold = -1
    local.setLocalLimits()
    local.setLocalNewSubnet()
    return local
  }()

  private mutating func setLocalLimits() {
    maxEpochsPerBlock = 32
    minOwnerTempo = 1
    maxOwnerTempo = 65535
    adminFreezeWindow = 0
    ownerHparamRateLimit = 0
    weightsVersionRateLimit = 0
    txRateLimit = 0
    txDelegateTakeRateLimit = 5
    txChildkeyTakeRateLimit = 5
    setChildrenRateLimit = 1
    pendingChildkeyCooldown = 15
    ownerHotkeyRateLimit = 1
    hotkeySwapInterval = 1
    coldkeyAnnounceDelay = 50
    coldkeyReannounceDelay = 10
    mechanismRateLimit = 1
    trimRateLimit = 1
    maxMechanismCount = 4
    beaconRoundBlocks = 2
    governanceMode = .sudo
    votingPeriod = 60
    enactmentDelay = 10
    proposalDeposit = .tao(1)
  }

  private mutating func setLocalNewSubnet() {
    burnInitial = Rao(100_000_000)
    newSubnet.tempo = 10
    newSubnet.immunityPeriod = 100
    newSubnet.minAllowedUIDs = 2
    newSubnet.weightsRateLimit = 5
    newSubnet.servingRateLimit = 0
    newSubnet.burnHalfLife = 10
    newSubnet.minNonImmuneUIDs = 0
    newSubnet.commitRevealWeightsEnabled = false
  }
}
