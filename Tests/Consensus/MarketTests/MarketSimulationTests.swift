import JSONText
import Ledger
import Market
import Primitives
import Testing

/// Markets over many blocks: what a person would want to see happen.
@Suite struct MarketSimulationTests {
  static let host = HostFunctions(
    hash: { bytes in Hash256(Bytes32(Array((bytes + Array(repeating: 0, count: 32)).prefix(32)))!) },
    isAcceptableKey: { _ in true }, decodeCall: { _ in nil })

  private func run(_ text: String, blocks: UInt64, sampling: UInt64) throws -> MarketSimulation {
    var market = MarketSimulation(try MarketScenario(JSONValue(parsing: text)), host: Self.host)
    market.run(blocks: blocks, sampling: sampling)
    #expect(market.state.brokenInvariant() == nil)
    return market
  }

  @Test func emissionHalvesWhenHalfOfTheSupplyIsThere() throws {
    let market = try run(
      """
      { "profile": "local", "balances": { "alice": "10499000" }, "subnets": 1,
        "events": [ { "block": 1, "do": "stake", "who": "alice", "netuid": 1, "tao": "100" } ] }
      """, blocks: 2000, sampling: 1)
    let sizes = Set(market.samples.map(\.blockEmission))
    #expect(sizes == [1_000_000_000, 500_000_000])
    let crossing = try #require(market.samples.first { $0.blockEmission == 500_000_000 })
    #expect(crossing.issuance >= 10_500_000 * Rao.perTAO)
    #expect(crossing.halvings == 1)
  }

  @Test func recycledRegistrationFeesDelayTheHalving() throws {
    func halvingBlock(registrations: String) throws -> UInt64 {
      let market = try run(
        """
        { "profile": "local", "balances": { "alice": "10499500", "miner": "100" }, "subnets": 1,
          "events": [ { "block": 1, "do": "stake", "who": "alice", "netuid": 1, "tao": "100" }\(registrations) ] }
        """, blocks: 1200, sampling: 1)
      return try #require(market.samples.first { $0.halvings == 1 }).block
    }
    let plain = try halvingBlock(registrations: "")
    let names = (0..<40).map { index in
      #", { "block": \#(index + 2), "do": "register", "who": "miner", "hotkey": "hotkey-\#(index)", "netuid": 1 }"#
    }
    #expect(try halvingBlock(registrations: names.joined()) > plain)
  }

  @Test func emissionMovesToTheSubnetThatStakeFlowsTo() throws {
    let market = try run(
      """
      { "profile": "local", "balances": { "alice": "1000", "bob": "1000" }, "subnets": 2,
        "events": [ { "block": 1, "do": "stake", "who": "alice", "netuid": 1, "tao": "10" },
                    { "from": 200, "every": 1, "until": 400, "do": "stake", "who": "bob", "netuid": 2, "tao": "1" } ] }
      """, blocks: 400, sampling: 50)
    func share(_ sample: MarketSample, _ netuid: UInt16) -> Double {
      let all = sample.subnets.reduce(0.0) { $0 + Double($1.emission) }
      return Double(sample.subnets.first { $0.netuid == NetUID(netuid) }!.emission) / all
    }
    #expect(share(market.samples[1], 1) > 0.99)
    #expect(share(market.samples[7], 2) > 0.99)
  }

  @Test func aSubnetThatEverybodyLeavesGetsNothing() throws {
    let market = try run(
      """
      { "profile": "local", "balances": { "alice": "1000" }, "subnets": 2,
        "events": [ { "block": 1, "do": "stake", "who": "alice", "netuid": 1, "tao": "20" },
                    { "block": 1, "do": "stake", "who": "alice", "netuid": 2, "tao": "20" },
                    { "block": 100, "do": "unstake", "who": "alice", "netuid": 2, "percent": 100 } ] }
      """, blocks: 160, sampling: 20)
    let after = try #require(market.samples.last)
    #expect(after.subnets[1].emission == 0)
    #expect(after.subnets[0].emission > 0)
    #expect(after.subnets[1].flow < 0)
  }

  @Test func theSameScenarioGivesTheSameSamples() throws {
    let text = """
      { "profile": "local", "balances": { "alice": "1000" }, "subnets": 3,
        "events": [ { "from": 1, "every": 3, "do": "stake", "who": "alice", "netuid": 2, "tao": "0.5" },
                    { "from": 50, "every": 7, "do": "unstake", "who": "alice", "netuid": 2, "percent": 15 } ] }
      """
    let first = try run(text, blocks: 300, sampling: 10)
    let second = try run(text, blocks: 300, sampling: 10)
    #expect(first.samples == second.samples)
    #expect(first.state.canonicalBytes == second.state.canonicalBytes)
  }

  @Test(arguments: [
    (#"{ "profil": "main" }"#, "profil"), (#"{ "profile": "test" }"#, "profile"),
    (#"{ "parameters": { "no_such": 1 } }"#, "parameters.no_such"),
    (#"{ "balances": { "alice": "a lot" } }"#, "balances.alice"),
    (#"{ "balances": { "alice": "22000000" } }"#, "balances"), (#"{ "subnets": 1000 }"#, "subnets"),
    (#"{ "events": [ { "do": "stake" } ] }"#, "events[0]"),
    (#"{ "events": [ { "block": 1, "do": "jump" } ] }"#, "events[0].do"),
    (#"{ "events": [ { "block": 1, "do": "stake", "who": "a", "netuid": 1, "tao": "-1" } ] }"#, "events[0].tao"),
  ])
  func aScenarioThatCannotBeReadNamesThePlace(text: String, place: String) throws {
    let document = try JSONValue(parsing: text)
    #expect { try MarketScenario(document) } throws: { ($0 as? MarketError)?.place == place }
  }
}
