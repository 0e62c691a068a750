extension LedgerErrorCode {
  /// The row of a code in the table of registry 21.
  struct Row: Sendable {
    let name: String
    let meaning: String
    let remedy: String
    let curedBy: Cure

    init(_ name: String, _ meaning: String, _ remedy: String, _ curedBy: Cure) {
      self.name = name
      self.meaning = meaning
      self.remedy = remedy
      self.curedBy = curedBy
    }
  }

  /// One exhaustive switch: a case without its words does not compile.
  var row: Row {
    switch self {
    // Admission (1xx): the envelope and the pool of waiting transactions.
    case .malformed:
      Row("Malformed", "bytes do not decode, unknown field, value outside its type", "correct the encoding", .caller)
    case .tooLarge:
      Row("TooLarge", "over 64 KiB", "split the work", .caller)
    case .wrongChain:
      Row("WrongChain", "signed for another genesis", "use this chain's id", .caller)
    case .wrongVersion:
      Row("WrongVersion", "spec version differs", "update the client, sign again", .caller)
    case .expired:
      Row("Expired", "block after the mortality window", "sign again with a new birth block", .caller)
    case .notYetValid:
      Row("NotYetValid", "birth block not yet reached", "wait, or correct the birth block", .time)
    case .stale:
      Row("Stale", "nonce already used", "read the nonce, sign again", .caller)
    case .future:
      Row("Future", "nonce more than 64 ahead, or a gap at execution", "send the missing ones first", .others)
    case .badSignature:
      Row("BadSignature", "signature or key fails the strict rules", "sign again with the right key", .caller)
    case .balanceTooLow:
      Row("BalanceTooLow", "fee, tip or deposit not covered", "fund the account", .caller)
    case .chainPaused:
      Row("ChainPaused", "safe mode lets only a few calls pass", "wait until governance resumes", .others)
    case .poolFull:
      Row("PoolFull", "mempool has no place of this class", "retry later, or a higher tip", .others)
    case .tooManyPending:
      Row("TooManyPending", "signer's places in the mempool are taken", "wait for inclusion", .time)
    case .tipTooLow:
      Row("TipTooLow", "same signer and nonce pending with as good a tip", "raise the tip by 10 %", .caller)
    // General and accounts (2xx).
    case .notAuthorized:
      Row("NotAuthorized", "wrong origin", "use the right key, Sudo or a proposal", .caller)
    case .notSubnetOwner:
      Row("NotSubnetOwner", "caller is not the owner coldkey", "sign as owner", .caller)
    case .nonAssociatedColdKey:
      Row(
        "NonAssociatedColdKey", "hotkey belongs to another coldkey", "sign with its coldkey, or take another hotkey",
        .caller)
    case .cannotUseSystemAccount:
      Row("CannotUseSystemAccount", "derived account named", "name another account", .caller)
    case .invalidPublicKey:
      Row("InvalidPublicKey", "small-order or non-canonical key", "name a proper key", .caller)
    case .hotKeyAccountNotExists:
      Row("HotKeyAccountNotExists", "hotkey has no owner yet", "AssociateHotkey or register first", .caller)
    case .hotKeyNotRegisteredInSubNet:
      Row("HotKeyNotRegisteredInSubNet", "hotkey holds no uid there", "register", .caller)
    case .hotKeyNotRegisteredInNetwork:
      Row(
        "HotKeyNotRegisteredInNetwork", "hotkey (or any hotkey of the coldkey) holds no uid where one is needed",
        "register", .caller)
    case .subnetNotExists:
      Row("SubnetNotExists", "no such netuid", "choose another", .others)
    case .mechanismDoesNotExist:
      Row("MechanismDoesNotExist", "no such subnet or mechid", "choose another", .others)
    case .txRateLimitExceeded:
      Row("TxRateLimitExceeded", "too soon after the last call of this kind", "wait for the limit", .time)
    case .invalidValue:
      Row("InvalidValue", "argument not admissible", "correct it", .caller)
    case .valueNotInBounds:
      Row("ValueNotInBounds", "parameter outside its bounds", "choose a value within", .caller)
    case .unknownParameter:
      Row("UnknownParameter", "no parameter of that name", "correct the name", .caller)
    case .invalidIdentity:
      Row("InvalidIdentity", "identity field or total too long", "shorten", .caller)
    case .insufficientBalance:
      Row("InsufficientBalance", "free balance below the amount", "lower the amount or fund", .caller)
    case .belowExistentialDeposit:
      Row("BelowExistentialDeposit", "new account would hold under 500 rao", "send more", .caller)
    case .notEnoughBalanceToStake:
      Row("NotEnoughBalanceToStake", "free balance below stake, price or deposit", "fund", .caller)
    case .faucetDisabled:
      Row("FaucetDisabled", "no faucet on this chain", "nothing to be done", .caller)
    case .callNotSupported:
      Row("CallNotSupported", "this chain does not execute the call yet", "use another call", .caller)
    // Subnets and parameters (3xx).
    case .subNetRegistrationDisabled:
      Row(
        "SubNetRegistrationDisabled", "registration closed, or not yet open", "wait for root or the start block",
        .others)
    case .networkTxRateLimitExceeded:
      Row("NetworkTxRateLimitExceeded", "a subnet was created too recently", "wait", .time)
    case .subnetLimitReached:
      Row("SubnetLimitReached", "all places taken, none prunable", "wait until one leaves immunity", .time)
    case .cannotAffordLockCost:
      Row("CannotAffordLockCost", "balance below the lock cost", "fund, or wait: the cost falls", .time)
    case .alreadyStarted:
      Row("AlreadyStarted", "subnet runs", "nothing to do", .caller)
    case .needWaitingMoreBlocksToStart:
      Row("NeedWaitingMoreBlocksToStart", "start delay not over", "wait", .time)
    case .subtokenDisabled:
      Row("SubtokenDisabled", "subnet not started", "wait for the owner's start", .others)
    case .symbolDoesNotExist:
      Row("SymbolDoesNotExist", "not in the list", "choose from it", .caller)
    case .symbolAlreadyInUse:
      Row("SymbolAlreadyInUse", "taken by another subnet", "choose another", .others)
    case .adminActionProhibitedDuringWeightsWindow:
      Row("AdminActionProhibitedDuringWeightsWindow", "freeze window before an epoch", "retry after the epoch", .time)
    case .tempoOutOfBounds:
      Row("TempoOutOfBounds", "tempo outside the owner's range", "choose within", .caller)
    case .dynamicTempoBlockedByCommitReveal:
      Row("DynamicTempoBlockedByCommitReveal", "trigger while commit-reveal is on", "switch it off first", .caller)
    case .epochTriggerAlreadyPending:
      Row("EpochTriggerAlreadyPending", "an epoch is already requested", "wait for it", .time)
    case .autoEpochAlreadyImminent:
      Row("AutoEpochAlreadyImminent", "the regular epoch is near", "wait for it", .time)
    case .maxAllowedUidsLessThanMinAllowedUids:
      Row("MaxAllowedUidsLessThanMinAllowedUids", "below min_allowed_uids", "choose more", .caller)
    case .maxAllowedUidsLessThanCurrentUids:
      Row("MaxAllowedUidsLessThanCurrentUids", "below n", "trim first", .caller)
    case .maxAllowedUidsGreaterThanDefault:
      Row("MaxAllowedUidsGreaterThanDefault", "above 256", "choose less", .caller)
    case .tooManyUIDsPerMechanism:
      Row("TooManyUIDsPerMechanism", "uids times mechanisms above 256", "lower one of them", .caller)
    case .maxValidatorsLargerThanMaxUids:
      Row("MaxValidatorsLargerThanMaxUids", "above max_allowed_uids", "choose less", .caller)
    case .activityCutoffFactorMilliOutOfBounds:
      Row("ActivityCutoffFactorMilliOutOfBounds", "outside 1000..50000", "choose within", .caller)
    case .revealPeriodTooSmall:
      Row("RevealPeriodTooSmall", "below 1", "choose within", .caller)
    case .revealPeriodTooLarge:
      Row("RevealPeriodTooLarge", "above 100", "choose within", .caller)
    case .bondsMovingAverageMaxReached:
      Row("BondsMovingAverageMaxReached", "owner above 975000", "choose less", .caller)
    case .liquidAlphaDisabled:
      Row("LiquidAlphaDisabled", "liquid alpha is off", "switch it on first", .caller)
    case .alphaHighTooLow:
      Row("AlphaHighTooLow", "high below 1638", "choose more", .caller)
    case .alphaLowOutOfRange:
      Row("AlphaLowOutOfRange", "low below 1638 or above high", "choose within", .caller)
    case .negativeSigmoidSteepness:
      Row("NegativeSigmoidSteepness", "negative value from an owner", "choose 0 or more", .caller)
    case .trimmingWouldExceedMaxImmunePercentage:
      Row(
        "TrimmingWouldExceedMaxImmunePercentage", "too many immune uids for max_n",
        "larger max_n, or wait for immunity to end", .time)
    case .votingPowerTrackingNotEnabled:
      Row("VotingPowerTrackingNotEnabled", "nothing to disable", "nothing to be done", .caller)
    // Slots (4xx).
    case .registrationNotPermittedOnRootSubnet:
      Row(
        "RegistrationNotPermittedOnRootSubnet", "call not meant for netuid 0", "RootRegister, or another subnet",
        .caller)
    case .registrationPriceLimitExceeded:
      Row("RegistrationPriceLimitExceeded", "price above max_price", "wait for decay, or raise the limit", .time)
    case .hotKeyAlreadyRegisteredInSubNet:
      Row("HotKeyAlreadyRegisteredInSubNet", "hotkey already holds a uid", "nothing to do, or another hotkey", .caller)
    case .tooManyRegistrationsThisBlock:
      Row("TooManyRegistrationsThisBlock", "block quota used", "next block", .time)
    case .tooManyRegistrationsThisInterval:
      Row("TooManyRegistrationsThisInterval", "interval quota used", "next interval", .time)
    case .noNeuronIdAvailable:
      Row("NoNeuronIdAvailable", "full and every uid protected", "wait for immunity to end", .time)
    case .stakeTooLowForRoot:
      Row("StakeTooLowForRoot", "root full, stake not above the lowest", "stake more on root", .caller)
    // Weights (5xx).
    case .commitRevealEnabled:
      Row("CommitRevealEnabled", "plain weights refused here", "CommitWeights and RevealWeights", .others)
    case .canNotSetRootNetworkWeights:
      Row("CanNotSetRootNetworkWeights", "root has no weights", "another subnet", .caller)
    case .weightVecNotEqualSize:
      Row("WeightVecNotEqualSize", "uids and values differ in number", "correct", .caller)
    case .uidsLengthExceedUidsInSubNet:
      Row("UidsLengthExceedUidsInSubNet", "more entries than uids", "shorten", .caller)
    case .notEnoughStakeToSetWeights:
      Row("NotEnoughStakeToSetWeights", "stake weight under stake_threshold", "stake more", .caller)
    case .incorrectWeightVersionKey:
      Row("IncorrectWeightVersionKey", "version_key below weights_version", "update the validator", .caller)
    case .settingWeightsTooFast:
      Row("SettingWeightsTooFast", "weights_rate_limit since last_update not over", "wait", .time)
    case .neuronNoValidatorPermit:
      Row("NeuronNoValidatorPermit", "no permit from the last epoch", "stake more and wait for an epoch", .time)
    case .duplicateUids:
      Row("DuplicateUids", "a uid appears twice", "correct", .caller)
    case .uidVecContainInvalidOne:
      Row("UidVecContainInvalidOne", "a uid is not below n", "read the metagraph again", .caller)
    case .weightVecLengthIsLow:
      Row("WeightVecLengthIsLow", "fewer entries than min_allowed_weights", "add entries (zeros count)", .caller)
    case .maxWeightExceeded:
      Row("MaxWeightExceeded", "largest share above the limit", "spread the weights", .caller)
    case .inputLengthsUnequal:
      Row("InputLengthsUnequal", "lists of an item differ in number", "correct", .caller)
    // Commit-reveal and beacon (6xx).
    case .commitRevealDisabled:
      Row("CommitRevealDisabled", "commit-reveal is off", "SetWeights", .others)
    case .committingWeightsTooFast:
      Row("CommittingWeightsTooFast", "weights_rate_limit since last_update not over", "wait", .time)
    case .tooManyUnrevealedCommits:
      Row("TooManyUnrevealedCommits", "10 commits open", "reveal, or wait until they expire", .time)
    case .invalidSaltLength:
      Row("InvalidSaltLength", "salt not 8 to 64 bytes", "commit again with another salt", .caller)
    case .noWeightsCommitFound:
      Row("NoWeightsCommitFound", "no live commit", "commit first", .caller)
    case .expiredWeightCommit:
      Row("ExpiredWeightCommit", "reveal window is over", "commit again", .caller)
    case .invalidRevealCommitHashNotMatch:
      Row(
        "InvalidRevealCommitHashNotMatch", "no live commit has this hash", "send the committed values and salt", .caller
      )
    case .revealTooEarly:
      Row("RevealTooEarly", "window not yet open", "wait for the reveal epoch", .time)
    case .incorrectCommitRevealVersion:
      Row("IncorrectCommitRevealVersion", "version differs from commit_reveal_version", "update the client", .caller)
    case .invalidRevealRound:
      Row("InvalidRevealRound", "round already known", "choose a later round", .caller)
    case .roundInPast:
      Row("RoundInPast", "keys for a round that has begun", "publish later rounds", .caller)
    case .keyAlreadyPublished:
      Row("KeyAlreadyPublished", "round has a key of this authority", "nothing to be done", .caller)
    case .roundNotMature:
      Row("RoundNotMature", "secret before block (round+1) x B", "wait", .time)
    case .secretMismatch:
      Row("SecretMismatch", "secret does not give the published key", "send the right one", .caller)
    case .alreadyPublished:
      Row("AlreadyPublished", "secret already there", "nothing to be done", .caller)
    // Serving and commitments (7xx).
    case .invalidIpType:
      Row("InvalidIpType", "neither 4 nor 6", "correct", .caller)
    case .invalidIpAddress:
      Row(
        "InvalidIpAddress", "length does not fit ip_type, or address not allowed", "give a reachable address", .caller)
    case .invalidPort:
      Row("InvalidPort", "port 0", "correct", .caller)
    case .servingRateLimitExceeded:
      Row("ServingRateLimitExceeded", "serving_rate_limit not over", "wait", .time)
    case .invalidCertificate:
      Row("InvalidCertificate", "certificate malformed", "correct", .caller)
    case .accountNotAllowedCommit:
      Row("AccountNotAllowedCommit", "hotkey not registered on that subnet", "register", .caller)
    case .tooManyFieldsInCommitmentInfo:
      Row("TooManyFieldsInCommitmentInfo", "more than 3 fields", "fewer fields", .caller)
    case .spaceLimitExceeded:
      Row("SpaceLimitExceeded", "quota of this epoch used", "next epoch, or shorter", .time)
    // Children and takes (8xx).
    case .duplicateChild:
      Row("DuplicateChild", "a child appears twice", "correct", .caller)
    case .invalidChild:
      Row("InvalidChild", "hotkey named as its own child", "correct", .caller)
    case .tooManyChildren:
      Row("TooManyChildren", "more than 5", "fewer", .caller)
    case .proportionOverflow:
      Row("ProportionOverflow", "sum above 2^64-1", "lower", .caller)
    case .childParentInconsistency:
      Row("ChildParentInconsistency", "child is a parent of this hotkey", "dissolve the other relation first", .others)
    case .notEnoughStakeToSetChildkeys:
      Row("NotEnoughStakeToSetChildkeys", "own total stake under stake_threshold", "stake more", .caller)
    case .invalidChildkeyTake:
      Row("InvalidChildkeyTake", "outside the range", "choose within", .caller)
    case .txChildkeyTakeRateLimitExceeded:
      Row("TxChildkeyTakeRateLimitExceeded", "raised too soon after the last change", "wait", .time)
    case .delegateTakeTooLow:
      Row("DelegateTakeTooLow", "below the minimum, or not a change in the call's direction", "correct", .caller)
    case .delegateTakeTooHigh:
      Row("DelegateTakeTooHigh", "above the maximum", "choose less", .caller)
    case .delegateTxRateLimitExceeded:
      Row("DelegateTxRateLimitExceeded", "raised too soon after the last change", "wait", .time)
    // Stake and pools (9xx).
    case .amountTooLow:
      Row("AmountTooLow", "zero, under the minimum, or too small for one unit out", "larger amount", .caller)
    case .notEnoughStakeToWithdraw:
      Row(
        "NotEnoughStakeToWithdraw", "stake smaller than the amount, or locked by a vote",
        "lower it, or wait for the proposal to close", .caller)
    case .sameNetuid:
      Row("SameNetuid", "origin equals destination", "correct", .caller)
    case .priceLimitExceeded:
      Row("PriceLimitExceeded", "price is beyond the limit already", "other limit, or wait", .others)
    case .slippageTooHigh:
      Row("SlippageTooHigh", "whole amount would pass the limit", "less, allow_partial, or other limit", .others)
    case .reservesTooLow:
      Row("ReservesTooLow", "pool under min_reserve", "wait for liquidity", .others)
    case .swapInputTooLarge:
      Row("SwapInputTooLarge", "input above 1000 times the reserve", "less", .others)
    case .transferDisallowed:
      Row("TransferDisallowed", "a subnet forbids stake transfer", "MoveStake, or ask its owner", .others)
    case .cannotBurnOrRecycleOnRootSubnet:
      Row("CannotBurnOrRecycleOnRootSubnet", "root stake is TAO", "another netuid", .caller)
    // Key swaps (10xx).
    case .newHotKeyIsSameWithOld:
      Row("NewHotKeyIsSameWithOld", "same key", "another key", .caller)
    case .hotKeySetTxRateLimitExceeded:
      Row("HotKeySetTxRateLimitExceeded", "tx_rate_limit not over", "wait", .time)
    case .newHotKeyNotCleanForRootSwap:
      Row("NewHotKeyNotCleanForRootSwap", "new key has root stake or claims", "a fresh key", .caller)
    case .hotKeySwapOnSubnetIntervalNotPassed:
      Row("HotKeySwapOnSubnetIntervalNotPassed", "swapped on this subnet lately", "wait", .time)
    case .notEnoughBalanceToPaySwapHotKey:
      Row("NotEnoughBalanceToPaySwapHotKey", "cost not covered", "fund", .caller)
    case .notEnoughBalanceToPaySwapColdKey:
      Row("NotEnoughBalanceToPaySwapColdKey", "cost not covered", "fund", .caller)
    case .coldkeySwapReannouncedTooEarly:
      Row("ColdkeySwapReannouncedTooEarly", "re-announcement delay not over", "wait", .time)
    case .coldkeySwapAnnouncementNotFound:
      Row("ColdkeySwapAnnouncementNotFound", "nothing announced", "announce first", .caller)
    case .announcedColdkeyHashDoesNotMatch:
      Row("AnnouncedColdkeyHashDoesNotMatch", "other key than announced", "use the announced one", .caller)
    case .coldkeySwapTooEarly:
      Row("ColdkeySwapTooEarly", "announcement delay not over", "wait", .time)
    case .coldKeyAlreadyAssociated:
      Row("ColdKeyAlreadyAssociated", "new coldkey has staking hotkeys", "a fresh key", .caller)
    case .newColdKeyIsHotkey:
      Row("NewColdKeyIsHotkey", "new coldkey is a hotkey", "a fresh key", .caller)
    case .coldkeySwapAlreadyDisputed:
      Row("ColdkeySwapAlreadyDisputed", "dispute stands", "wait for root", .others)
    case .coldkeySwapClearTooEarly:
      Row("ColdkeySwapClearTooEarly", "clearing delay not over", "wait", .time)
    case .coldkeySwapAnnounced:
      Row("ColdkeySwapAnnounced", "only swap calls pass while announced", "finish or clear the swap", .caller)
    case .coldkeySwapDisputed:
      Row("ColdkeySwapDisputed", "account frozen", "wait for root", .others)
    // Calls in calls (11xx).
    case .noSelfProxy:
      Row("NoSelfProxy", "delegate is oneself", "another account", .caller)
    case .duplicate:
      Row("Duplicate", "entry exists", "nothing to do", .caller)
    case .tooMany:
      Row("TooMany", "20 proxies or 75 announcements", "remove some", .caller)
    case .notFound:
      Row("NotFound", "no such entry", "correct", .caller)
    case .notProxy:
      Row("NotProxy", "signer is not listed for the account or type", "ask for a proxy entry", .others)
    case .unannounced:
      Row("Unannounced", "entry has a delay, or the delay is not over", "announce and wait", .time)
    case .noPermission:
      Row("NoPermission", "type of the proxy does not cover the call", "another type", .caller)
    case .nestedBatch:
      Row("NestedBatch", "batch in a batch", "flatten", .caller)
    case .tooManyCalls:
      Row("TooManyCalls", "more than 256", "split", .caller)
    // Governance (12xx).
    case .tooManyProposals:
      Row("TooManyProposals", "open limit reached", "wait for one to close", .time)
    case .tooManyProposalsByAccount:
      Row("TooManyProposalsByAccount", "own open limit reached", "wait for one to close", .time)
    case .invalidProposal:
      Row("InvalidProposal", "undecodable, forbidden or too long", "correct", .caller)
    case .proposalNotFound:
      Row("ProposalNotFound", "no such id, or not in the stage the call needs", "correct", .caller)
    case .votingClosed:
      Row("VotingClosed", "period over", "nothing to be done", .caller)
    case .notInElectorate:
      Row("NotInElectorate", "hotkey outside the snapshot, or not the signer's", "vote as nominator", .caller)
    case .stakeTooRecent:
      Row("StakeTooRecent", "stake grew after the proposal opened", "nothing to be done", .caller)
    case .notEnoughStake:
      Row("NotEnoughStake", "override above own stake or the snapshot's room", "lower amount", .caller)
    case .alreadyObjected:
      Row("AlreadyObjected", "owner has objected once", "nothing to be done", .caller)
    }
  }
}
