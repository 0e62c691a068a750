package import JSONText
import Ledger
import Primitives

/// Measures the ledger alone on one core: empty blocks, transfers and trades in a second.
package enum EconomyBenchmark {
  /// One line of the result.
  package struct Row: Sendable, Hashable {
    /// `empty blocks`, `transfers` or `trades`.
    package let work: String
    package let subnets: Int
    /// How many were done, and in which time.
    package let count: Int
    package let nanoseconds: Int64

    package var perSecond: Int64 { Int64(Double(count) * 1e9 / Double(max(nanoseconds, 1))) }
  }

  /// Subnets of the rows of empty blocks.
  package static let sizes = [1, 8, 64, 128]

  /// Measures every row, each for about `budget` and at least one epoch of every subnet.
  package static func rows(sizes: [Int] = sizes, budget: Duration = .seconds(2)) -> [Row] {
    var rows = sizes.flatMap { subnets in
      let state = EconomyFixture.state(subnets: subnets)
      return [
        emptyBlocks(state, subnets, epochs: false, budget), emptyBlocks(state, subnets, epochs: true, budget),
      ]
    }
    let state = EconomyFixture.state(subnets: 8)
    rows.append(transfers(state, budget))
    rows.append(trades(state, budget))
    return rows
  }

  private static func emptyBlocks(_ start: LedgerState, _ subnets: Int, epochs: Bool, _ budget: Duration) -> Row {
    var state = start
    if !epochs {
      for netuid in state.chain.netuids { state.subnets.modify(netuid) { $0.parameters.tempo = 0 } }
    }
    return measure(epochs ? "blocks with epochs" : "empty blocks", subnets, atLeast: 720, budget) { _ in
      _ = state.beginBlock(with: EconomyFixture.host)
    }
  }

  private static func transfers(_ start: LedgerState, _ budget: Duration) -> Row {
    var state = start
    let call = Transfer(to: EconomyFixture.friend, amount: Rao(1000))
    return measure("transfers", 8, atLeast: 1000, budget) { _ in
      EconomyFixture.perform { () throws(LedgerError) in
        _ = try state.run(call, as: .signed(EconomyFixture.trader), with: EconomyFixture.host)
      }
    }
  }

  /// Buys and sells by turns, so that the pool stays where it is.
  private static func trades(_ start: LedgerState, _ budget: Duration) -> Row {
    var state = start
    let netuids = state.chain.netuids.filter { $0 != .root }
    let hotkeys = netuids.map { state.subnets[$0]!.ownerHotkey }
    let trader = Coldkey(EconomyFixture.trader)
    return measure("trades", 8, atLeast: 1000, budget) { index in
      let place = index / 2 % netuids.count
      let (netuid, hotkey) = (netuids[place], hotkeys[place])
      let held = state.stake(of: trader, on: hotkey, in: netuid)
      EconomyFixture.perform { () throws(LedgerError) in
        if index.isMultiple(of: 2) {
          let call = AddStake(hotkey: hotkey, netuid: netuid, amount: .tao(1))
          _ = try state.run(call, as: .signed(EconomyFixture.trader), with: EconomyFixture.host)
        } else {
          let call = RemoveStake(hotkey: hotkey, netuid: netuid, amount: Rao(held))
          _ = try state.run(call, as: .signed(EconomyFixture.trader), with: EconomyFixture.host)
        }
      }
    }
  }

  private static func measure(
    _ work: String, _ subnets: Int, atLeast least: Int, _ budget: Duration, _ body: (Int) -> Void
  ) -> Row {
    let start = ContinuousClock.now
    var count = 0
    var spent = Duration.zero
    while count < least || spent < budget {
      for _ in 0..<100 {
        body(count)
        count += 1
      }
      spent = ContinuousClock.now - start
    }
    return Row(work: work, subnets: subnets, count: count, nanoseconds: spent.wholeNanoseconds)
  }
}

extension EconomyBenchmark {
  /// All rows as one JSON list.
  package static func json(_ rows: [Row]) -> JSONValue {
    .list(
      rows.map { row in
        [
          "work": .text(row.work), "subnets": JSONValue(row.subnets), "count": JSONValue(row.count),
          "nanoseconds": JSONValue(row.nanoseconds), "per_second": JSONValue(row.perSecond),
        ]
      })
  }

  /// All rows as a table for people.
  package static func table(_ rows: [Row]) -> String {
    alignedTable(
      [["work", "subnets", "per second", "microseconds each"]]
        + rows.map { row in
          let each = row.nanoseconds / Int64(row.count)
          return [row.work, "\(row.subnets)", "\(row.perSecond)", JSONValue.fixed(each, digits: 3).compactText]
        })
  }
}
