/// Every refusal of the ledger, by the number that receipts and events carry.
///
/// A number is never reused or changed; a new name takes the next free number of its group. 0 is success and has no case.
/// Names, meanings and remedies stand in the table of `LedgerErrorCode+Table.swift`, which must name every case to compile.
///
/// Source: registry 21.
package enum LedgerErrorCode: UInt16, CaseIterable, Hashable, Sendable {
  // Admission (1xx): the envelope and the pool of waiting transactions.
  case malformed = 101
  case tooLarge = 102
  case wrongChain = 103
  case wrongVersion = 104
  case expired = 105
  case notYetValid = 106
  case stale = 107
  case future = 108
  case badSignature = 109
  case balanceTooLow = 110
  case chainPaused = 111
  case poolFull = 112
  case tooManyPending = 113
  case tipTooLow = 114

  // General and accounts (2xx).
  case notAuthorized = 201
  case notSubnetOwner = 202
  case nonAssociatedColdKey = 203
  case cannotUseSystemAccount = 204
  case invalidPublicKey = 205
  case hotKeyAccountNotExists = 206
  case hotKeyNotRegisteredInSubNet = 207
  case hotKeyNotRegisteredInNetwork = 208
  case subnetNotExists = 209
  case mechanismDoesNotExist = 210
  case txRateLimitExceeded = 211
  case invalidValue = 212
  case valueNotInBounds = 213
  case unknownParameter = 214
  case invalidIdentity = 215
  case insufficientBalance = 216
  case belowExistentialDeposit = 217
  case notEnoughBalanceToStake = 218
  case faucetDisabled = 219
  case callNotSupported = 220

  // Subnets and parameters (3xx).
  case subNetRegistrationDisabled = 301
  case networkTxRateLimitExceeded = 302
  case subnetLimitReached = 303
  case cannotAffordLockCost = 304
  case alreadyStarted = 305
  case needWaitingMoreBlocksToStart = 306
  case subtokenDisabled = 307
  case symbolDoesNotExist = 308
  case symbolAlreadyInUse = 309
  case adminActionProhibitedDuringWeightsWindow = 310
  case tempoOutOfBounds = 311
  case dynamicTempoBlockedByCommitReveal = 312
  case epochTriggerAlreadyPending = 313
  case autoEpochAlreadyImminent = 314
  case maxAllowedUidsLessThanMinAllowedUids = 315
  case maxAllowedUidsLessThanCurrentUids = 316
  case maxAllowedUidsGreaterThanDefault = 317
  case tooManyUIDsPerMechanism = 318
  case maxValidatorsLargerThanMaxUids = 319
  case activityCutoffFactorMilliOutOfBounds = 320
  case revealPeriodTooSmall = 321
  case revealPeriodTooLarge = 322
  case bondsMovingAverageMaxReached = 323
  case liquidAlphaDisabled = 324
  case alphaHighTooLow = 325
  case alphaLowOutOfRange = 326
  case negativeSigmoidSteepness = 327
  case trimmingWouldExceedMaxImmunePercentage = 328
  case votingPowerTrackingNotEnabled = 329

  // Slots (4xx).
  case registrationNotPermittedOnRootSubnet = 401
  case registrationPriceLimitExceeded = 402
  case hotKeyAlreadyRegisteredInSubNet = 403
  case tooManyRegistrationsThisBlock = 404
  case tooManyRegistrationsThisInterval = 405
  case noNeuronIdAvailable = 406
  case stakeTooLowForRoot = 407

  // Weights (5xx).
  case commitRevealEnabled = 501
  case canNotSetRootNetworkWeights = 502
  case weightVecNotEqualSize = 503
  case uidsLengthExceedUidsInSubNet = 504
  case notEnoughStakeToSetWeights = 505
  case incorrectWeightVersionKey = 506
  case settingWeightsTooFast = 507
  case neuronNoValidatorPermit = 508
  case duplicateUids = 509
  case uidVecContainInvalidOne = 510
  case weightVecLengthIsLow = 511
  case maxWeightExceeded = 512
  case inputLengthsUnequal = 513

  // Commit-reveal and beacon (6xx).
  case commitRevealDisabled = 601
  case committingWeightsTooFast = 602
  case tooManyUnrevealedCommits = 603
  case invalidSaltLength = 604
  case noWeightsCommitFound = 605
  case expiredWeightCommit = 606
  case invalidRevealCommitHashNotMatch = 607
  case revealTooEarly = 608
  case incorrectCommitRevealVersion = 609
  case invalidRevealRound = 610
  case roundInPast = 611
  case keyAlreadyPublished = 612
  case roundNotMature = 613
  case secretMismatch = 614
  case alreadyPublished = 615

  // Serving and commitments (7xx).
  case invalidIpType = 701
  case invalidIpAddress = 702
  case invalidPort = 703
  case servingRateLimitExceeded = 704
  case invalidCertificate = 705
  case accountNotAllowedCommit = 706
  case tooManyFieldsInCommitmentInfo = 707
  case spaceLimitExceeded = 708

  // Children and takes (8xx).
  case duplicateChild = 801
  case invalidChild = 802
  case tooManyChildren = 803
  case proportionOverflow = 804
  case childParentInconsistency = 805
  case notEnoughStakeToSetChildkeys = 806
  case invalidChildkeyTake = 807
  case txChildkeyTakeRateLimitExceeded = 808
  case delegateTakeTooLow = 809
  case delegateTakeTooHigh = 810
  case delegateTxRateLimitExceeded = 811

  // Stake and pools (9xx).
  case amountTooLow = 901
  case notEnoughStakeToWithdraw = 902
  case sameNetuid = 903
  case priceLimitExceeded = 904
  case slippageTooHigh = 905
  case reservesTooLow = 906
  case swapInputTooLarge = 907
  case transferDisallowed = 908
  case cannotBurnOrRecycleOnRootSubnet = 909

  // Key swaps (10xx).
  case newHotKeyIsSameWithOld = 1001
  case hotKeySetTxRateLimitExceeded = 1002
  case newHotKeyNotCleanForRootSwap = 1003
  case hotKeySwapOnSubnetIntervalNotPassed = 1004
  case notEnoughBalanceToPaySwapHotKey = 1005
  case notEnoughBalanceToPaySwapColdKey = 1006
  case coldkeySwapReannouncedTooEarly = 1007
  case coldkeySwapAnnouncementNotFound = 1008
  case announcedColdkeyHashDoesNotMatch = 1009
  case coldkeySwapTooEarly = 1010
  case coldKeyAlreadyAssociated = 1011
  case newColdKeyIsHotkey = 1012
  case coldkeySwapAlreadyDisputed = 1013
  case coldkeySwapClearTooEarly = 1014
  case coldkeySwapAnnounced = 1015
  case coldkeySwapDisputed = 1016

  // Calls in calls (11xx).
  case noSelfProxy = 1101
  case duplicate = 1102
  case tooMany = 1103
  case notFound = 1104
  case notProxy = 1105
  case unannounced = 1106
  case noPermission = 1107
  case nestedBatch = 1108
  case tooManyCalls = 1109

  // Governance (12xx).
  case tooManyProposals = 1201
  case tooManyProposalsByAccount = 1202
  case invalidProposal = 1203
  case proposalNotFound = 1204
  case votingClosed = 1205
  case notInElectorate = 1206
  case stakeTooRecent = 1207
  case notEnoughStake = 1208
  case alreadyObjected = 1209
}
