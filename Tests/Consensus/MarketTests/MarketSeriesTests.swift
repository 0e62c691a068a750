import JSONText
import Ledger
import Market
import Primitives
import TestThreads
import Testing

/// What a run writes, and the sample script that people begin with.
@Suite(.computing) struct MarketSeriesTests {
  private func market(_ text: String, blocks: UInt64) throws -> MarketSimulation {
    var market = MarketSimulation(try MarketScenario(JSONValue(parsing: text)), host: MarketSimulationTests.host)
    market.run(blocks: blocks, sampling: 1)
    return market
  }

  @Test func everyRowHasTheColumnsOfTheHeading() throws {
    let series = MarketSeries(.csv)
    let columns = series.heading.split(separator: ",", omittingEmptySubsequences: false).count
    for subnets in [0, 1, 3] {
      let market = try market(#"{ "profile": "local", "subnets": \#(subnets) }"#, blocks: 2)
      let lines = series.lines(of: market.samples[1]).split(separator: "\n")
      #expect(lines.count == max(subnets, 1))
      for line in lines { #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == columns) }
    }
  }

  @Test func aLineOfJSONHasTheFiguresOfTheSample() throws {
    let market = try market(#"{ "profile": "local", "subnets": 2 }"#, blocks: 5)
    let sample = try #require(market.samples.last)
    let line = try JSONValue(parsing: MarketSeries(.jsonLines).lines(of: sample))
    #expect(line["block"] == JSONValue(5))
    #expect(line["issuance"] == JSONValue(sample.issuance))
    #expect(try line.member("subnets").elements().count == 2)
    #expect(try line.member("subnets").elements()[1]["tao_reserve"] == JSONValue(sample.subnets[1].taoReserve))
  }

  @Test func refusalsOfTheScriptStandInTheSummary() throws {
    let market = try market(
      """
      { "profile": "local", "balances": { "alice": "1" }, "subnets": 1, "events": [
        { "from": 1, "every": 1, "until": 3, "do": "stake", "who": "alice", "netuid": 1, "tao": "100" },
        { "block": 2, "do": "transfer", "who": "alice", "to": "bob", "tao": "2" } ] }
      """, blocks: 5)
    #expect(market.refusals == ["NotEnoughBalanceToStake": 3, "InsufficientBalance": 1])
    let summary = MarketSeries.summary(of: market)
    #expect(summary.contains("refused 3 times: NotEnoughBalanceToStake"))
    #expect(summary.contains("refused 1 time: InsufficientBalance"))
    #expect(summary[0].hasPrefix("block 5: "))
  }

  @Test func progressIsToldToTheEndAndCanStopTheRun() throws {
    let scenario = try MarketScenario(JSONValue(parsing: #"{ "profile": "local", "subnets": 1 }"#))
    var told: [UInt64] = []
    var blocks: [UInt64] = []
    var whole = MarketSimulation(scenario, host: MarketSimulationTests.host)
    whole.run(
      blocks: 1000, sampling: 300,
      progress: {
        told.append($0); return true
      }, each: { blocks.append($0.block) })
    #expect(told == Array(stride(from: 5, through: 1000, by: 5)))
    #expect(blocks == [300, 600, 900, 1000])

    blocks = []
    var stopped = MarketSimulation(scenario, host: MarketSimulationTests.host)
    stopped.run(blocks: 1000, sampling: 300, progress: { $0 < 500 }, each: { blocks.append($0.block) })
    #expect(blocks == [300, 500])
  }

  @Test func registrationsWithoutAHotkeyBringANewOneEachTime() throws {
    let market = try market(
      """
      { "profile": "local", "balances": { "alice": "10" }, "subnets": 1, "events": [
        { "from": 1, "every": 1, "until": 5, "do": "register", "who": "alice", "netuid": 1 } ] }
      """, blocks: 6)
    #expect(market.refusals.isEmpty)
    #expect(market.state.slots[NetUID(1)]?.hotkeys.count == 6)
  }

  @Test func theSampleShowsAHalvingAShiftOfEmissionAndTheEndOfASubnet() throws {
    var market = MarketSimulation(
      try MarketScenario(JSONValue(parsing: MarketScenario.sampleText)), host: MarketSimulationTests.host)
    market.run(blocks: 12_000, sampling: 100)
    #expect(market.state.brokenInvariant() == nil)
    #expect(market.refusals.isEmpty)
    #expect(Set(market.samples.map(\.halvings)) == [0, 1])
    func emission(_ netuid: Int, at block: Int) -> UInt64 {
      market.samples[block / 100 - 1].subnets[netuid - 1].emission
    }
    #expect(emission(1, at: 100) > emission(2, at: 100))
    #expect(emission(2, at: 3000) > emission(1, at: 3000))
    #expect(emission(3, at: 5500) == 0)
    let netuids = Set(market.samples.map { $0.subnets.map(\.netuid) })
    #expect(netuids == [[NetUID(1), NetUID(2), NetUID(3)]])
    let registered = market.state.subnets[NetUID(3)]?.registeredAt ?? market.state.subnets[NetUID(1)]?.registeredAt
    #expect(registered != nil)
    #expect([1, 2, 3].contains { market.state.subnets[NetUID($0)]?.registeredAt == BlockNumber(9000) })
  }

  @Test func theMovingPriceComesNearAPriceThatStands() throws {
    let market = try market(#"{ "profile": "local", "subnets": 1 }"#, blocks: 300)
    let figures = try #require(market.samples.last?.subnets.first)
    #expect(figures.price == 1_000_000_000)
    #expect(figures.movingPrice > 990_000_000 && figures.movingPrice <= 1_000_000_000)
  }
}
