import Ledger
import Primitives
import Testing

@Suite struct CommitmentQueryTests {
  private let netuid = QueryNetwork.netuid

  @Test func aCommitmentShowsItsFieldsAndTheBlockOfTheClaim() throws {
    var network = try QueryNetwork()
    let fields = [
      CommitmentField(.raw, Array("repository:revision:hash".utf8)),
      CommitmentField(.digest, Array(repeating: 9, count: 32), digest: 2), CommitmentField(.none),
    ]
    try commit(fields, by: QueryNetwork.miner, &network)
    let row = try network.ask(CommitmentQuery(netuid: netuid, hotkey: QueryNetwork.miner))
    #expect(row.hotkey == QueryNetwork.miner)
    #expect(row.contents == fields)
    #expect(row.block == BlockNumber(5))

    network.run(blocks: 3)
    try commit([CommitmentField(.raw, [1])], by: QueryNetwork.miner, &network)
    let later = try network.ask(CommitmentQuery(netuid: netuid, hotkey: QueryNetwork.miner))
    #expect(later.contents == [CommitmentField(.raw, [1])])
    #expect(later.block == BlockNumber(8))
  }

  @Test func aHotkeyThatCommittedToNothingIsNotFound() throws {
    var network = try QueryNetwork()
    try commit([CommitmentField(.raw, [1])], by: QueryNetwork.miner, &network)
    for (netuid, hotkey) in [(netuid, QueryNetwork.validator), (.root, QueryNetwork.miner)] {
      #expect(throws: LedgerError.notFound) {
        try CommitmentQuery(netuid: netuid, hotkey: hotkey).answer(from: network.state, with: QueryNetwork.host)
      }
    }
  }

  @Test func commitmentsComeByHotkeyInPages() throws {
    var network = try QueryNetwork()
    #expect(try network.ask(CommitmentsQuery(netuid: netuid)) == CommitmentPageAnswer())
    // In buckets of their own, and two in one.
    let hotkeys = [key(5), key(2), key(4), key(0x91), key(0xf3)].map(Hotkey.init)
    for hotkey in hotkeys.suffix(2) {
      try network.call(RegisterNeuron(netuid: netuid, hotkey: hotkey), by: QueryNetwork.coldkey.account)
    }
    for hotkey in hotkeys { try commit([CommitmentField(.raw, [hotkey.bytes[0]])], by: hotkey, &network) }

    let all = try network.ask(CommitmentsQuery(netuid: netuid)).commitments
    #expect(all.map(\.hotkey) == hotkeys.sorted())
    #expect(all.allSatisfy { $0.contents == [CommitmentField(.raw, [$0.hotkey.bytes[0]])] })
    for limit in [1, 2, 4] {
      var paged: [CommitmentRow] = []
      var cursor: [UInt8] = []
      repeat {
        let page = PageRequest(after: cursor, limit: UInt32(limit))
        let answer = try network.ask(CommitmentsQuery(netuid: netuid, page: page))
        #expect(answer.commitments.count <= limit)
        paged += answer.commitments
        cursor = answer.nextCursor
      } while !cursor.isEmpty
      #expect(paged == all)
    }
    #expect(try network.ask(CommitmentsQuery(netuid: .root)).commitments.isEmpty)
  }

  @Test func aPageGoesOnBehindItsLastHotkeyWhateverHappensToIt() throws {
    var network = try QueryNetwork()
    for hotkey in [QueryNetwork.validator, QueryNetwork.miner] {
      try commit([CommitmentField(.raw, [1])], by: hotkey, &network)
    }
    let first = try network.ask(CommitmentsQuery(netuid: netuid, page: PageRequest(after: [], limit: 1)))
    #expect(first.commitments.map(\.hotkey) == [QueryNetwork.validator])
    network.state.commitments[HotkeyOnSubnet(netuid, QueryNetwork.validator)] = nil
    let second = try network.ask(CommitmentsQuery(netuid: netuid, page: PageRequest(after: first.nextCursor)))
    #expect(second.commitments.map(\.hotkey) == [QueryNetwork.miner])
    #expect(second.nextCursor.isEmpty)
  }

  @Test func aCommitmentStaysWhenItsHotkeyLosesItsUid() throws {
    var network = try QueryNetwork { $0.newSubnet.maxAllowedUIDs = 3 }
    let pruned = try #require(try network.ask(NeuronToPruneQuery(netuid: netuid)).uid)
    let hotkey = try network.ask(NeuronQuery(netuid: netuid, uid: pruned)).hotkey
    try commit([CommitmentField(.raw, [1])], by: hotkey, &network)
    try network.call(RegisterNeuron(netuid: netuid, hotkey: Hotkey(key(30))), by: QueryNetwork.coldkey.account)

    #expect(try network.ask(UidOfQuery(netuid: netuid, hotkey: hotkey)).uid == nil)
    let row = try network.ask(CommitmentQuery(netuid: netuid, hotkey: hotkey))
    #expect(row.contents == [CommitmentField(.raw, [1])])
    #expect(try network.ask(CommitmentsQuery(netuid: netuid)).commitments == [row])
    #expect(try network.ask(MetagraphQuery(netuid: netuid)).commitments == [row])
  }

  @Test func theMetagraphShowsTheCommitmentsOfItsSubnet() throws {
    var network = try QueryNetwork()
    #expect(try network.ask(MetagraphQuery(netuid: netuid)).commitments.isEmpty)
    for hotkey in [QueryNetwork.miner, QueryNetwork.validator] {
      try commit([CommitmentField(.raw, [hotkey.bytes[0]])], by: hotkey, &network)
    }
    let all = try network.ask(CommitmentsQuery(netuid: netuid)).commitments
    #expect(all.count == 2)
    #expect(try network.ask(MetagraphQuery(netuid: netuid)).commitments == all)
    #expect(try network.ask(MetagraphQuery(netuid: netuid, selection: [73])).commitments == all)
    #expect(try network.ask(MetagraphQuery(netuid: netuid, selection: [72])).commitments.isEmpty)
    #expect(try network.ask(MetagraphQuery(netuid: .root)).commitments.isEmpty)
  }

  private func commit(_ fields: [CommitmentField], by hotkey: Hotkey, _ network: inout QueryNetwork) throws {
    try network.call(SetCommitment(netuid: netuid, fields: fields), by: hotkey.account)
  }
}
