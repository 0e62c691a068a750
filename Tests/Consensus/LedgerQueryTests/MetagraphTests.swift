import Ledger
import Primitives
import Testing
import Wire

@Suite struct MetagraphTests {
  @Test func theMetagraphShowsSubnetParametersNeuronsAndStakes() throws {
    let network = try QueryNetwork()
    let metagraph = try network.ask(MetagraphQuery(netuid: QueryNetwork.netuid))
    let subnet = try #require(network.state.subnets[QueryNetwork.netuid])

    #expect(metagraph.netuid == QueryNetwork.netuid)
    #expect(String(decoding: metagraph.name, as: UTF8.self) == "subnet-1")
    #expect(String(decoding: metagraph.symbol, as: UTF8.self) == "α")
    #expect(metagraph.block == BlockNumber(5))
    #expect(metagraph.tempo == 10)
    #expect(metagraph.ownerHotkey == QueryNetwork.ownerHotkey)
    #expect(metagraph.ownerColdkey == QueryNetwork.owner)
    #expect(metagraph.networkRegisteredAt == BlockNumber(2))
    #expect(metagraph.taoIn == Rao(subnet.taoReserve))
    #expect(metagraph.alphaIn == subnet.alphaIn)
    #expect(metagraph.subnetVolume == UInt128(Rao.tao(150).value))
    #expect(metagraph.parameters.maxUIDs == 256)
    #expect(metagraph.parameters.numUIDs == 3)
    #expect(metagraph.parameters.activityCutoff == 138)
    #expect(metagraph.parameters.burn == Rao(subnet.burn))
    #expect(metagraph.nextEpochBlock == BlockNumber(11))

    #expect(metagraph.hotkeys == [QueryNetwork.ownerHotkey, QueryNetwork.validator, QueryNetwork.miner])
    #expect(metagraph.coldkeys == [QueryNetwork.owner, QueryNetwork.coldkey, QueryNetwork.coldkey])
    #expect(metagraph.blockAtRegistration == [BlockNumber(2), BlockNumber(3), BlockNumber(3)])
    #expect(metagraph.lastUpdate == [2, 3, 3])
    #expect(metagraph.active == [true, true, true])
    #expect(metagraph.incentives == [0, 0, 0])
    #expect(metagraph.certificates == [[], [], []])
    #expect(metagraph.identities.isEmpty)
    #expect(metagraph.taoStake == [0, Rao.tao(30).value, 0])
    let alpha = network.state.poolValue(of: QueryNetwork.validator, on: QueryNetwork.netuid)
    #expect(metagraph.alphaStake == [0, alpha, 0])
    #expect(metagraph.totalStake[1] == network.state.stakeWeight(of: QueryNetwork.validator, on: QueryNetwork.netuid))
    #expect(metagraph.totalStake[1] > alpha)
  }

  @Test func validatorsHavePermitAndStandByStake() throws {
    var network = try QueryNetwork()
    try network.call(
      AddStake(hotkey: QueryNetwork.miner, netuid: QueryNetwork.netuid, amount: .tao(500)),
      by: QueryNetwork.coldkey.account)
    #expect(try network.ask(MetagraphQuery(netuid: QueryNetwork.netuid)).validators.isEmpty)
    network.run(blocks: 12)
    let metagraph = try network.ask(MetagraphQuery(netuid: QueryNetwork.netuid))
    #expect(metagraph.epochIndex == 1)
    #expect(metagraph.lastStep == BlockNumber(11))
    #expect(metagraph.blocksSinceLastStep == 6)
    #expect(metagraph.validators == [UID(2), UID(1), UID(0)])
    #expect(metagraph.validatorPermit[1] && metagraph.validatorPermit[2])
  }

  @Test func onlyTheSelectedFieldsTravel() throws {
    let network = try QueryNetwork()
    let query = MetagraphQuery(netuid: QueryNetwork.netuid, selection: [52, 69, 7])
    let reply = try #require(try network.state.reply(to: "metagraph", query.arguments, with: QueryNetwork.host))
    #expect(reply.entries.map(\.name) == ["block", "hotkeys", "total_stake"])
    let metagraph = try network.ask(query)
    #expect(metagraph.hotkeys.count == 3)
    #expect(metagraph.totalStake[1] > 0)
    #expect(metagraph.ownerHotkey == nil)
    #expect(metagraph.coldkeys.isEmpty)
  }

  @Test(arguments: 0..<79)
  func everyIndexSelectsTheFieldNumberedAfterIt(index: Int) throws {
    let network = try QueryNetwork()
    let query = MetagraphQuery(netuid: QueryNetwork.netuid, selection: [UInt32(index)])
    let reply = try #require(try network.state.reply(to: "metagraph", query.arguments, with: QueryNetwork.host))
    let message = try #require(MessageName("Metagraph"))
    #expect(Set(reply.entries.map(\.name)).isSubset(of: [message.fields[index].name]))
    if index != 3 { #expect(reply.entries.count == 1) }
  }

  @Test func rootHasMembersStakesAndNoOwner() throws {
    let network = try QueryNetwork()
    let root = try network.ask(MetagraphQuery(netuid: .root))
    #expect(String(decoding: root.name, as: UTF8.self) == "root")
    #expect(root.hotkeys == [QueryNetwork.validator])
    #expect(root.totalStake == [Rao.tao(30).value])
    #expect(root.alphaStake == [0])
    #expect(root.ownerColdkey == nil)
    #expect(root.mechanismCount == 0)
    #expect(root.nextEpochBlock == .genesis)
  }

  @Test func whatIsNotThereIsRefusedWithItsName() throws {
    let network = try QueryNetwork()
    func refusal(_ query: MetagraphQuery) -> LedgerError? {
      do throws(LedgerError) {
        _ = try query.answer(from: network.state, with: QueryNetwork.host)
        return nil
      } catch {
        return error
      }
    }
    #expect(refusal(MetagraphQuery(netuid: NetUID(9))) == .subnetNotExists)
    #expect(refusal(MetagraphQuery(netuid: NetUID(9)))?["netuid"] == .number(9))
    #expect(refusal(MetagraphQuery(netuid: QueryNetwork.netuid, mechid: MechID(1))) == .mechanismDoesNotExist)
    #expect(refusal(MetagraphQuery(netuid: QueryNetwork.netuid, selection: [79])) == .malformed)
  }
}
