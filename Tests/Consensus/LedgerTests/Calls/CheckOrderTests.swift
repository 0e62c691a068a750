import Ledger
import Primitives
import Testing

/// Places where two refusals apply and the specification says which comes first, and who may do what how often.
@Suite struct CheckOrderTests {
  private let one = NetUID(1)
  private let hot = LedgerFixture.hotkey

  @Test func aNestedBatchIsSeenBeforeTheNumberOfCalls() throws {
    var fixture = LedgerFixture()
    let inner = try LedgerFixture.encoded(Batch(calls: []))
    #expect(fixture.refusal(of: Batch(calls: Array(repeating: inner, count: 257)), as: "miner") == .nestedBatch)
  }

  @Test func theOwnerHotkeyIsLimitedForOwnerAndRootTogether() throws {
    var fixture = try LedgerFixture.withSubnet { $0.parameters.ownerHotkeyRateLimit = 5 }
    let call = SetSubnetOwnerHotkey(netuid: one, hotkey: hot("miner"))
    try fixture.runAsRoot(call)
    #expect(fixture.refusal(of: call, as: "owner") == .txRateLimitExceeded)
    fixture.advance(5)
    try fixture.run(call, as: "owner")
    #expect(fixture.refusalAsRoot(of: call) == .txRateLimitExceeded)
  }

  @Test func aMissingSubnetIsNamedAsSuch() throws {
    var fixture = try LedgerFixture.withSubnet()
    let nine = NetUID(9)
    let axon = ServeAxon(netuid: nine, version: 1, ip: [10, 0, 0, 1], port: 1)
    #expect(fixture.refusal(of: axon, as: "miner-hot") == .subnetNotExists)
    #expect(fixture.refusal(of: SetCommitment(netuid: nine, fields: []), as: "miner-hot") == .subnetNotExists)
    #expect(fixture.refusal(of: StartSubnet(netuid: nine), as: "owner") == .subnetNotExists)
    #expect(fixture.refusal(of: SetTempo(netuid: nine, tempo: 5), as: "owner") == .notAuthorized)
    #expect(fixture.refusalAsRoot(of: SetTempo(netuid: nine, tempo: 5)) == .subnetNotExists)
    let rho = SetHyperparameter(netuid: nine, name: "rho", value: .u64(1))
    #expect(fixture.refusal(of: rho, as: "owner") == .notAuthorized)
    #expect(fixture.refusalAsRoot(of: rho) == .subnetNotExists)
  }

  @Test func rootsOwnParametersAreNeverFrozen() throws {
    var fixture = LedgerFixture { $0.parameters.adminFreezeWindow = 10 }
    fixture.advance(120)
    try fixture.runAsRoot(SetHyperparameter(netuid: .root, name: "max_validators", value: .u64(32)))
  }

  @Test func anUnknownProxyTypeIsMalformedBeforeAnythingElse() throws {
    var fixture = LedgerFixture()
    var call = AddProxy(delegate: LedgerFixture.account("owner"), type: .any)
    call.type = 0
    #expect(try fixture.send(call, as: "miner").error?.code == .malformed)
    call.type = 11
    #expect(try fixture.send(call, as: "miner").error?.code == .callNotSupported)
  }

  @Test func onlyMalformedCallsStayOutOfBlocks() throws {
    var nested = try LedgerFixture.encoded(Transfer(to: LedgerFixture.account("owner"), amount: .tao(1)))
    for _ in 0..<3 { nested = try LedgerFixture.encoded(Sudo(call: nested)) }
    _ = try LedgerState.wellFormedCall(nested, with: LedgerFixture.host)
    let tooDeep = try LedgerFixture.encoded(Sudo(call: nested))
    #expect(throws: LedgerError(.malformed)) {
      try LedgerState.wellFormedCall(tooDeep, with: LedgerFixture.host)
    }
    #expect(throws: LedgerError(.malformed)) { try LedgerState.wellFormedCall([9, 9], with: LedgerFixture.host) }
    #expect(throws: LedgerError(.malformed)) { try LedgerState.wellFormedCall([], with: LedgerFixture.host) }
  }

  /// Registry 20, column "fee": a proxied call costs what it costs, a batch one fee more than its calls.
  @Test func feesAreThoseOfTheCallsInside() throws {
    var fixture = try LedgerFixture.withSubnet { $0.parameters.transactionFee = Rao(1000) }
    let transfer = try LedgerFixture.encoded(Transfer(to: LedgerFixture.account("owner"), amount: .tao(1)))
    let free = try LedgerFixture.encoded(SetCommitment(netuid: one, fields: []))
    let real = LedgerFixture.account("validator")
    #expect(fixture.send(transfer, as: "miner").fee == 1000)
    #expect(fixture.send(free, as: "miner-hot").fee == 0)
    #expect(try fixture.send(Proxy(real: real, call: transfer), as: "miner").fee == 1000)
    #expect(try fixture.send(Proxy(real: real, call: free), as: "miner").fee == 0)
    #expect(try fixture.send(Batch(calls: [transfer, free, transfer]), as: "miner").fee == 3000)
    #expect(fixture.state.brokenInvariant() == nil)
  }

  @Test func aFailedTransactionKeepsItsFeeAndNonce() throws {
    var fixture = try LedgerFixture.withSubnet { $0.parameters.transactionFee = Rao(1000) }
    let before = fixture.state.account(LedgerFixture.account("miner"))
    let outcome = try fixture.send(Transfer(to: .zero, amount: .tao(1)), as: "miner")
    let after = fixture.state.account(LedgerFixture.account("miner"))
    #expect(outcome.error?.code == .invalidPublicKey)
    #expect((outcome.fee, before.balance - after.balance, after.nonce - before.nonce) == (1000, 1000, 1))
    #expect(try fixture.send(Transfer(to: .zero, amount: .tao(1)), as: "pauper").error?.code == .balanceTooLow)
  }

  @Test func ownerCallsOfRootAreNeitherCheckedNorRecorded() throws {
    var fixture = try LedgerFixture.withSubnet { $0.parameters.ownerHparamRateLimit = 1 }
    let call = SetHyperparameter(netuid: one, name: "rho", value: .u64(1))
    try fixture.runAsRoot(call)
    try fixture.runAsRoot(call)
    try fixture.run(call, as: "owner")
    try fixture.runAsRoot(call)
    #expect(fixture.refusal(of: call, as: "owner") == .txRateLimitExceeded)
  }

  @Test func whatOnlyRootMaySetIsNotTheOwners() throws {
    var fixture = try LedgerFixture.withSubnet()
    let call = SetHyperparameter(netuid: one, name: "kappa", value: .u64(1))
    #expect(fixture.refusal(of: call, as: "owner") == .notAuthorized)
    try fixture.runAsRoot(call)
  }
}
