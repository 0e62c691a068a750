import Glibc
import Ledger
import Market
import Primitives
import TestThreads
import Testing

/// The books of the ledger under random operations; `SUBNETKIT_OPERATIONS` sets how many.
@Suite(.computing) struct RandomMarketTests {
  private static let operations = getenv("SUBNETKIT_OPERATIONS").flatMap { Int(String(cString: $0)) } ?? 20_000
  private static let operationsEach = 500
  static let seeds = 1...UInt64(max(operations / operationsEach, 1))

  @Test(arguments: seeds)
  func everyInvariantHoldsAfterEveryOperation(seed: UInt64) {
    var market = RandomMarket(seed: seed)
    let broken = market.run(operations: Self.operationsEach)
    #expect(broken == nil, "seed \(seed)")
  }

  @Test func theMarketsReallyDoSomething() {
    var accepted = 0
    var netuids = Set<Int>()
    var epochs: UInt64 = 0
    var rootSales = 0
    for seed in UInt64(1)...10 {
      var market = RandomMarket(seed: seed)
      _ = market.run(operations: 300)
      accepted += market.accepted
      rootSales += market.rootSales
      netuids.formUnion(market.state.chain.netuids.map { Int($0.value) })
      epochs += market.state.chain.netuids.reduce(0) { $0 + (market.state.subnets[$1]?.clock.epochIndex ?? 0) }
    }
    #expect(accepted > 1000)
    #expect(netuids.count >= 4)
    #expect(epochs > 20)
    #expect(rootSales > 5)
  }

  @Test func theSameSeedEndsInTheSameState() {
    for seed in [UInt64(3), 17] {
      var first = RandomMarket(seed: seed)
      var second = RandomMarket(seed: seed)
      _ = first.run(operations: 300)
      _ = second.run(operations: 300)
      #expect(first.state.canonicalBytes == second.state.canonicalBytes)
    }
  }
}
