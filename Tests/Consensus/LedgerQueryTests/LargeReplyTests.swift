import Ledger
import Primitives
import Testing

/// A subnet as full as the rules allow.
@Suite struct LargeReplyTests {
  @Test func fullRowsOfWeightsAreCutIntoPagesThatFit() throws {
    let network = try full()
    var uids: [UID] = []
    var cursor: [UInt8] = []
    repeat {
      let page = try network.ask(NeuronsQuery(netuid: QueryNetwork.netuid, page: PageRequest(after: cursor)))
      #expect(!page.neurons.isEmpty)
      uids += page.neurons.map(\.uid)
      cursor = page.nextCursor
    } while !cursor.isEmpty
    #expect(uids == (0..<256).map { UID($0) })
    #expect(try network.ask(WeightsQuery(netuid: QueryNetwork.netuid)).rows.count == 256)
  }

  @Test func identitiesAreLeftOutOfAMetagraphThatTheyWouldBurst() throws {
    var network = try full()
    #expect(try network.ask(MetagraphQuery(netuid: QueryNetwork.netuid)).identities.isEmpty)
    for number in 3..<256 {
      network.state.coldkeys.modify(Coldkey(wideKey(number))) { record in
        record.identity = Identity(
          ["image", "description", "additional"].map {
            IdentityField(name: $0, content: Array(repeating: 65, count: 1360))
          })
      }
    }
    let metagraph = try network.ask(MetagraphQuery(netuid: QueryNetwork.netuid))
    #expect(metagraph.hotkeys.count == 256)
    #expect(metagraph.identities.isEmpty)
    #expect(throws: LedgerError.tooLarge) {
      try MetagraphQuery(netuid: QueryNetwork.netuid, selection: [54]).reply(
        from: network.state, with: QueryNetwork.host)
    }
    let one = try network.ask(IdentityQuery(Coldkey(wideKey(3))))
    #expect(one.identity?.image.count == 1360)
  }

  @Test func commitmentsAreLeftOutOfAMetagraphThatTheyWouldBurst() throws {
    var network = try QueryNetwork()
    let netuid = QueryNetwork.netuid
    var commitment = Commitment()
    commitment.fields = Array(repeating: CommitmentField(.bigRaw, Array(repeating: 65, count: 512)), count: 3)
    for number in 0..<700 { network.state.commitments[HotkeyOnSubnet(netuid, Hotkey(wideKey(number)))] = commitment }
    let metagraph = try network.ask(MetagraphQuery(netuid: netuid))
    #expect(metagraph.hotkeys.count == 3)
    #expect(metagraph.commitments.isEmpty)
    expectTooLarge(network)

    var hotkeys: [Hotkey] = []
    var cursor: [UInt8] = []
    repeat {
      let page = try network.ask(CommitmentsQuery(netuid: netuid, page: PageRequest(after: cursor)))
      #expect(!page.commitments.isEmpty)
      hotkeys += page.commitments.map(\.hotkey)
      cursor = page.nextCursor
    } while !cursor.isEmpty
    #expect(hotkeys == (0..<700).map { Hotkey(wideKey($0)) }.sorted())
  }

  @Test func moreCommitmentsThanAListHoldsAreLeftOutToo() throws {
    var network = try QueryNetwork()
    for number in 0..<4097 {
      network.state.commitments[HotkeyOnSubnet(QueryNetwork.netuid, Hotkey(wideKey(number)))] = Commitment()
    }
    #expect(try network.ask(MetagraphQuery(netuid: QueryNetwork.netuid)).commitments.isEmpty)
    expectTooLarge(network)
    network.state.commitments[HotkeyOnSubnet(QueryNetwork.netuid, Hotkey(wideKey(0)))] = nil
    #expect(try network.ask(MetagraphQuery(netuid: QueryNetwork.netuid)).commitments.count == 4096)
  }

  private func expectTooLarge(_ network: QueryNetwork, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(throws: LedgerError.tooLarge, sourceLocation: sourceLocation) {
      try MetagraphQuery(netuid: QueryNetwork.netuid, selection: [73]).reply(
        from: network.state, with: QueryNetwork.host)
    }
  }

  private func full() throws -> QueryNetwork {
    var network = try QueryNetwork()
    let netuid = QueryNetwork.netuid
    let row = ScoreRow(uids: Array(0..<256), values: Array(repeating: 65535, count: 256))
    for number in 3..<256 {
      let hotkey = Hotkey(wideKey(number + 1000))
      network.state.pairIfUnowned(hotkey, with: Coldkey(wideKey(number)))
      let block = network.state.block
      network.state.slots.modify(netuid) { _ = $0.append(hotkey, at: block) }
      network.state.mechanisms.modify(MechanismKey(netuid, .main)) { $0.append(at: block) }
    }
    network.state.mechanisms.modify(MechanismKey(netuid, .main)) { scores in
      for uid in 0..<256 {
        scores.weights[uid] = row
        scores.bonds[uid] = row
      }
    }
    return network
  }

  private func wideKey(_ number: Int) -> AccountID {
    AccountID([UInt8(number & 0xff), UInt8(number >> 8)] + Array(repeating: UInt8(200), count: 30))!
  }
}
