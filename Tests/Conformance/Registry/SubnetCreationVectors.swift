import Economy
import JSONText
import Ledger
import Primitives

enum SubnetCreationVectors {
  static func outcome(_ vector: RegistryCase) throws -> JSONValue {
    let input = try vector.input
    switch vector.kind {
    case "lock_cost":
      let cost = LockCost.cost(
        lastLock: try input.number("last_lock"), lastLockBlock: try input.number("last_lock_block"),
        now: try input.number("block"), minLock: try input.number("min_lock"),
        reductionInterval: try input.number("reduction_interval"), issuance: 0)
      return ["cost": JSONValue(cost)]
    case "next_netuid":
      let existing: [UInt16] = try input.member("existing").integers()
      return ["netuid": JSONValue(smallestFreeNetUID(existing: existing.sorted().map(NetUID.init)).value)]
    case "prune_subnet":
      let candidates = try input.member("subnets").elements().map { subnet in
        RemovalCandidate(
          netUID: try subnet.netuid("netuid"), registeredAt: try subnet.number("registered_at"),
          movingPrice: try subnet.number("moving_price_q32"))
      }
      let weakest = RemovalCandidate.weakest(
        of: candidates, now: try input.number("block"), immunity: try input.number("network_immunity_period"))
      return ["netuid": weakest.map { JSONValue($0.value) } ?? .null]
    default: throw vector.unknownKind
    }
  }
}

enum RegistrationPriceVectors {
  static func outcome(_ vector: RegistryCase) throws -> JSONValue {
    switch vector.kind {
    case "decay": return try decay(vector.input)
    case "bump": return try bump(vector.input)
    case "sequence": return try sequence(vector.input)
    case "interval_adjust": return try intervalAdjust(vector.input)
    default: throw vector.unknownKind
    }
  }

  private static func decay(_ input: JSONValue) throws -> JSONValue {
    let bounds = try bounds(input, "min_burn", "max_burn")
    let factor = RegistrationPrice.factor(halfLife: try input.number("half_life"))
    let first = try input.number("first_block", as: UInt64.self)
    var burn = try input.number("burn", as: UInt64.self)
    var afterEach: [UInt64] = []
    for block in first..<(first + (try input.number("blocks", as: UInt64.self))) {
      burn = step(burn, block, factor, bounds)
      afterEach.append(burn)
    }
    return ["factor_q32": JSONValue(factor), "after_each": JSONValue(afterEach), "final": JSONValue(burn)]
  }

  private static func bump(_ input: JSONValue) throws -> JSONValue {
    let bounds = try bounds(input, "min_burn", "max_burn")
    let mult = try input.number("mult_ppm", as: UInt64.self)
    var burn = try input.number("burn", as: UInt64.self)
    let afterEach = (0..<(try input.number("registrations", as: Int.self))).map { _ in
      burn = RegistrationPrice.raised(burn, numerator: mult, denominator: 1_000_000, within: bounds)
      return burn
    }
    return ["after_each": JSONValue(afterEach)]
  }

  private static func sequence(_ input: JSONValue) throws -> JSONValue {
    let bounds = try bounds(input, "min_burn", "max_burn")
    let factor = RegistrationPrice.factor(halfLife: try input.number("half_life"))
    let mult = try input.number("mult_ppm", as: UInt64.self)
    var block = try input.number("first_block", as: UInt64.self)
    var burn = try input.number("burn", as: UInt64.self)
    var (paid, atEnd): ([UInt64], [UInt64]) = ([], [])
    let counts: [Int] = try input.member("registrations_per_block").integers()
    for count in counts {
      burn = step(burn, block, factor, bounds)
      for _ in 0..<count {
        paid.append(burn)
        burn = RegistrationPrice.raised(burn, numerator: mult, denominator: 1_000_000, within: bounds)
      }
      atEnd.append(burn)
      block += 1
    }
    return ["paid": JSONValue(paid), "burn_at_block_end": JSONValue(atEnd)]
  }

  private static func intervalAdjust(_ input: JSONValue) throws -> JSONValue {
    let next = RegistrationPrice.adjusted(
      try input.number("current"), registrations: try input.number("registrations_this_interval"),
      target: try input.number("target"), adjustmentAlpha: try input.number("adjustment_alpha"),
      within: try bounds(input, "min", "max"))
    return ["next": JSONValue(next)]
  }

  /// The price falls from block 2 on.
  private static func step(
    _ burn: UInt64, _ block: UInt64, _ factor: UInt64, _ bounds: RegistrationPrice.Bounds
  ) -> UInt64 {
    block >= 2 ? RegistrationPrice.decayed(burn, factor: factor, within: bounds) : burn
  }

  private static func bounds(_ input: JSONValue, _ low: String, _ high: String) throws -> RegistrationPrice.Bounds {
    RegistrationPrice.Bounds(lowest: try input.number(low), highest: try input.number(high))
  }
}
