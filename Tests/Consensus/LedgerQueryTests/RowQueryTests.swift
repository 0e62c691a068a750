import Ledger
import Primitives
import Testing

@Suite struct RowQueryTests {
  @Test func weightsStayHiddenUntilTheyAreRevealed() throws {
    var network = try QueryNetwork { $0.newSubnet.commitRevealWeightsEnabled = true }
    network.run(blocks: 12)
    let (netuid, validator) = (QueryNetwork.netuid, QueryNetwork.validator)
    let salt: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    let hash = try WeightsCommitment(
      hotkey: validator, netuid: netuid,
      weights: SubmittedWeights(mechid: .main, uids: [2], values: [7], versionKey: 0), salt: salt
    ).hash(by: QueryNetwork.host.hash)
    try network.call(CommitWeights(netuid: netuid, mechid: .main, hash: hash), by: validator.account)

    #expect(try network.ask(WeightsQuery(netuid: netuid)).rows.isEmpty)
    #expect(try network.ask(NeuronQuery(netuid: netuid, uid: UID(1))).weights.isEmpty)
    #expect(try network.ask(NeuronsQuery(netuid: netuid)).neurons.allSatisfy { $0.weights.isEmpty })
    let commit = try #require(try network.ask(WeightCommitsQuery(netuid: netuid, hotkey: validator)).commits.first)
    #expect(commit.hash == hash)
    #expect(commit.block == BlockNumber(17))
    #expect(commit.revealFromBlock == BlockNumber(21))
    #expect(commit.revealUntilBlock == BlockNumber(30))

    network.run(blocks: Int(commit.revealFromBlock.value - 17))
    try network.call(
      RevealWeights(netuid: netuid, mechid: .main, uids: [2], values: [7], salt: salt, versionKey: 0),
      by: validator.account)
    let rows = try network.ask(WeightsQuery(netuid: netuid)).rows
    #expect(rows.map(\.uid) == [UID(1)])
    #expect(rows[0].uids == [UID(2)])
    #expect(rows[0].values == [65535])
    #expect(try network.ask(WeightCommitsQuery(netuid: netuid, hotkey: validator)).commits.isEmpty)
  }

  @Test func bondsFollowTheWeightsAfterAnEpoch() throws {
    let network = try QueryNetwork.busy()
    let bonds = try network.ask(BondsQuery(netuid: QueryNetwork.netuid)).rows
    #expect(bonds.map(\.uid).contains(UID(1)))
    #expect(throws: LedgerError.mechanismDoesNotExist) {
      try BondsQuery(netuid: QueryNetwork.netuid, mechid: MechID(1)).answer(
        from: network.state, with: QueryNetwork.host)
    }
  }

  @Test func relationsShowBothSidesAndWhatWaits() throws {
    let network = try QueryNetwork.busy()
    let (netuid, validator, miner) = (QueryNetwork.netuid, QueryNetwork.validator, QueryNetwork.miner)
    let children = try network.ask(ChildrenQuery(hotkey: validator, netuid: netuid)).shares
    #expect(children.map(\.hotkey) == [miner] && children.map(\.proportion) == [.max / 4])
    #expect(try network.ask(ParentsQuery(hotkey: miner, netuid: netuid)).shares.map(\.hotkey) == [validator])
    let pending = try network.ask(PendingChildrenQuery(hotkey: validator, netuid: netuid))
    #expect(pending.children.map(\.hotkey) == [QueryNetwork.ownerHotkey])
    #expect(pending.cooldownBlock == BlockNumber(28))
    #expect(try network.ask(PendingChildrenQuery(hotkey: miner, netuid: netuid)).cooldownBlock == nil)
    #expect(try network.ask(ChildkeyTakeQuery(hotkey: miner, netuid: netuid)).take == 500)
  }

  @Test func parametersGoByTheirNames() throws {
    let network = try QueryNetwork.busy()
    let values = try network.ask(SubnetHyperparametersQuery(netuid: QueryNetwork.netuid))
    #expect(values["tempo"] == .u64(10))
    #expect(values["recycle_or_burn"] == .word("burn"))
    #expect(values["yuma_version"] == .u64(3))
    #expect(values["subnet_is_active"] == .flag(true))
    #expect(values["user_liquidity_enabled"] == .flag(false))
    #expect(values["max_difficulty"] == .u64((1 << 62) - 1))
    #expect(values["alpha_sigmoid_steepness"] == .signed(1000))
    #expect(Set(values.values.map(\.name)).count == values.values.count)
    let globals = try network.ask(GlobalParametersQuery())
    #expect(globals["stake_threshold"] == .u64(0))
    #expect(globals["root_sell_threshold"] == .wide(-1))
    #expect(globals.values.count == GlobalParameters.table.count)
  }

  @Test func aPoolShowsItsReservesAndItsVolume() throws {
    let network = try QueryNetwork.busy()
    let info = try network.ask(DynamicInfoQuery(netuid: QueryNetwork.netuid))
    let subnet = try #require(network.state.subnets[QueryNetwork.netuid])
    #expect(info.taoIn == Rao(subnet.taoReserve) && info.alphaIn == subnet.alphaIn && info.alphaOut == subnet.alphaOut)
    #expect(info.movingPrice == subnet.emaPrice && info.movingPrice > 0)
    #expect(info.started && info.firstEmissionBlock == BlockNumber(3))
    #expect(try network.ask(DynamicInfosQuery()).subnets.map(\.netuid) == [.root, QueryNetwork.netuid])
  }

  @Test func certificatesProxiesAndAuthoritiesAreListed() throws {
    let network = try QueryNetwork.busy()
    let all = try network.ask(CertificatesQuery(netuid: QueryNetwork.netuid)).certificates
    #expect(all.map(\.hotkey) == [QueryNetwork.miner])
    #expect(all[0].certificate.count == 33)
    let other = CertificatesQuery(netuid: QueryNetwork.netuid, hotkey: QueryNetwork.validator)
    #expect(try network.ask(other).certificates.isEmpty)
    let proxies = try network.ask(ProxiesQuery(QueryNetwork.nominator))
    #expect(proxies.proxies.map(\.delegate) == [key(50)])
    #expect(proxies.proxies.map(\.delayBlocks) == [3])
    #expect(proxies.deposit == (try network.ask(AccountQuery(QueryNetwork.nominator.account)).reserved))
    let authorities = try network.ask(AuthoritiesQuery())
    #expect(authorities.keys == [key(90)] && authorities.sudoKey == QueryNetwork.owner.account)
  }

  @Test func emissionHistoryHasARowForEverySubnet() throws {
    let network = try QueryNetwork.busy()
    let state = try network.ask(SubnetStateQuery(netuid: QueryNetwork.netuid))
    #expect(state.neurons.hotkeys.count == 3)
    #expect(state.emissionHistory.map(\.netuid) == [.root, QueryNetwork.netuid])
    #expect(state.emissionHistory[0].emission == [0, 0, 0])
    #expect(state.emissionHistory[1].emission == state.neurons.emission)
    #expect(state.neurons.emission[2] > 0)
  }
}
