import Ledger
import Primitives
import Testing

/// One way to meet an error: a chain, what happens first, and the call that is refused.
struct RefusalCase: Sendable, CustomTestStringConvertible {
  enum Attempt: Sendable {
    case signed(any LedgerCall, by: String)
    case asRoot(any LedgerCall)
    /// Bytes of a call that this ledger has no type for.
    case encoded(Fields, by: String)
    /// The outer call succeeds, and its event names the error.
    case inside(any LedgerCall, by: String)
    /// A body that may not stand in a block, and its size.
    case envelope(@Sendable (inout ExtrinsicBody, LedgerFixture) -> Void, size: Int = 100)
  }

  let code: LedgerErrorCode
  let fixture: @Sendable () throws -> LedgerFixture
  let attempt: @Sendable () throws -> Attempt

  init(
    _ code: LedgerErrorCode, genesis: @escaping @Sendable (inout Genesis) -> Void = { _ in },
    first arrange: @escaping @Sendable (inout LedgerFixture) throws -> Void = { _ in },
    _ attempt: @escaping @autoclosure @Sendable () throws -> Attempt
  ) {
    self.code = code
    self.fixture = {
      var fixture = try LedgerFixture.withSubnet(genesis)
      try arrange(&fixture)
      return fixture
    }
    self.attempt = attempt
  }

  var testDescription: String { code.name }
}

@Suite struct RefusalTests {
  @Test(arguments: RefusalCase.all)
  func isReachedAndChangesNothingElse(refusal: RefusalCase) throws {
    var fixture = try refusal.fixture()
    let before = fixture
    switch try refusal.attempt() {
    case .signed(let call, let name):
      let outcome = try fixture.send(call, as: name)
      #expect(outcome.error?.code == refusal.code)
      #expect(outcome.events.isEmpty)
      #expect(fixture.state.canonicalBytes == before.afterFailure(of: name).canonicalBytes)
    case .asRoot(let call):
      #expect(fixture.refusalAsRoot(of: call) == refusal.code)
      #expect(fixture.state.canonicalBytes == before.state.canonicalBytes)
    case .encoded(let message, let name):
      let outcome = fixture.send(try LedgerFixture.encoded(message), as: name)
      #expect(outcome.error?.code == refusal.code)
      #expect(fixture.state.canonicalBytes == before.afterFailure(of: name).canonicalBytes)
    case .inside(let call, let name):
      let outcome = try fixture.send(call, as: name)
      #expect(outcome.error == nil)
      #expect(outcome.events.last?.number("result") == UInt64(refusal.code.rawValue))
      #expect(fixture.state.canonicalBytes == before.afterFailure(of: name).canonicalBytes)
    case .envelope(let change, let size):
      var body = fixture.body([], as: "miner")
      change(&body, fixture)
      let inBlock = fixture.state.block.advanced(by: 1)
      do throws(LedgerError) {
        try fixture.state.checkEnvelope(body, size: size, chainID: LedgerFixture.chainID, in: inBlock)
        Issue.record("accepted")
      } catch {
        #expect(error.code == refusal.code)
      }
    }
    #expect(fixture.state.brokenInvariant() == nil)
  }

  /// Names that no call of this ledger answers: those of the pool, of the signature's own room, and of calls
  /// that are not executed here.
  static let exempt: Set<LedgerErrorCode> = [
    .badSignature, .poolFull, .tooManyPending, .tipTooLow, .symbolDoesNotExist, .symbolAlreadyInUse,
    .trimmingWouldExceedMaxImmunePercentage, .votingPowerTrackingNotEnabled, .inputLengthsUnequal,
    .incorrectCommitRevealVersion, .invalidRevealRound, .roundInPast, .keyAlreadyPublished, .roundNotMature,
    .secretMismatch, .alreadyPublished, .transferDisallowed, .cannotBurnOrRecycleOnRootSubnet,
    .newHotKeyIsSameWithOld, .hotKeySetTxRateLimitExceeded, .newHotKeyNotCleanForRootSwap,
    .hotKeySwapOnSubnetIntervalNotPassed, .notEnoughBalanceToPaySwapHotKey, .notEnoughBalanceToPaySwapColdKey,
    .coldkeySwapReannouncedTooEarly, .coldkeySwapAnnouncementNotFound, .announcedColdkeyHashDoesNotMatch,
    .coldkeySwapTooEarly, .coldKeyAlreadyAssociated, .newColdKeyIsHotkey, .coldkeySwapAlreadyDisputed,
    .coldkeySwapClearTooEarly, .coldkeySwapAnnounced, .coldkeySwapDisputed, .alreadyObjected,
  ]

  @Test func everyNameOfTheCoreListHasACase() {
    let reached = Set(RefusalCase.all.map(\.code))
    for code in LedgerErrorCode.allCases where !Self.exempt.contains(code) {
      #expect(reached.contains(code), "\(code.name) is reached by no case")
    }
    #expect(reached.isDisjoint(with: Self.exempt))
  }
}
