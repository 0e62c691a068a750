import Ledger
import Primitives
import Testing

@Suite struct AuthorityTests {
  private func keys(_ names: String...) -> [AccountID] { names.map(LedgerFixture.account) }

  @Test func noKeyThatCannotSignIsGivenABalance() {
    var fixture = LedgerFixture()
    let small = SetBalance(account: .zero, amount: .tao(1))
    #expect(fixture.refusalAsRoot(of: small) == .invalidPublicKey)
    #expect(fixture.state.account(.zero) == Account())
  }

  @Test func rootMayTakeTheBlockLimitOffRootToo() throws {
    var fixture = LedgerFixture()
    try fixture.runAsRoot(SetHyperparameter(netuid: .root, name: "max_regs_per_block", value: .u64(0)))
    for name in ["owner", "miner"] {
      try fixture.run(RootRegister(hotkey: LedgerFixture.hotkey(name)), as: name)
    }
    #expect(fixture.state.slots[.root]?.count == 2)
  }

  @Test func namedAuthoritiesTakeOverInTheBlockAfterNext() throws {
    var fixture = LedgerFixture()
    try fixture.runAsRoot(SetAuthorities(keys: keys("a", "b")))
    #expect(fixture.state.chain.authorities == keys("authority"))
    fixture.advance(1)
    #expect(fixture.state.chain.authorities == keys("authority"))
    try fixture.runAsRoot(SetAuthorities(keys: keys("c")))
    fixture.advance(1)
    #expect(fixture.state.chain.authorities == keys("a", "b"))
    fixture.advance(1)
    #expect(fixture.state.chain.authorities == keys("c"))
    #expect(fixture.state.chain.authorityChanges.isEmpty)
  }

  @Test func theLastWordInABlockCounts() throws {
    var fixture = LedgerFixture()
    try fixture.runAsRoot(SetAuthorities(keys: keys("a")))
    try fixture.runAsRoot(SetAuthorities(keys: keys("b")))
    fixture.advance(2)
    #expect(fixture.state.chain.authorities == keys("b"))
    fixture.advance(1)
    #expect(fixture.state.chain.authorities == keys("b"))
  }

  @Test func noneTwoTheSameAndTooManyAuthoritiesAreRefused() throws {
    var fixture = LedgerFixture()
    let many = (0..<33).map { LedgerFixture.account("key \($0)") }
    #expect(fixture.refusalAsRoot(of: SetAuthorities(keys: [])) == .invalidValue)
    #expect(fixture.refusalAsRoot(of: SetAuthorities(keys: keys("a", "a"))) == .invalidValue)
    #expect(fixture.refusalAsRoot(of: SetAuthorities(keys: many)) == .invalidValue)
    #expect(fixture.refusalAsRoot(of: SetAuthorities(keys: [.zero])) == .invalidPublicKey)
    try fixture.runAsRoot(SetAuthorities(keys: Array(many.dropLast())))
  }

  @Test func theSudoKeyCanHandItsPowerOverAndGiveItUp() throws {
    var fixture = LedgerFixture()
    let handOver = try LedgerFixture.encoded(SetSudoKey(key: LedgerFixture.account("owner")))
    try fixture.run(Sudo(call: handOver), as: "sudo")
    #expect(fixture.refusal(of: Sudo(call: handOver), as: "sudo") == .notAuthorized)
    let events = try fixture.run(Sudo(call: try LedgerFixture.encoded(RemoveSudoKey())), as: "owner")
    #expect(events.first?.fields["key"] == .bytes([]))
    #expect(fixture.refusal(of: Sudo(call: handOver), as: "owner") == .notAuthorized)
    #expect(fixture.state.chain.parameters.governanceMode == .onchain)
    try fixture.runAsRoot(SetSudoKey(key: LedgerFixture.account("sudo")))
    #expect(fixture.state.chain.parameters.governanceMode == .hybrid)
  }

  @Test func aChainGovernedByVotesAloneHasNoSudoKey() {
    let fixture = LedgerFixture { $0.parameters.governanceMode = .onchain }
    #expect(fixture.state.chain.sudoKey == nil)
  }

  /// Registry 20.1: root may make the calls marked R, and those marked O that are not the owner's only.
  @Test func rootMayMakeNoCallButItsOwnAndTheOwners() throws {
    for type in CallTable.all where ![.root, .owner].contains(type.descriptor.signer) {
      var fixture = try LedgerFixture.withSubnet()
      var blank: any LedgerCall = type.init()
      if type == StartSubnet.self { blank = StartSubnet(netuid: NetUID(1)) }
      if type == TriggerEpoch.self { blank = TriggerEpoch(netuid: NetUID(1)) }
      #expect(fixture.refusalAsRoot(of: blank) == .notAuthorized, "\(type.descriptor.name)")
    }
  }

  /// A call of that type whose blank form would be malformed gets the enumerator it needs.
  private func wellFormed(_ type: any LedgerCall.Type) -> any LedgerCall {
    let delegate = LedgerFixture.account("owner")
    if type == AddProxy.self { return AddProxy(delegate: delegate, type: .any) }
    if type == RemoveProxy.self { return RemoveProxy(delegate: delegate, type: .any) }
    if type == Vote.self { return Vote(id: 1, choice: .aye, hotkey: LedgerFixture.hotkey("owner")) }
    return type.init()
  }

  @Test func aPausedChainLetsOnlyTheCallsThroughThatKeepItAlive() throws {
    var fixture = try LedgerFixture.withSubnet()
    try fixture.runAsRoot(Pause(on: true))
    let passing: Set<UInt16> = [6, 8, 9, 10, 17, 46, 54, 55]
    for type in CallTable.all {
      var copy = fixture
      let error = try copy.send(wellFormed(type), as: "stranger").error?.code
      #expect((error == .chainPaused) != passing.contains(type.descriptor.number), "\(type.descriptor.name)")
    }
    try fixture.runAsRoot(Pause(on: false))
    let outcome = try fixture.send(Transfer(to: LedgerFixture.account("owner"), amount: .tao(1)), as: "miner")
    #expect(outcome.error == nil)
  }
}
