import Ledger
import Primitives
import Testing

@Suite struct SimpleQueryTests {
  @Test func anAccountHasItsNonceAndItsBalance() throws {
    let network = try QueryNetwork()
    let account = try network.ask(AccountQuery(QueryNetwork.nominator.account))
    #expect(account.free == .tao(10_000 - 50 - 30))
    #expect(account.reserved == .zero)
    #expect(account.nonce == 0 && account.nextNonce == 0)
    let stranger = try network.ask(AccountQuery(key(77)))
    #expect(stranger == AccountAnswer())
  }

  @Test func keysFindTheirOwnersSubnetsAndUids() throws {
    let network = try QueryNetwork()
    #expect(try network.ask(OwnerOfQuery(QueryNetwork.miner)).coldkey == QueryNetwork.coldkey)
    #expect(try network.ask(OwnerOfQuery(Hotkey(key(77)))).coldkey == nil)
    #expect(try network.ask(NetuidsOfQuery(QueryNetwork.validator)).netuids == [.root, QueryNetwork.netuid])
    #expect(try network.ask(UidOfQuery(netuid: QueryNetwork.netuid, hotkey: QueryNetwork.miner)).uid == UID(2))
    #expect(try network.ask(UidOfQuery(netuid: .root, hotkey: QueryNetwork.miner)).uid == nil)
  }

  @Test func ownedHotkeysComeInPages() throws {
    let network = try QueryNetwork()
    let first = try network.ask(OwnedHotkeysQuery(QueryNetwork.coldkey, page: PageRequest(after: [], limit: 1)))
    #expect(first.keys == [QueryNetwork.validator.account])
    #expect(first.nextCursor == QueryNetwork.validator.bytes)
    let second = try network.ask(OwnedHotkeysQuery(QueryNetwork.coldkey, page: PageRequest(after: first.nextCursor)))
    #expect(second.keys == [QueryNetwork.miner.account])
    #expect(second.nextCursor.isEmpty)
  }

  @Test func pricesAreThoseThatTheNextCallPays() throws {
    var network = try QueryNetwork()
    let price = try network.ask(RegistrationCostQuery(netuid: QueryNetwork.netuid)).amount
    let free = try network.ask(AccountQuery(QueryNetwork.owner.account)).free
    try network.call(
      RegisterNeuron(netuid: QueryNetwork.netuid, hotkey: Hotkey(key(20))), by: QueryNetwork.owner.account)
    let after = try network.ask(AccountQuery(QueryNetwork.owner.account)).free
    #expect(free.value - after.value == price.value)
    #expect(try network.ask(RegistrationCostQuery(netuid: QueryNetwork.netuid)).amount > price)

    let lock = try network.ask(SubnetCreationCostQuery()).amount
    try network.call(RegisterSubnet(hotkey: Hotkey(key(21))), by: QueryNetwork.owner.account)
    #expect(try network.ask(AccountQuery(QueryNetwork.owner.account)).free.value == after.value - lock.value)
  }

  @Test func theScheduleNamesTheBlockInWhichTheEpochRuns() throws {
    var network = try QueryNetwork { $0.adminFreezeWindow = 3 }
    let schedule = try network.ask(NextEpochQuery(netuid: QueryNetwork.netuid))
    #expect(schedule.nextEpochBlock == BlockNumber(11))
    #expect(schedule.blocksUntilEpoch == 6)
    #expect(schedule.tempo == 10)
    #expect(!schedule.frozen)
    network.run(blocks: 4)
    #expect(try network.ask(NextEpochQuery(netuid: QueryNetwork.netuid)).frozen)
    network.run(blocks: 2)
    let next = try network.ask(NextEpochQuery(netuid: QueryNetwork.netuid))
    #expect(next.epochIndex == 1)
    #expect(next.lastEpochBlock == BlockNumber(11))
    #expect(next.nextEpochBlock == BlockNumber(21))
    #expect(try network.ask(NextEpochQuery(netuid: .root)).nextEpochBlock == nil)
  }

  @Test func pruneCandidatesAreWhoWouldBeReplaced() throws {
    var network = try QueryNetwork()
    #expect(try network.ask(NeuronToPruneQuery(netuid: QueryNetwork.netuid)).uid == UID(1))
    #expect(try network.ask(NeuronToPruneQuery(netuid: .root)).uid == UID(0))
    #expect(try network.ask(SubnetToPruneQuery()).netuid == nil)
    network.run(blocks: 50)
    #expect(try network.ask(SubnetToPruneQuery()).netuid == QueryNetwork.netuid)
  }

  @Test func subnetInfosListEverySubnetInPages() throws {
    let network = try QueryNetwork()
    let first = try network.ask(SubnetInfosQuery(page: PageRequest(after: [], limit: 1)))
    #expect(first.subnets.map(\.netuid) == [.root])
    let second = try network.ask(SubnetInfosQuery(page: PageRequest(after: first.nextCursor)))
    #expect(second.subnets.map(\.netuid) == [QueryNetwork.netuid])
    #expect(second.nextCursor.isEmpty)
    let info = try network.ask(SubnetInfoQuery(netuid: QueryNetwork.netuid))
    #expect(info == second.subnets[0])
    #expect(info.neurons == 3)
    #expect(info.owner == QueryNetwork.owner)
  }
}
