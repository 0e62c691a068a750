import Daemon
import Keys
import Localnet
import Neurons
import Primitives
import Testing
import Transport

@Suite struct RunRecordTests {
  private let miner = Hotkey(KeyPair.development(name: "miner-1").account)
  private let validator = Hotkey(KeyPair.development(name: "validator-1").account)

  private func epoch(_ index: UInt64, mined: UInt64, incentive: UInt16) -> EpochSummary {
    EpochSummary(
      index: index, block: BlockNumber(index * 10),
      rows: [
        .init(
          uid: UID(1), hotkey: validator, incentive: 0, dividends: 65535, minerEmission: 0, dividendEmission: 70),
        .init(
          uid: UID(2), hotkey: miner, incentive: incentive, dividends: 0, minerEmission: mined, dividendEmission: 0),
      ])
  }

  @Test func anEpochIsSettledOnlyWhenWeightsPaidAMiner() {
    #expect(epoch(1, mined: 30, incentive: 65535).isSettled)
    #expect(!epoch(1, mined: 0, incentive: 65535).isSettled)
    #expect(!epoch(1, mined: 30, incentive: 0).isSettled)
  }

  @Test func totalsAreSumsOverEpochsAndTheFirstSettlementKeepsItsTime() {
    var record = RunRecord(netuid: NetUID(1))
    record.settle(epoch(1, mined: 0, incentive: 0), elapsed: .seconds(1))
    #expect(record.times.firstSettlement == nil)
    record.settle(epoch(2, mined: 30, incentive: 9), elapsed: .seconds(2))
    record.settle(epoch(3, mined: 12, incentive: 9), elapsed: .seconds(3))
    #expect(record.times.firstSettlement == .seconds(2))
    #expect(record.settledEpochs.map(\.index) == [2, 3])
    #expect(record.totals(of: miner) == (42, 42))
    #expect(record.totals(of: validator) == (210, 0))
  }

  @Test func onlyEventsOfTheSubnetCountAsItsWeightsAndEpochs() {
    var record = RunRecord(netuid: NetUID(1))
    func weights(_ netuid: UInt64, _ uid: UInt64) -> Fields {
      ["weights_set": .group(["netuid": .unsigned(netuid), "mechid": .unsigned(0), "uid": .unsigned(uid)])]
    }
    func ran(_ netuid: UInt64, mechid: UInt64) -> Fields {
      [
        "epoch_ran": .group([
          "netuid": .unsigned(netuid), "epoch_index": .unsigned(5), "mechid": .unsigned(mechid),
          "miner_emissions": .unsignedList([]),
        ])
      ]
    }
    record.take(BlockNumber(1), stateRoot: .zero, events: [weights(2, 7)], elapsed: .seconds(1))
    #expect(record.times.firstWeights == nil)
    #expect(record.lastWeights.isEmpty)
    record.take(BlockNumber(2), stateRoot: .zero, events: [weights(1, 3)], elapsed: .seconds(2))
    record.take(BlockNumber(3), stateRoot: .zero, events: [weights(1, 3)], elapsed: .seconds(3))
    #expect(record.times.firstWeights == .seconds(2))
    #expect(record.lastWeights == [UID(3): BlockNumber(3)])
    #expect(record.height == BlockNumber(3))
    #expect(record.epochs(in: [ran(2, mechid: 0), ran(1, mechid: 1)]).isEmpty)
    #expect(record.epochs(in: [ran(1, mechid: 0)]) == [5])
  }

  @Test func everyAccountThatAnEventNamesIsKnownAfterwards() {
    var record = RunRecord(netuid: NetUID(1))
    let event: Fields = [
      "transferred": .group(["from": .bytes(miner.bytes), "to": .bytes(validator.bytes), "amount": .unsigned(1)])
    ]
    record.take(BlockNumber(1), stateRoot: .zero, events: [event], elapsed: .zero)
    #expect(record.accounts == [miner.account, validator.account])
  }
}

@Suite struct WatchedTests {
  @Test func whatIsThereIsFoundHoweverShortTheLimit() async throws {
    let watched = Watched(1)
    for _ in 0..<100 {
      #expect(try await watched.first(within: .zero) { $0 == 1 ? true : nil } == true)
      #expect(try await watched.first(within: .zero) { $0 == 2 ? true : nil } == nil)
    }
  }
}

