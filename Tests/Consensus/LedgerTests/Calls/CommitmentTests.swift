import Ledger
import Primitives
import Testing

@Suite struct CommitmentTests {
  private let netuid = NetUID(1)
  private let key = HotkeyOnSubnet(NetUID(1), LedgerFixture.hotkey("miner"))

  private func commit(_ fields: CommitmentField...) -> SetCommitment { SetCommitment(netuid: netuid, fields: fields) }

  @Test func aCommitmentTakesThePlaceOfTheOneBefore() throws {
    var fixture = try LedgerFixture.withSubnet()
    try fixture.run(commit(CommitmentField(.raw, [1]), CommitmentField(.bigRaw, [2])), as: "miner-hot")
    fixture.advance(2)
    try fixture.run(commit(CommitmentField(.raw, [3])), as: "miner-hot")
    let stored = try #require(fixture.state.commitments[key])
    #expect(stored.fields == [CommitmentField(.raw, [3])])
    #expect(stored.block == fixture.state.block)
    #expect(stored.quota.used == 200)
  }

  @Test func theSpaceIsThereAgainInTheNextEpoch() throws {
    var fixture = try LedgerFixture.withSubnet { $0.parameters.commitmentMaxSpace = 600 }
    let big = commit(CommitmentField(.bigRaw, Array(repeating: 1, count: 512)))
    try fixture.run(big, as: "miner-hot")
    #expect(fixture.refusal(of: big, as: "miner-hot") == .spaceLimitExceeded)
    fixture.advance(10)
    try fixture.run(big, as: "miner-hot")
  }

  @Test func aCommitmentOutlivesTheSlotAndEndsWithTheSubnet() throws {
    var fixture = try LedgerFixture.withSubnet { $0.parameters.newSubnet.maxAllowedUIDs = 3 }
    try fixture.run(commit(CommitmentField(.raw, [1])), as: "miner-hot")
    fixture.state.slots.modify(netuid) { $0.emission[1] = 5 }
    try fixture.run(RegisterNeuron(netuid: netuid, hotkey: LedgerFixture.hotkey("stranger")), as: "stranger")
    #expect(fixture.state.slots[netuid]?.uid(of: LedgerFixture.hotkey("miner")) == nil)
    #expect(fixture.state.commitments[key] != nil)
    #expect(fixture.refusal(of: SetIdentity(), as: "miner") == .hotKeyNotRegisteredInNetwork)
    try fixture.runAsRoot(DissolveSubnet(netuid: netuid))
    #expect(fixture.state.commitments.isEmpty)
    #expect(fixture.refusal(of: SetIdentity(), as: "owner") == .hotKeyNotRegisteredInNetwork)
    #expect(fixture.state.brokenInvariant() == nil)
  }

  @Test(arguments: [
    CommitmentField(.none, [1]), CommitmentField(.raw, Array(repeating: 0, count: 129)),
    CommitmentField(.bigRaw, Array(repeating: 0, count: 513)), CommitmentField(.digest, [1], digest: 1),
    CommitmentField(.digest, Array(repeating: 0, count: 32)), CommitmentField(.raw, [1], digest: 1),
  ])
  func fieldsThatAreNotOfTheirKindAreMalformed(field: CommitmentField) throws {
    var fixture = try LedgerFixture.withSubnet()
    #expect(try fixture.send(commit(field), as: "miner-hot").error?.code == .malformed)
  }

  @Test(arguments: [
    CommitmentField(.none), CommitmentField(.raw, Array(repeating: 0, count: 128)),
    CommitmentField(.bigRaw, Array(repeating: 0, count: 512)),
    CommitmentField(.digest, Array(repeating: 0, count: 32), digest: 4),
  ])
  func fieldsAtTheirLimitsPass(field: CommitmentField) throws {
    var fixture = try LedgerFixture.withSubnet()
    #expect(try fixture.send(commit(field), as: "miner-hot").error == nil)
    #expect(fixture.state.commitments[key]?.fields == [field])
  }

  @Test(arguments: [CommitmentKind.timelocked, .resetBonds])
  func kindsOfLaterVersionsAreNotSupported(kind: CommitmentKind) throws {
    var fixture = try LedgerFixture.withSubnet()
    #expect(try fixture.send(commit(CommitmentField(kind)), as: "miner-hot").error?.code == .callNotSupported)
  }

  @Test func anIdentityHasFieldsOfBoundedLengthAndABoundedTotal() throws {
    var fixture = try LedgerFixture.withSubnet()
    var identity = SetIdentity()
    identity.name = Array(repeating: 1, count: 257)
    #expect(fixture.refusal(of: identity, as: "miner") == .invalidIdentity)
    identity.name = Array(repeating: 1, count: 256)
    identity.githubRepo = identity.name
    identity.url = identity.name
    identity.discord = identity.name
    identity.image = Array(repeating: 1, count: 1024)
    identity.description = identity.image
    identity.additional = identity.image
    try fixture.run(identity, as: "miner")
    #expect(fixture.state.coldkeyRecord(LedgerFixture.coldkey("miner")).identity?["image"] == identity.image)
  }
}
