import Economy
package import JSONText
package import Ledger
package import Primitives

/// The figures of a market at one block.
package struct MarketSample: Sendable, Hashable {
  package struct SubnetFigures: Sendable, Hashable {
    package let netuid: NetUID
    /// Rao in the pool.
    package let taoReserve: UInt64
    package let alphaIn: UInt64
    package let alphaOut: UInt64
    /// Rao per whole alpha, now and moving.
    package let price: UInt64
    package let movingPrice: UInt64
    /// Rao of net stake per block, moving.
    package let flow: Int64
    /// Rao that the last block brought.
    package let emission: UInt64
    /// Rao of a registration.
    package let burn: UInt64
  }

  package let block: UInt64
  /// Rao in existence, and what the next block may mint.
  package let issuance: UInt64
  package let blockEmission: UInt64
  package let halvings: Int
  package let recycled: UInt64
  package let subnets: [SubnetFigures]

  package init(_ state: LedgerState) {
    block = state.block.value
    issuance = state.chain.issuance
    blockEmission = EmissionSchedule.emission(atIssuance: issuance)
    halvings = EmissionSchedule.halvings(atIssuance: issuance) ?? 0
    recycled = state.chain.recycled
    subnets = state.chain.netuids.filter { $0 != .root }.compactMap { netuid in
      guard let subnet = state.subnets[netuid] else { return nil }
      return SubnetFigures(
        netuid: netuid, taoReserve: subnet.taoReserve, alphaIn: subnet.alphaIn, alphaOut: subnet.alphaOut,
        price: UInt64(clamping: state.pool(of: netuid).displayPrice),
        movingPrice: UInt64(clamping: ((subnet.emaPrice >> 32) * UInt128(Rao.perTAO)) >> 32),
        flow: Int64(clamping: subnet.flowEma >> 64), emission: subnet.taoInEmission, burn: subnet.burn)
    }
  }
}

extension MarketSample {
  private static let subnetColumns = [
    "tao_reserve", "alpha_in", "alpha_out", "price", "moving_price", "flow", "tao_emission", "burn",
  ]

  /// The first line of a table of samples, one row a block and subnet; amounts in rao.
  package static let csvHeader =
    (["block", "issuance", "block_emission", "halvings", "recycled", "netuid"] + subnetColumns).joined(separator: ",")

  /// One row a subnet, or one with empty columns where there is none.
  package var csvRows: [String] {
    let chain = "\(block),\(issuance),\(blockEmission),\(halvings),\(recycled)"
    if subnets.isEmpty { return [chain + ",," + String(repeating: ",", count: Self.subnetColumns.count - 1)] }
    return subnets.map { figures in
      "\(chain),\(figures.netuid),\(figures.taoReserve),\(figures.alphaIn),\(figures.alphaOut),\(figures.price),"
        + "\(figures.movingPrice),\(figures.flow),\(figures.emission),\(figures.burn)"
    }
  }

  package var json: JSONValue {
    [
      "block": JSONValue(block), "issuance": JSONValue(issuance), "block_emission": JSONValue(blockEmission),
      "halvings": JSONValue(halvings), "recycled": JSONValue(recycled), "subnets": .list(subnets.map(\.json)),
    ]
  }
}

extension MarketSample.SubnetFigures {
  fileprivate var json: JSONValue {
    [
      "netuid": JSONValue(netuid.value), "tao_reserve": JSONValue(taoReserve), "alpha_in": JSONValue(alphaIn),
      "alpha_out": JSONValue(alphaOut), "price": JSONValue(price), "moving_price": JSONValue(movingPrice),
      "flow": JSONValue(flow), "tao_emission": JSONValue(emission), "burn": JSONValue(burn),
    ]
  }
}
