import Ledger
import Primitives
import Testing

@Suite struct LedgerErrorTests {
  /// The table of registry 21, written out once more: number, name, and whether time cures it.
  static let specified = """
    101 Malformed no
    102 TooLarge no
    103 WrongChain no
    104 WrongVersion no
    105 Expired no
    106 NotYetValid yes
    107 Stale no
    108 Future others
    109 BadSignature no
    110 BalanceTooLow no
    111 ChainPaused others
    112 PoolFull others
    113 TooManyPending yes
    114 TipTooLow no
    201 NotAuthorized no
    202 NotSubnetOwner no
    203 NonAssociatedColdKey no
    204 CannotUseSystemAccount no
    205 InvalidPublicKey no
    206 HotKeyAccountNotExists no
    207 HotKeyNotRegisteredInSubNet no
    208 HotKeyNotRegisteredInNetwork no
    209 SubnetNotExists others
    210 MechanismDoesNotExist others
    211 TxRateLimitExceeded yes
    212 InvalidValue no
    213 ValueNotInBounds no
    214 UnknownParameter no
    215 InvalidIdentity no
    216 InsufficientBalance no
    217 BelowExistentialDeposit no
    218 NotEnoughBalanceToStake no
    219 FaucetDisabled no
    220 CallNotSupported no
    301 SubNetRegistrationDisabled others
    302 NetworkTxRateLimitExceeded yes
    303 SubnetLimitReached yes
    304 CannotAffordLockCost yes
    305 AlreadyStarted no
    306 NeedWaitingMoreBlocksToStart yes
    307 SubtokenDisabled others
    308 SymbolDoesNotExist no
    309 SymbolAlreadyInUse others
    310 AdminActionProhibitedDuringWeightsWindow yes
    311 TempoOutOfBounds no
    312 DynamicTempoBlockedByCommitReveal no
    313 EpochTriggerAlreadyPending yes
    314 AutoEpochAlreadyImminent yes
    315 MaxAllowedUidsLessThanMinAllowedUids no
    316 MaxAllowedUidsLessThanCurrentUids no
    317 MaxAllowedUidsGreaterThanDefault no
    318 TooManyUIDsPerMechanism no
    319 MaxValidatorsLargerThanMaxUids no
    320 ActivityCutoffFactorMilliOutOfBounds no
    321 RevealPeriodTooSmall no
    322 RevealPeriodTooLarge no
    323 BondsMovingAverageMaxReached no
    324 LiquidAlphaDisabled no
    325 AlphaHighTooLow no
    326 AlphaLowOutOfRange no
    327 NegativeSigmoidSteepness no
    328 TrimmingWouldExceedMaxImmunePercentage yes
    329 VotingPowerTrackingNotEnabled no
    401 RegistrationNotPermittedOnRootSubnet no
    402 RegistrationPriceLimitExceeded yes
    403 HotKeyAlreadyRegisteredInSubNet no
    404 TooManyRegistrationsThisBlock yes
    405 TooManyRegistrationsThisInterval yes
    406 NoNeuronIdAvailable yes
    407 StakeTooLowForRoot no
    501 CommitRevealEnabled others
    502 CanNotSetRootNetworkWeights no
    503 WeightVecNotEqualSize no
    504 UidsLengthExceedUidsInSubNet no
    505 NotEnoughStakeToSetWeights no
    506 IncorrectWeightVersionKey no
    507 SettingWeightsTooFast yes
    508 NeuronNoValidatorPermit yes
    509 DuplicateUids no
    510 UidVecContainInvalidOne no
    511 WeightVecLengthIsLow no
    512 MaxWeightExceeded no
    513 InputLengthsUnequal no
    601 CommitRevealDisabled others
    602 CommittingWeightsTooFast yes
    603 TooManyUnrevealedCommits yes
    604 InvalidSaltLength no
    605 NoWeightsCommitFound no
    606 ExpiredWeightCommit no
    607 InvalidRevealCommitHashNotMatch no
    608 RevealTooEarly yes
    609 IncorrectCommitRevealVersion no
    610 InvalidRevealRound no
    611 RoundInPast no
    612 KeyAlreadyPublished no
    613 RoundNotMature yes
    614 SecretMismatch no
    615 AlreadyPublished no
    701 InvalidIpType no
    702 InvalidIpAddress no
    703 InvalidPort no
    704 ServingRateLimitExceeded yes
    705 InvalidCertificate no
    706 AccountNotAllowedCommit no
    707 TooManyFieldsInCommitmentInfo no
    708 SpaceLimitExceeded yes
    801 DuplicateChild no
    802 InvalidChild no
    803 TooManyChildren no
    804 ProportionOverflow no
    805 ChildParentInconsistency others
    806 NotEnoughStakeToSetChildkeys no
    807 InvalidChildkeyTake no
    808 TxChildkeyTakeRateLimitExceeded yes
    809 DelegateTakeTooLow no
    810 DelegateTakeTooHigh no
    811 DelegateTxRateLimitExceeded yes
    901 AmountTooLow no
    902 NotEnoughStakeToWithdraw no
    903 SameNetuid no
    904 PriceLimitExceeded others
    905 SlippageTooHigh others
    906 ReservesTooLow others
    907 SwapInputTooLarge others
    908 TransferDisallowed others
    909 CannotBurnOrRecycleOnRootSubnet no
    1001 NewHotKeyIsSameWithOld no
    1002 HotKeySetTxRateLimitExceeded yes
    1003 NewHotKeyNotCleanForRootSwap no
    1004 HotKeySwapOnSubnetIntervalNotPassed yes
    1005 NotEnoughBalanceToPaySwapHotKey no
    1006 NotEnoughBalanceToPaySwapColdKey no
    1007 ColdkeySwapReannouncedTooEarly yes
    1008 ColdkeySwapAnnouncementNotFound no
    1009 AnnouncedColdkeyHashDoesNotMatch no
    1010 ColdkeySwapTooEarly yes
    1011 ColdKeyAlreadyAssociated no
    1012 NewColdKeyIsHotkey no
    1013 ColdkeySwapAlreadyDisputed others
    1014 ColdkeySwapClearTooEarly yes
    1015 ColdkeySwapAnnounced no
    1016 ColdkeySwapDisputed others
    1101 NoSelfProxy no
    1102 Duplicate no
    1103 TooMany no
    1104 NotFound no
    1105 NotProxy others
    1106 Unannounced yes
    1107 NoPermission no
    1108 NestedBatch no
    1109 TooManyCalls no
    1201 TooManyProposals yes
    1202 TooManyProposalsByAccount yes
    1203 InvalidProposal no
    1204 ProposalNotFound no
    1205 VotingClosed no
    1206 NotInElectorate no
    1207 StakeTooRecent no
    1208 NotEnoughStake no
    1209 AlreadyObjected no
    """.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }

  @Test func everyCodeHasTheNumberNameAndCureOfTheSpecification() throws {
    #expect(LedgerErrorTests.specified.count == LedgerErrorCode.allCases.count)
    for row in LedgerErrorTests.specified {
      let number = try #require(UInt16(row[0]))
      let code = try #require(LedgerErrorCode(rawValue: number), "\(number)")
      #expect(code.name == row[1])
      let time =
        switch code.curedBy {
        case .time: "yes"
        case .others: "others"
        case .caller: "no"
        }
      #expect(time == row[2], "\(row[1])")
    }
  }

  @Test(arguments: LedgerErrorCode.allCases)
  func everyCodeIsFoundByItsNameAndExplainsItself(_ code: LedgerErrorCode) {
    #expect(LedgerErrorCode(name: code.name) == code)
    #expect(!code.meaning.isEmpty && !code.remedy.isEmpty)
  }

  @Test func unknownNamesAreNotCodes() {
    #expect(LedgerErrorCode(name: "malformed") == nil)
    #expect(LedgerErrorCode(name: "") == nil)
    #expect(LedgerErrorCode(rawValue: 0) == nil)
  }

  @Test func aTimedRefusalSaysWhenToRetry() {
    let error = LedgerError(.settingWeightsTooFast, blocksLeft: 7, at: BlockNumber(100))
    #expect(error.blocksLeft == 7)
    #expect(error.retryAtBlock == BlockNumber(107))
    let same = LedgerError(.settingWeightsTooFast, retryAt: BlockNumber(107), now: BlockNumber(100))
    #expect(same.blocksLeft == 7)
    #expect(error.description.contains("retry in 7 blocks, at block 107"))
  }

  @Test func valuesExplainARefusalWithoutTellingItApart() {
    let error = LedgerError.insufficientBalance(missing: Rao(5)).with("free", Rao(3))
    #expect(error == .insufficientBalance)
    #expect(error != .belowExistentialDeposit)
    #expect(error["missing"] == .number(5))
    #expect(error["free"] == .number(3))
    #expect(error["other"] == nil)
    #expect(error.values.map(\.name) == ["missing", "free"])
    #expect(error.blocksLeft == nil && error.retryAtBlock == nil)
  }

  @Test func theLastBlockIsNotPassed() {
    let error = LedgerError(.txRateLimitExceeded, blocksLeft: .max, at: BlockNumber(1))
    #expect(error.retryAtBlock == BlockNumber(.max))
  }
}
