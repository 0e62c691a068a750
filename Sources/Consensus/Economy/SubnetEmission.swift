/// Divides the TAO emission of a block among the live subnets.
///
/// The value is a workspace: a ledger keeps one and divides every block with it, without allocating again.
/// The parts never sum to more than the emission; what rounding leaves over is not minted.
///
/// - Source: economy 10.3.
package struct SubnetEmission: Sendable {
  /// The share each subnet had in the last division, in the order given. Shape: `[subnets]`.
  package private(set) var weights: [UInt128] = []
  /// What each subnet got in the last division, in rao. Shape: `[subnets]`.
  package private(set) var amounts: [UInt64] = []

  package init() {}

  /// How much the subnets' flows count for.
  package enum Exponent: UInt8, Hashable, Sendable {
    case one = 1
    case two = 2
    case three = 3
  }

  /// Divides by the flow averages: what lies above the cutoff is the weight.
  ///
  /// - Parameters:
  ///   - total: Emission of the block, in rao.
  ///   - flows: Flow averages of the live subnets by ascending netuid, SQ64. Shape: `[subnets]`.
  ///   - enabled: Whether the subnet may get TAO at all. Shape: `[subnets]`.
  ///   - cutoff: In rao; a negative one lets mild outflows keep a share.
  ///   - exponent: One is the rule of this network; the others favour the strong.
  /// - Precondition: `flows.count == enabled.count`; the weights sum to less than 2^128, which holds while each flow
  ///   stays within the supply and there are at most 128 subnets.
  package mutating func divide(
    _ total: UInt64, byFlows flows: [Int128], enabled: [Bool], cutoff: Int64, exponent: Exponent = .one
  ) {
    precondition(flows.count == enabled.count, "Each subnet needs its flow and its switch.")
    var lowest: Int128 = 0
    for flow in flows where flow < lowest { lowest = flow }
    let threshold = max(Int128(cutoff) << 64, lowest)

    weights.removeAll(keepingCapacity: true)
    var largest: UInt128 = 0
    for flow in flows {
      let weight = flow > threshold ? UInt128(truncatingIfNeeded: flow &- threshold) : 0
      largest = max(largest, weight)
      weights.append(weight)
    }
    if exponent != .one {
      for index in weights.indices { weights[index] = Self.power(weights[index], exponent, largest: largest) }
    }
    divide(total, enabled: enabled)
  }

  /// Divides by the moving prices.
  ///
  /// - Parameter prices: Moving prices of the live subnets by ascending netuid, Q64. Shape: `[subnets]`.
  /// - Precondition: `prices.count == enabled.count`, and the prices sum to less than 2^128.
  package mutating func divide(_ total: UInt64, byPrices prices: [UInt128], enabled: [Bool]) {
    precondition(prices.count == enabled.count, "Each subnet needs its price and its switch.")
    weights.removeAll(keepingCapacity: true)
    for price in prices { weights.append(price) }
    divide(total, enabled: enabled)
  }

  /// The flow averages less what the protocol itself put into each subnet.
  ///
  /// A positive protocol average counts in full only while users bring at least as much in all.
  ///
  /// - Parameters:
  ///   - users: Flow averages of stakers, SQ64. Shape: `[subnets]`.
  ///   - protocols: Averages of what the protocol injected and bought less what it took out, SQ64. Shape: `[subnets]`.
  /// - Precondition: Equal counts; sums and differences fit 127 bits, as those of amounts within the supply do.
  package static func netFlows(users: [Int128], protocols: [Int128]) -> [Int128] {
    precondition(users.count == protocols.count, "Each subnet needs both of its flows.")
    let userSum = positiveSum(users)
    let protocolSum = positiveSum(protocols)
    return zip(users, protocols).map { user, cost in
      guard cost > 0, protocolSum > userSum else { return user - cost }
      return user - Int128(mulDivFloor(UInt128(cost), userSum, protocolSum))
    }
  }

  private mutating func divide(_ total: UInt64, enabled: [Bool]) {
    var whole: UInt128 = 0
    for index in weights.indices {
      if !enabled[index] { weights[index] = 0 }
      let (sum, overflow) = whole.addingReportingOverflow(weights[index])
      precondition(!overflow, "The flows of all subnets together passed 128 bits; the supply cap rules this out.")
      whole = sum
    }
    amounts.removeAll(keepingCapacity: true)
    for weight in weights {
      amounts.append(weight == 0 ? 0 : portion(of: total, weight: weight, total: whole))
    }
  }

  /// The power of a weight relative to the largest one, Q32.
  private static func power(_ weight: UInt128, _ exponent: Exponent, largest: UInt128) -> UInt128 {
    guard weight > 0 else { return 0 }
    let relative = mulDivFloor(weight, 1 << 32, largest)
    switch exponent {
    case .one: return relative
    case .two: return (relative * relative) >> 32
    case .three: return (relative * relative * relative) >> 64
    }
  }

  private static func positiveSum(_ flows: [Int128]) -> UInt128 {
    flows.reduce(0) { $1 > 0 ? $0 + UInt128($1) : $0 }
  }
}
