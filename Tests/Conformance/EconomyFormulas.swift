import Economy
import JSONText
import Primitives

/// Runs one case of the economy's golden vectors and gives its output in the vectors' own shape.
enum EconomyFormulas {
  typealias Formula = @Sendable (JSONValue) throws -> JSONValue

  /// The topics that need no state of a ledger, by the name in their file.
  static let byTopic: [String: Formula] = [
    "emission_schedule": emissionSchedule, "halving_delay": halvingDelay, "lock_cost": lockCost,
    "burn_continuous": burnContinuous, "burn_interval": burnInterval, "amm_swap": swap, "amm_limit": limit,
    "price_ema": priceAverage, "flow_ema": flowAverage, "flow_share": flowShare, "flow_net": flowNet,
    "subnet_terms": subnetTerms, "participant_split": participantSplit, "split_exact": exactSplit,
    "share_pool": sharePool, "stake_weight": stakeWeight, "parent_child": parentChild,
    "dividend_split": dividendSplit, "dissolve": dissolve, "prune": prune, "pool_seed": poolSeed,
    "root_claim": rootClaim,
  ]

  /// The topics that are scripts on a whole chain; the ledger's suite runs them.
  static let ofTheLedger: Set<String> = ["epoch_nominators", "scenario"]
}

/// A case that asks for a variant nobody has written.
struct UnknownVariant: Error {
  let name: String
}

// Reading and writing in the vectors' shape: integers are decimal texts.
extension JSONValue {
  func callAsFunction<Integer: FixedWidthInteger>(_ name: String) throws -> Integer { try member(name).integer() }

  func list<Integer: FixedWidthInteger>(_ name: String) throws -> [Integer] { try member(name).integers() }

  static func number(_ value: some FixedWidthInteger) -> JSONValue { .text(String(value)) }

  static func numbers(_ values: [some FixedWidthInteger]) -> JSONValue { .list(values.map { .number($0) }) }

  static func record(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(members.map { JSONMember($0, $1) })
  }

  static func byName(_ members: [String: UInt64]) -> JSONValue {
    .object(members.sorted { $0.key < $1.key }.map { JSONMember($0, .number($1)) })
  }

  /// The same value with the members of every object in order of their names, for comparison.
  var ordered: JSONValue {
    switch self {
    case .list(let values): .list(values.map(\.ordered))
    case .object(let members):
      .object(members.sorted { $0.name < $1.name }.map { JSONMember($0.name, $0.value.ordered) })
    default: self
    }
  }
}

// The schedule and what it steers.
extension EconomyFormulas {
  @Sendable static func emissionSchedule(_ input: JSONValue) throws -> JSONValue {
    let issuance: UInt64 = try input("issuance")
    let halvings = EmissionSchedule.halvings(atIssuance: issuance)
    return .record([
      "halvings": halvings.map { .number($0) } ?? .null,
      "emission": .number(EmissionSchedule.emission(atIssuance: issuance)),
    ])
  }

  @Sendable static func halvingDelay(_ input: JSONValue) throws -> JSONValue {
    let blocks = EmissionSchedule.blocks(
      untilHalving: try input("threshold"), fromIssuance: try input("start"),
      recycledPerBlock: try input("recycledPerBlock"))
    return .record(["blocks": blocks.map { .number($0) } ?? .null])
  }

  @Sendable static func flowAverage(_ input: JSONValue) throws -> JSONValue {
    let factor: UInt64 = try input("factor")
    var average: Int128 = try input("emaQ64")
    func step(_ flow: Int64) -> Int128 {
      average = FlowAverage.next(average, flow: flow, factor: factor)
      return average
    }
    if input["flows"] != nil {
      let flows: [Int64] = try input.list("flows")
      return .record(["trace": .numbers(flows.map(step))])
    }
    let flow: Int64 = try input("flow")
    let steps: Int = input["steps"] == nil ? 1 : try input("steps")
    for _ in 0..<steps { _ = step(flow) }
    return .record(["emaQ64": .number(average)])
  }

  @Sendable static func flowShare(_ input: JSONValue) throws -> JSONValue {
    let flows: [Int64] = try input.list("flows")
    let disabled: [Int] = try input.list("disabled")
    guard let exponent = SubnetEmission.Exponent(rawValue: try input("exponent")) else {
      throw UnknownVariant(name: "exponent")
    }
    var division = SubnetEmission()
    division.divide(
      try input("total"), byFlows: flows.map { Int128($0) << 64 },
      enabled: flows.indices.map { !disabled.contains($0) }, cutoff: try input("cutoff"), exponent: exponent)
    return .record(["emission": .numbers(division.amounts)])
  }

  @Sendable static func flowNet(_ input: JSONValue) throws -> JSONValue {
    let users: [Int64] = try input.list("user")
    let protocols: [Int64] = try input.list("protocol")
    let net = SubnetEmission.netFlows(
      users: users.map { Int128($0) << 64 }, protocols: protocols.map { Int128($0) << 64 })
    return .record(["netQ64": .numbers(net)])
  }

  @Sendable static func subnetTerms(_ input: JSONValue) throws -> JSONValue {
    let pool = ConstantProductPool(tao: try input("tao"), alpha: try input("alphaIn"))
    let injection = Injection(
      taoEmission: try input("taoEmission"), blockEmission: try input("blockEmission"), pool: pool,
      alphaIssuance: try pool.alpha + input("alphaOut"))
    return .record([
      "alpha_out": .number(injection.alphaOut), "alpha_in": .number(injection.alphaIn),
      "tao_in": .number(injection.taoIn), "excess_tao": .number(injection.excess),
    ])
  }

