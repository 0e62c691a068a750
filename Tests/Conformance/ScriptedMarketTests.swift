import JSONText
import Ledger
import Primitives
import Testing

/// What the runner of scripted markets reads, beyond what the given scripts happen to use.
@Suite struct ScriptedMarketTests {
  private func market() throws -> ScriptedMarket {
    try ScriptedMarket(["profile": "local", "balances": ["own": "3000000000000", "val": "3000000000000"]])
  }

  private func found(_ hotkey: JSONValue) -> JSONValue { ["op": "registerNetwork", "cold": "own", "hot": hotkey] }

  @Test func aNumberThatIsFreeAgainIsTheOneOfTheNextSubnet() throws {
    var market = try market()
    for number in ["1", "2", "3"] {
      #expect(try market.run(found(.text("O" + number))) == ["netuid": .text(number)])
    }
    #expect(try market.run(["op": "dissolve", "netuid": "2"]) == [:])
    #expect(try market.run(found("P2")) == ["netuid": "2"])
    #expect(try market.run(["op": "dissolve", "netuid": "9"]) == ["error": "SubnetNotExists"])
  }

  @Test func aMoveGivesWhatItsPurchaseBought() throws {
    var market = try market()
    for number in ["1", "2"] { _ = try market.run(found(.text("O" + number))) }
    _ = try market.run(["op": "blocks", "count": 1])
    let bought = try market.run(["op": "addStake", "cold": "val", "hot": "O1", "netuid": "1", "amount": "100000000"])
    let alpha = try #require(bought["alpha"]).integer(UInt64.self)
    let before = try #require(market.state.subnets[NetUID(2)])
    let moved = try market.run([
      "op": "moveStake", "cold": "val", "hot": "O1", "toHot": "O2", "from": "1", "to": "2",
      "alpha": .text(String(alpha)),
    ])
    let after = try #require(market.state.subnets[NetUID(2)])
    #expect(try #require(moved["amount"]).integer(UInt64.self) == after.alphaOut - before.alphaOut)
    #expect(before.alphaIn - after.alphaIn == after.alphaOut - before.alphaOut)
    let inside = try market.run([
      "op": "moveStake", "cold": "val", "hot": "O2", "toHot": "O1", "from": "2", "to": "2", "alpha": "1000",
    ])
    #expect(inside == ["amount": "1000"])
  }

  @Test func fieldsThatMayBeMissingMayAlsoBeNull() throws {
    var market = try market()
    _ = try market.run(found("O1"))
    let step: JSONValue = [
      "op": "addStake", "cold": "val", "hot": "O1", "netuid": 1, "amount": 100_000_000, "limit": nil, "partial": nil,
      "remark": "of no meaning",
    ]
    #expect(try market.run(step)["alpha"] != nil)
    let limited: JSONValue = [
      "op": "addStake", "cold": "val", "hot": "O1", "netuid": "1", "amount": "100000000", "limit": "1",
    ]
    #expect(try market.run(limited) == ["error": "PriceLimitExceeded"])
    #expect(try market.run(["op": "blocks", "count": "2", "scores": nil]) == [:])
    #expect(market.state.block == BlockNumber(2))
  }

  @Test func anOperationNobodyKnowsIsNotPassedOver() throws {
    var market = try market()
    #expect(throws: UnknownVariant.self) { try market.run(["op": "levitate"]) }
  }
}
