import Ledger
import Primitives
import Testing

@Suite struct NeuronQueryTests {
  @Test func aNeuronShowsWhoStakesOnItAndWhomItRates() throws {
    var network = try QueryNetwork()
    network.run(blocks: 12)
    try network.call(
      SetWeights(netuid: QueryNetwork.netuid, uids: [0, 2], values: [0, 9]), by: QueryNetwork.validator.account)
    let neuron = try network.ask(NeuronQuery(netuid: QueryNetwork.netuid, uid: UID(1)))
    #expect(neuron.hotkey == QueryNetwork.validator)
    #expect(neuron.coldkey == QueryNetwork.coldkey)
    #expect(neuron.validatorPermit)
    #expect(neuron.stake.map(\.coldkey) == [QueryNetwork.coldkey, QueryNetwork.nominator])
    #expect(neuron.stake[0].amount > neuron.stake[1].amount)
    #expect(neuron.weights.map(\.uid) == [UID(2)])
    #expect(neuron.weights.map(\.value) == [65535])
    #expect(neuron.lastUpdate == 17)
  }

  @Test func liteNeuronsLeaveOutTheirRows() throws {
    var network = try QueryNetwork()
    network.run(blocks: 12)
    try network.call(
      SetWeights(netuid: QueryNetwork.netuid, uids: [2], values: [9]), by: QueryNetwork.validator.account)
    let full = try network.ask(NeuronsQuery(netuid: QueryNetwork.netuid))
    let lite = try network.ask(NeuronsQuery(netuid: QueryNetwork.netuid, lite: true))
    #expect(full.neurons.map(\.uid) == [UID(0), UID(1), UID(2)])
    #expect(full.neurons[1].weights.count == 1)
    #expect(lite.neurons.allSatisfy { $0.weights.isEmpty && $0.bonds.isEmpty })
    #expect(lite.nextCursor.isEmpty)
  }

  @Test func pagesFollowEachOtherWithoutGapOrRepetition() throws {
    let network = try QueryNetwork()
    var uids: [UID] = []
    var cursor: [UInt8] = []
    repeat {
      let page = try network.ask(
        NeuronsQuery(netuid: QueryNetwork.netuid, page: PageRequest(after: cursor, limit: 2)))
      uids += page.neurons.map(\.uid)
      cursor = page.nextCursor
    } while !cursor.isEmpty
    #expect(uids == [UID(0), UID(1), UID(2)])
  }

  @Test func aUidThatNobodyHoldsIsNotFound() throws {
    let network = try QueryNetwork()
    #expect(throws: LedgerError.notFound) {
      try NeuronQuery(netuid: QueryNetwork.netuid, uid: UID(3)).answer(from: network.state, with: QueryNetwork.host)
    }
    #expect(throws: LedgerError.subnetNotExists) {
      try NeuronQuery(netuid: NetUID(7), uid: UID(0)).answer(from: network.state, with: QueryNetwork.host)
    }
  }
}