  @Sendable static func participantSplit(_ input: JSONValue) throws -> JSONValue {
    let split = AlphaSplit(
      alphaOut: try input("alphaOut"), ownerCut: try input("ownerCut"), rootWeighted: try input("rootWeighted"),
      alphaIssuance: try input("issuance"))
    return .record([
      "owner": .number(split.owner), "server": .number(split.server), "validator": .number(split.validator),
      "root": .number(split.root),
    ])
  }
}

// Prices of entry, and leaving.
extension EconomyFormulas {
  @Sendable static func lockCost(_ input: JSONValue) throws -> JSONValue {
    let minLock: UInt64 = try input("minLock")
    let interval: UInt64 = try input("interval")
    let issuance: UInt64 = try input("issuance")
    func cost(_ lastLock: UInt64, _ lastBlock: UInt64, _ now: UInt64) -> UInt64 {
      LockCost.cost(
        lastLock: lastLock, lastLockBlock: lastBlock, now: now, minLock: minLock, reductionInterval: interval,
        issuance: issuance)
    }
    guard input["sequence"] != nil else {
      return .record([
        "effectiveInterval": .number(LockCost.effectiveInterval(reductionInterval: interval, issuance: issuance)),
        "cost": .number(cost(try input("lastLock"), try input("lastBlock"), try input("now"))),
      ])
    }
    var lastLock: UInt64 = try input("startLastLock")
    var lastBlock: UInt64 = try input("startLastBlock")
    let blocks: [UInt64] = try input.list("sequence")
    let costs = blocks.map { now in
      lastLock = cost(lastLock, lastBlock, now)
      lastBlock = now
      return lastLock
    }
    return .record(["costs": .numbers(costs)])
  }

  @Sendable static func burnContinuous(_ input: JSONValue) throws -> JSONValue {
    let kind = try input.member("kind").string()
    if kind == "factor" {
      return .record(["factorQ32": .number(RegistrationPrice.factor(halfLife: try input("halfLife")))])
    }
    let bounds = RegistrationPrice.Bounds(lowest: try input("min"), highest: try input("max"))
    switch kind {
    case "bump":
      let price = RegistrationPrice.raised(
        try input("burn"), numerator: try input("num"), denominator: try input("den"), within: bounds)
      return .record(["burn": .number(price)])
    case "decay":
      let factor = RegistrationPrice.factor(halfLife: try input("halfLife"))
      let blocks: Int = try input("blocks")
      let sample: [Int]? = input["sample"] == nil ? nil : try input.list("sample")
      var price: UInt64 = try input("burn")
      var prices: [UInt64] = []
      for block in stride(from: 1, through: blocks, by: 1) {
        price = RegistrationPrice.decayed(price, factor: factor, within: bounds)
        if sample?.contains(block) ?? true { prices.append(price) }
      }
      return .record(["burns": .numbers(prices)])
    case "script":
      return try burnScript(input, bounds: bounds)
    default:
      throw UnknownVariant(name: kind)
    }
  }

  private static func burnScript(_ input: JSONValue, bounds: RegistrationPrice.Bounds) throws -> JSONValue {
    let factor = RegistrationPrice.factor(halfLife: try input("halfLife"))
    var price: UInt64 = try input("start")
    var paid: [UInt64] = []
    for letter in try input.member("script").string() {
      switch letter {
      case "R":
        paid.append(price)
        price = RegistrationPrice.raised(
          price, numerator: try input("num"), denominator: try input("den"), within: bounds)
      case "B": price = RegistrationPrice.decayed(price, factor: factor, within: bounds)
      default: throw UnknownVariant(name: String(letter))
      }
    }
    return .record(["paid": .numbers(paid), "final": .number(price)])
  }

  @Sendable static func burnInterval(_ input: JSONValue) throws -> JSONValue {
    let price = RegistrationPrice.adjusted(
      try input("burn"), registrations: try input("registrations"), target: try input("target"),
      adjustmentAlpha: try input("adjustmentAlpha"),
      within: RegistrationPrice.Bounds(lowest: try input("min"), highest: try input("max")))
    return .record(["burn": .number(price)])
  }

  @Sendable static func dissolve(_ input: JSONValue) throws -> JSONValue {
    let result = Dissolution(
      pot: try input("pot"), stakes: try input.list("holders"), poolAlpha: try input("poolAlpha"))
    return .record(["paid": .numbers(result.paid), "recycled": .number(result.recycled)])
  }

  @Sendable static func prune(_ input: JSONValue) throws -> JSONValue {
    let candidates = try input.member("subnets").elements().map { subnet in
      RemovalCandidate(
        netUID: NetUID(try subnet("netuid")), registeredAt: try subnet("registered_at"),
        movingPrice: try subnet("ema_price"))
    }
    let weakest = RemovalCandidate.weakest(of: candidates, now: try input("now"), immunity: try input("immunity"))
    return .record(["netuid": weakest.map { .number($0.value) } ?? .null])
  }

  @Sendable static func poolSeed(_ input: JSONValue) throws -> JSONValue {
    let mode = try input.member("mode").string()
    let cost: UInt64 = try input("lock")
    let others = try input.member("prices").elements().map { pool in
      ConstantProductPool(tao: try pool("tao"), alpha: try pool("alpha"))
    }
    let seed: PoolSeed?
    switch mode {
    case "minLockAtOne": seed = .minLockAtOne(cost: cost, minLock: try input("minLock"))
    case "medianPrice": seed = .medianPrice(cost: cost, others: others)
    default: throw UnknownVariant(name: mode)
    }
    guard let seed else { throw UnknownVariant(name: "a seed above the supply") }
    return .record([
      "pool_tao": .number(seed.pool.tao), "pool_alpha": .number(seed.pool.alpha), "recycled": .number(seed.recycled),
    ])
  }
}
