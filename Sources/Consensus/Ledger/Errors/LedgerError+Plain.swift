package import Primitives

/// Refusals without values, so that a rule reads `throw .subnetNotExists`; `with` adds what the check looked at.
extension LedgerError {
  package static var malformed: LedgerError { LedgerError(.malformed) }
  package static var tooLarge: LedgerError { LedgerError(.tooLarge) }
  package static var wrongChain: LedgerError { LedgerError(.wrongChain) }
  package static var wrongVersion: LedgerError { LedgerError(.wrongVersion) }
  package static var expired: LedgerError { LedgerError(.expired) }
  package static var notYetValid: LedgerError { LedgerError(.notYetValid) }
  package static var stale: LedgerError { LedgerError(.stale) }
  package static var future: LedgerError { LedgerError(.future) }
  package static var badSignature: LedgerError { LedgerError(.badSignature) }
  package static var balanceTooLow: LedgerError { LedgerError(.balanceTooLow) }
  package static var chainPaused: LedgerError { LedgerError(.chainPaused) }
  package static var poolFull: LedgerError { LedgerError(.poolFull) }
  package static var tooManyPending: LedgerError { LedgerError(.tooManyPending) }
  package static var tipTooLow: LedgerError { LedgerError(.tipTooLow) }
  package static var notAuthorized: LedgerError { LedgerError(.notAuthorized) }
  package static var notSubnetOwner: LedgerError { LedgerError(.notSubnetOwner) }
  package static var nonAssociatedColdKey: LedgerError { LedgerError(.nonAssociatedColdKey) }
  package static var cannotUseSystemAccount: LedgerError { LedgerError(.cannotUseSystemAccount) }
  package static var invalidPublicKey: LedgerError { LedgerError(.invalidPublicKey) }
  package static var hotKeyAccountNotExists: LedgerError { LedgerError(.hotKeyAccountNotExists) }
  package static var hotKeyNotRegisteredInSubNet: LedgerError { LedgerError(.hotKeyNotRegisteredInSubNet) }
  package static var hotKeyNotRegisteredInNetwork: LedgerError { LedgerError(.hotKeyNotRegisteredInNetwork) }
  package static var subnetNotExists: LedgerError { LedgerError(.subnetNotExists) }
  package static var mechanismDoesNotExist: LedgerError { LedgerError(.mechanismDoesNotExist) }
  package static var txRateLimitExceeded: LedgerError { LedgerError(.txRateLimitExceeded) }
  package static var invalidValue: LedgerError { LedgerError(.invalidValue) }
  package static var valueNotInBounds: LedgerError { LedgerError(.valueNotInBounds) }
  package static var unknownParameter: LedgerError { LedgerError(.unknownParameter) }
  package static var invalidIdentity: LedgerError { LedgerError(.invalidIdentity) }
  package static var insufficientBalance: LedgerError { LedgerError(.insufficientBalance) }
  package static var belowExistentialDeposit: LedgerError { LedgerError(.belowExistentialDeposit) }
  package static var notEnoughBalanceToStake: LedgerError { LedgerError(.notEnoughBalanceToStake) }
  package static var faucetDisabled: LedgerError { LedgerError(.faucetDisabled) }
  package static var callNotSupported: LedgerError { LedgerError(.callNotSupported) }
  package static var subNetRegistrationDisabled: LedgerError { LedgerError(.subNetRegistrationDisabled) }
  package static var networkTxRateLimitExceeded: LedgerError { LedgerError(.networkTxRateLimitExceeded) }
  package static var subnetLimitReached: LedgerError { LedgerError(.subnetLimitReached) }
  package static var cannotAffordLockCost: LedgerError { LedgerError(.cannotAffordLockCost) }
  package static var alreadyStarted: LedgerError { LedgerError(.alreadyStarted) }
  package static var needWaitingMoreBlocksToStart: LedgerError { LedgerError(.needWaitingMoreBlocksToStart) }
  package static var subtokenDisabled: LedgerError { LedgerError(.subtokenDisabled) }
  package static var symbolDoesNotExist: LedgerError { LedgerError(.symbolDoesNotExist) }
  package static var symbolAlreadyInUse: LedgerError { LedgerError(.symbolAlreadyInUse) }
  package static var adminActionProhibitedDuringWeightsWindow: LedgerError {
    LedgerError(.adminActionProhibitedDuringWeightsWindow)
  }
  package static var tempoOutOfBounds: LedgerError { LedgerError(.tempoOutOfBounds) }
  package static var dynamicTempoBlockedByCommitReveal: LedgerError { LedgerError(.dynamicTempoBlockedByCommitReveal) }
  package static var epochTriggerAlreadyPending: LedgerError { LedgerError(.epochTriggerAlreadyPending) }
  package static var autoEpochAlreadyImminent: LedgerError { LedgerError(.autoEpochAlreadyImminent) }
  package static var maxAllowedUidsLessThanMinAllowedUids: LedgerError {
    LedgerError(.maxAllowedUidsLessThanMinAllowedUids)
  }
  package static var maxAllowedUidsLessThanCurrentUids: LedgerError { LedgerError(.maxAllowedUidsLessThanCurrentUids) }
  package static var maxAllowedUidsGreaterThanDefault: LedgerError { LedgerError(.maxAllowedUidsGreaterThanDefault) }
  package static var tooManyUIDsPerMechanism: LedgerError { LedgerError(.tooManyUIDsPerMechanism) }
  package static var maxValidatorsLargerThanMaxUids: LedgerError { LedgerError(.maxValidatorsLargerThanMaxUids) }
  package static var activityCutoffFactorMilliOutOfBounds: LedgerError {
    LedgerError(.activityCutoffFactorMilliOutOfBounds)
  }
  package static var revealPeriodTooSmall: LedgerError { LedgerError(.revealPeriodTooSmall) }
  package static var revealPeriodTooLarge: LedgerError { LedgerError(.revealPeriodTooLarge) }
  package static var bondsMovingAverageMaxReached: LedgerError { LedgerError(.bondsMovingAverageMaxReached) }
  package static var liquidAlphaDisabled: LedgerError { LedgerError(.liquidAlphaDisabled) }
  package static var alphaHighTooLow: LedgerError { LedgerError(.alphaHighTooLow) }
  package static var alphaLowOutOfRange: LedgerError { LedgerError(.alphaLowOutOfRange) }
  package static var negativeSigmoidSteepness: LedgerError { LedgerError(.negativeSigmoidSteepness) }
  package static var trimmingWouldExceedMaxImmunePercentage: LedgerError {
    LedgerError(.trimmingWouldExceedMaxImmunePercentage)
  }
  package static var votingPowerTrackingNotEnabled: LedgerError { LedgerError(.votingPowerTrackingNotEnabled) }
  package static var registrationNotPermittedOnRootSubnet: LedgerError {
    LedgerError(.registrationNotPermittedOnRootSubnet)
  }
  package static var registrationPriceLimitExceeded: LedgerError { LedgerError(.registrationPriceLimitExceeded) }
  package static var hotKeyAlreadyRegisteredInSubNet: LedgerError { LedgerError(.hotKeyAlreadyRegisteredInSubNet) }
  package static var tooManyRegistrationsThisBlock: LedgerError { LedgerError(.tooManyRegistrationsThisBlock) }
  package static var tooManyRegistrationsThisInterval: LedgerError { LedgerError(.tooManyRegistrationsThisInterval) }
  package static var noNeuronIdAvailable: LedgerError { LedgerError(.noNeuronIdAvailable) }
  package static var stakeTooLowForRoot: LedgerError { LedgerError(.stakeTooLowForRoot) }
  package static var commitRevealEnabled: LedgerError { LedgerError(.commitRevealEnabled) }
  package static var canNotSetRootNetworkWeights: LedgerError { LedgerError(.canNotSetRootNetworkWeights) }
  package static var weightVecNotEqualSize: LedgerError { LedgerError(.weightVecNotEqualSize) }
  package static var uidsLengthExceedUidsInSubNet: LedgerError { LedgerError(.uidsLengthExceedUidsInSubNet) }
  package static var notEnoughStakeToSetWeights: LedgerError { LedgerError(.notEnoughStakeToSetWeights) }
  package static var incorrectWeightVersionKey: LedgerError { LedgerError(.incorrectWeightVersionKey) }
  package static var settingWeightsTooFast: LedgerError { LedgerError(.settingWeightsTooFast) }
  package static var neuronNoValidatorPermit: LedgerError { LedgerError(.neuronNoValidatorPermit) }
  package static var duplicateUids: LedgerError { LedgerError(.duplicateUids) }
  package static var uidVecContainInvalidOne: LedgerError { LedgerError(.uidVecContainInvalidOne) }
  package static var weightVecLengthIsLow: LedgerError { LedgerError(.weightVecLengthIsLow) }
  package static var maxWeightExceeded: LedgerError { LedgerError(.maxWeightExceeded) }
  package static var inputLengthsUnequal: LedgerError { LedgerError(.inputLengthsUnequal) }
  package static var commitRevealDisabled: LedgerError { LedgerError(.commitRevealDisabled) }
  package static var committingWeightsTooFast: LedgerError { LedgerError(.committingWeightsTooFast) }
  package static var tooManyUnrevealedCommits: LedgerError { LedgerError(.tooManyUnrevealedCommits) }
  package static var invalidSaltLength: LedgerError { LedgerError(.invalidSaltLength) }
  package static var noWeightsCommitFound: LedgerError { LedgerError(.noWeightsCommitFound) }
  package static var expiredWeightCommit: LedgerError { LedgerError(.expiredWeightCommit) }
  package static var invalidRevealCommitHashNotMatch: LedgerError { LedgerError(.invalidRevealCommitHashNotMatch) }
  package static var revealTooEarly: LedgerError { LedgerError(.revealTooEarly) }
  package static var incorrectCommitRevealVersion: LedgerError { LedgerError(.incorrectCommitRevealVersion) }
  package static var invalidRevealRound: LedgerError { LedgerError(.invalidRevealRound) }
  package static var roundInPast: LedgerError { LedgerError(.roundInPast) }
  package static var keyAlreadyPublished: LedgerError { LedgerError(.keyAlreadyPublished) }
  package static var roundNotMature: LedgerError { LedgerError(.roundNotMature) }
  package static var secretMismatch: LedgerError { LedgerError(.secretMismatch) }
  package static var alreadyPublished: LedgerError { LedgerError(.alreadyPublished) }
  package static var invalidIpType: LedgerError { LedgerError(.invalidIpType) }
  package static var invalidIpAddress: LedgerError { LedgerError(.invalidIpAddress) }
  package static var invalidPort: LedgerError { LedgerError(.invalidPort) }
  package static var servingRateLimitExceeded: LedgerError { LedgerError(.servingRateLimitExceeded) }
  package static var invalidCertificate: LedgerError { LedgerError(.invalidCertificate) }
  package static var accountNotAllowedCommit: LedgerError { LedgerError(.accountNotAllowedCommit) }
  package static var tooManyFieldsInCommitmentInfo: LedgerError { LedgerError(.tooManyFieldsInCommitmentInfo) }
  package static var spaceLimitExceeded: LedgerError { LedgerError(.spaceLimitExceeded) }
  package static var duplicateChild: LedgerError { LedgerError(.duplicateChild) }
  package static var invalidChild: LedgerError { LedgerError(.invalidChild) }
  package static var tooManyChildren: LedgerError { LedgerError(.tooManyChildren) }
  package static var proportionOverflow: LedgerError { LedgerError(.proportionOverflow) }
  package static var childParentInconsistency: LedgerError { LedgerError(.childParentInconsistency) }
  package static var notEnoughStakeToSetChildkeys: LedgerError { LedgerError(.notEnoughStakeToSetChildkeys) }
  package static var invalidChildkeyTake: LedgerError { LedgerError(.invalidChildkeyTake) }
  package static var txChildkeyTakeRateLimitExceeded: LedgerError { LedgerError(.txChildkeyTakeRateLimitExceeded) }
  package static var delegateTakeTooLow: LedgerError { LedgerError(.delegateTakeTooLow) }
  package static var delegateTakeTooHigh: LedgerError { LedgerError(.delegateTakeTooHigh) }
  package static var delegateTxRateLimitExceeded: LedgerError { LedgerError(.delegateTxRateLimitExceeded) }
  package static var amountTooLow: LedgerError { LedgerError(.amountTooLow) }
  package static var notEnoughStakeToWithdraw: LedgerError { LedgerError(.notEnoughStakeToWithdraw) }
  package static var sameNetuid: LedgerError { LedgerError(.sameNetuid) }
  package static var priceLimitExceeded: LedgerError { LedgerError(.priceLimitExceeded) }
  package static var slippageTooHigh: LedgerError { LedgerError(.slippageTooHigh) }
  package static var reservesTooLow: LedgerError { LedgerError(.reservesTooLow) }
  package static var swapInputTooLarge: LedgerError { LedgerError(.swapInputTooLarge) }
  package static var transferDisallowed: LedgerError { LedgerError(.transferDisallowed) }
  package static var cannotBurnOrRecycleOnRootSubnet: LedgerError { LedgerError(.cannotBurnOrRecycleOnRootSubnet) }
  package static var newHotKeyIsSameWithOld: LedgerError { LedgerError(.newHotKeyIsSameWithOld) }
  package static var hotKeySetTxRateLimitExceeded: LedgerError { LedgerError(.hotKeySetTxRateLimitExceeded) }
  package static var newHotKeyNotCleanForRootSwap: LedgerError { LedgerError(.newHotKeyNotCleanForRootSwap) }
  package static var hotKeySwapOnSubnetIntervalNotPassed: LedgerError {
    LedgerError(.hotKeySwapOnSubnetIntervalNotPassed)
  }
  package static var notEnoughBalanceToPaySwapHotKey: LedgerError { LedgerError(.notEnoughBalanceToPaySwapHotKey) }
  package static var notEnoughBalanceToPaySwapColdKey: LedgerError { LedgerError(.notEnoughBalanceToPaySwapColdKey) }
  package static var coldkeySwapReannouncedTooEarly: LedgerError { LedgerError(.coldkeySwapReannouncedTooEarly) }
  package static var coldkeySwapAnnouncementNotFound: LedgerError { LedgerError(.coldkeySwapAnnouncementNotFound) }
  package static var announcedColdkeyHashDoesNotMatch: LedgerError { LedgerError(.announcedColdkeyHashDoesNotMatch) }
  package static var coldkeySwapTooEarly: LedgerError { LedgerError(.coldkeySwapTooEarly) }
  package static var coldKeyAlreadyAssociated: LedgerError { LedgerError(.coldKeyAlreadyAssociated) }
  package static var newColdKeyIsHotkey: LedgerError { LedgerError(.newColdKeyIsHotkey) }
  package static var coldkeySwapAlreadyDisputed: LedgerError { LedgerError(.coldkeySwapAlreadyDisputed) }
  package static var coldkeySwapClearTooEarly: LedgerError { LedgerError(.coldkeySwapClearTooEarly) }
  package static var coldkeySwapAnnounced: LedgerError { LedgerError(.coldkeySwapAnnounced) }
  package static var coldkeySwapDisputed: LedgerError { LedgerError(.coldkeySwapDisputed) }
  package static var noSelfProxy: LedgerError { LedgerError(.noSelfProxy) }
  package static var duplicate: LedgerError { LedgerError(.duplicate) }
  package static var tooMany: LedgerError { LedgerError(.tooMany) }
  package static var notFound: LedgerError { LedgerError(.notFound) }
  package static var notProxy: LedgerError { LedgerError(.notProxy) }
  package static var unannounced: LedgerError { LedgerError(.unannounced) }
  package static var noPermission: LedgerError { LedgerError(.noPermission) }
  package static var nestedBatch: LedgerError { LedgerError(.nestedBatch) }
  package static var tooManyCalls: LedgerError { LedgerError(.tooManyCalls) }
  package static var tooManyProposals: LedgerError { LedgerError(.tooManyProposals) }
  package static var tooManyProposalsByAccount: LedgerError { LedgerError(.tooManyProposalsByAccount) }
  package static var invalidProposal: LedgerError { LedgerError(.invalidProposal) }
  package static var proposalNotFound: LedgerError { LedgerError(.proposalNotFound) }
  package static var votingClosed: LedgerError { LedgerError(.votingClosed) }
  package static var notInElectorate: LedgerError { LedgerError(.notInElectorate) }
  package static var stakeTooRecent: LedgerError { LedgerError(.stakeTooRecent) }
  package static var notEnoughStake: LedgerError { LedgerError(.notEnoughStake) }
  package static var alreadyObjected: LedgerError { LedgerError(.alreadyObjected) }
}

/// Refusals that name an amount.
extension LedgerError {
  package static func insufficientBalance(missing: Rao) -> LedgerError { insufficientBalance.with("missing", missing) }
  package static func notEnoughBalanceToStake(missing: Rao) -> LedgerError {
    notEnoughBalanceToStake.with("missing", missing)
  }
  package static func balanceTooLow(missing: Rao) -> LedgerError { balanceTooLow.with("missing", missing) }
  package static func cannotAffordLockCost(_ cost: Rao, missing: Rao) -> LedgerError {
    cannotAffordLockCost.with("lock_cost", cost).with("missing", missing)
  }
  package static func registrationPriceLimitExceeded(price: Rao, limit: Rao) -> LedgerError {
    registrationPriceLimitExceeded.with("price", price).with("max_price", limit)
  }
}
