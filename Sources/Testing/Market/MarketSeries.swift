import JSONText

/// The text of a run: a table of samples as it grows, and what the script was refused at its end.
package struct MarketSeries: Sendable {
  package enum Form: Sendable {
    /// A heading, then one row a block and subnet.
    case csv
    /// One object a block.
    case jsonLines
  }

  package let form: Form

  package init(_ form: Form) { self.form = form }

  /// What stands before the first sample.
  package var heading: String {
    switch form {
    case .csv: MarketSample.csvHeader + "\n"
    case .jsonLines: ""
    }
  }

  package func lines(of sample: MarketSample) -> String {
    switch form {
    case .csv: sample.csvRows.map { $0 + "\n" }.joined()
    case .jsonLines: sample.json.compactText + "\n"
    }
  }

  /// Where the market stands at the end, for people: the chain, each subnet, and the refusals by name.
  package static func summary(of market: MarketSimulation) -> [String] {
    let sample = MarketSample(market.state)
    var lines = [
      "block \(sample.block): issuance \(tao(sample.issuance)) TAO, at most \(tao(sample.blockEmission)) TAO a block "
        + "(\(sample.halvings) \(sample.halvings == 1 ? "halving" : "halvings")), \(tao(sample.recycled)) TAO recycled"
    ]
    lines += sample.subnets.map { subnet in
      "subnet \(subnet.netuid): price \(tao(subnet.price)) TAO, pool \(tao(subnet.taoReserve)) TAO, "
        + "last block brought \(tao(subnet.emission)) TAO"
    }
    for name in market.refusals.keys.sorted() {
      let count = market.refusals[name] ?? 0
      lines.append("refused \(count) \(count == 1 ? "time" : "times"): \(name)")
    }
    return lines
  }

  /// Whole TAO with three fraction digits, rounded down.
  private static func tao(_ rao: UInt64) -> String {
    JSONValue.fixed(Int64(clamping: rao / 1_000_000), digits: 3).compactText
  }
}
