import Ledger
import Primitives
import Testing

@Suite struct EarningQueryTests {
  @Test func paymentsNameWhoEarnedWhatInTheLastEpoch() throws {
    let network = try QueryNetwork.busy()
    let epoch = try network.ask(EpochPaymentsQuery(netuid: QueryNetwork.netuid))
    #expect(epoch.epochIndex == 2)
    #expect(epoch.block == BlockNumber(21))
    #expect(epoch.payments.map(\.hotkey) == [QueryNetwork.ownerHotkey, QueryNetwork.validator, QueryNetwork.miner])
    #expect(epoch.payments[1].dividendsPaid > 0)
    #expect(epoch.payments[2].incentivePaid > epoch.payments[0].incentivePaid)
    #expect(epoch.payments.map(\.withheld) == [true, false, false])
    #expect(epoch.pendingServer > 0)
    let metagraph = try network.ask(MetagraphQuery(netuid: QueryNetwork.netuid))
    #expect(epoch.payments.map(\.incentive) == metagraph.incentives)
    #expect(epoch.payments.map(\.dividendsPaid) == metagraph.alphaDividendsPerHotkey.map(\.amount))
  }

  @Test func sharesOfTheEmissionFollowTheFlows() throws {
    var network = try QueryNetwork()
    try network.call(RegisterSubnet(hotkey: Hotkey(key(30))), by: QueryNetwork.owner.account)
    network.run(blocks: 3)
    try network.call(
      AddStake(hotkey: QueryNetwork.miner, netuid: QueryNetwork.netuid, amount: .tao(5)),
      by: QueryNetwork.coldkey.account)
    let shares = try network.ask(EmissionSharesQuery())
    #expect(String(decoding: shares.mode, as: UTF8.self) == "flow")
    #expect(shares.blockEmission == .tao(1))
    #expect(shares.subnets.map(\.netuid) == [NetUID(1), NetUID(2)])
    #expect(shares.subnets[0].flow == Int64(Rao.tao(5).value))
    #expect(shares.subnets[0].flowAverage > shares.subnets[1].flowAverage)
    #expect(shares.subnets[0].expectedEmission > shares.subnets[1].expectedEmission)
    #expect(shares.subnets.allSatisfy { $0.live && $0.enabled })
  }

  @Test func theNextHalvingIsAsFarAsTheScheduleSays() throws {
    var network = try QueryNetwork()
    network.state.chain.issuance = EmissionEdges.firstHalving - 3 * Rao.perTAO
    let halving = try network.ask(NextHalvingQuery())
    #expect(halving.nextIssuance == Rao(EmissionEdges.firstHalving))
    #expect(halving.blocksLeft == 3)
    #expect(halving.halvings == 0)
    #expect(halving.blockEmission == .tao(1))
    #expect(try network.ask(NextHalvingQuery(recycledPerBlock: Rao(500_000_000))).blocksLeft == 6)
    #expect(try network.ask(NextHalvingQuery(recycledPerBlock: .tao(1))).blocksLeft == nil)
    network.state.chain.issuance = 2 * EmissionEdges.firstHalving
    let last = try network.ask(NextHalvingQuery())
    #expect(last.blockEmission == .zero && last.nextIssuance == nil && last.blocksLeft == nil)
  }
}

private enum EmissionEdges {
  static let firstHalving: UInt64 = 10_500_000 * Rao.perTAO
}