@Suite struct MinerOpinionTests {
  private let miner = Hotkey(KeyPair.development(name: "miner-1").account)

  /// What a validator says of a miner, as its status document has it.
  private func opinions(measure: String) -> [Hotkey: MinerOpinion] {
    let tasks = #"{"sent":4,"answered":3,"refused":1,"timed_out":0}"#
    let row = #"{"uid":1,"hotkey":"\#(miner.account.address)","tasks":\#(tasks),"score":0.25,"measure":\#(measure)}"#
    return MinerOpinion.all(in: Array(#"{"miners":[\#(row)]}"#.utf8))
  }

  @Test func whatValidatorsMeasuredIsOneMeanOverAllTheirAnswers() {
    var plan = LocalnetPlan(subnet: "text", executables: "/bin", folder: StateFolder(existing: "/tmp/none"))
    plan.validatorCount = 2
    var state = NetworkState(plan)
    #expect(state.measure(of: miner) == nil)
    state.nodes[.validator(1)]?.opinions = opinions(measure: #"{"name":"bits per byte","mean":2.5,"count":3}"#)
    state.nodes[.validator(2)]?.opinions = opinions(measure: #"{"name":"bits per byte","mean":4.5,"count":1}"#)
    #expect(state.measure(of: miner) == MeasureMean(name: "bits per byte", mean: 3, count: 4))
    #expect(state.score(of: miner) == 0.25)
  }

  @Test(arguments: [
    "null", #"{"name":"x"}"#, #"{"name":"x","mean":1e300,"count":1}"#, #"{"name":"x","mean":1,"count":0}"#,
  ])
  func anOpinionWithoutAReadableMeasureIsStillAnOpinion(measure: String) {
    #expect(opinions(measure: measure)[miner]?.score == 0.25)
    #expect(opinions(measure: measure)[miner]?.measure == nil)
  }
}

@Suite struct LocalnetPlanTests {
  private func plan(_ subnet: String, validators: Int = 2, miners: Int = 4) -> LocalnetPlan {
    var plan = LocalnetPlan(subnet: subnet, executables: "/bin", folder: StateFolder(existing: "/tmp/none"))
    plan.validatorCount = validators
    plan.minerCount = miners
    return plan
  }

  @Test func minersOfTheTextSubnetLookBackFurtherOneAfterTheOther() {
    let plan = plan("text", miners: 10)
    #expect((1...10).map { plan.order(of: .miner($0)) } == [1, 2, 3, 4, 5, 6, 7, 8, 8, 8])
    #expect(plan.order(of: .validator(1)) == nil)
    #expect(self.plan("adder").order(of: .miner(1)) == nil)
  }

  @Test func anOptionForAllMinersReplacesTheirOwn() {
    var plan = plan("text")
    plan.options = ["k=5"]
    #expect(plan.order(of: .miner(1)) == nil)
  }

  @Test func validatorsHaveStakesThatFallAndKeysThatDiffer() {
    let neurons = plan("adder", validators: 3, miners: 2).neurons
    #expect(neurons.map(\.stake) == [.tao(300), .tao(200), .tao(100), .zero, .zero])
    #expect(neurons.map(\.name) == neurons.map(\.name).sorted())
    #expect(Set(neurons.map(\.hotkey)).count == 5)
  }

  @Test func aFolderTellsHowToReachItsChain() throws {
    let folder = try TemporaryFolder()
    let state = try StateFolder(making: folder.path)
    #expect(throws: LocalnetError.self) { try state.address() }
    let endpoint = try #require(Endpoint("tcp://127.0.0.1:4321"))
    let address = ChainAddress(
      endpoint: endpoint, authority: KeyPair.development(name: "authority").account,
      genesis: Hash256(hashing: [1, 2, 3]))
    try state.write(address, of: plan("adder"))
    #expect(try StateFolder(existing: folder.path).address() == address)
    try AtomicFile(folder.path + "/localnet.json").write([0x7B])
    #expect(throws: LocalnetError.self) { try state.address() }
  }

  @Test func sharesAndAmountsAreRoundedForTheEye() {
    #expect([0, 1, 33, 32768, 65535].map(percent) == ["0.0%", "0.0%", "0.1%", "50.0%", "100.0%"])
    #expect([0, 999_999, 1_000_000, 12_345_678_901].map(shortAmount) == ["0.000", "0.000", "0.001", "12.345"])
  }
}
