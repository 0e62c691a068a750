package import Primitives
package import SubnetKit
import Wire

/// What a program wants to happen around its mechanism, as it stands on the wire: zero and empty mean the default.
package struct PluginPolicy: Hashable, Sendable {
  /// Miners of a round.
  package var sample: UInt32 = 0
  package var deadlineMilliseconds: UInt64 = 0
  package var neverRetries = false
  /// Of the newest score.
  package var shareBillionths: UInt32 = 0
  package var decay = ""
  package var powerMillionths: UInt32 = 0
  package var winnerTakesAll = false
  package var excludeBelowBillionths: UInt32 = 0
  package var excludeLowestBillionths: UInt32 = 0
  package var excluded: [Hotkey] = []
  package var clipBillionths: UInt32 = 0
  package var denied: [Hotkey] = []
  package var permitRequired = false
  package var minimumStake = Rao.zero
  package var priority = ""
  /// Names of parts that are functions of the program, so that only defaults could be stated.
  package var functions: [String] = []

  /// Everything as it is by default.
  package init() {}

  package var isStandard: Bool { self == PluginPolicy() }

  /// The number that stands for a share of 1.
  static let whole: UInt32 = 1_000_000_000
  /// The number that stands for a power of 1.
  static let powerUnit: UInt32 = 1_000_000
  static let deadlines: ClosedRange<UInt64> = 100...300_000
  static let powers: ClosedRange<UInt32> = 1000...100_000_000
  /// Of the names in `functions` that are kept.
  private static let functionLimit = 16
}

// On the wire.
extension PluginPolicy {
  init(_ fields: Fields) throws(WireError) {
    sample = try fields.number("sample", as: UInt32.self)
    deadlineMilliseconds = try fields.number("deadline_ms")
    neverRetries = try fields.flag("never_retries")
    shareBillionths = try fields.number("share_billionths", as: UInt32.self)
    decay = String(decoding: try fields.bytes("decay").prefix(64), as: UTF8.self)
    powerMillionths = try fields.number("power_millionths", as: UInt32.self)
    winnerTakesAll = try fields.flag("winner_takes_all")
    excludeBelowBillionths = try fields.number("exclude_below_billionths", as: UInt32.self)
    excludeLowestBillionths = try fields.number("exclude_lowest_billionths", as: UInt32.self)
    excluded = try fields.hotkeys("excluded")
    clipBillionths = try fields.number("clip_billionths", as: UInt32.self)
    denied = try fields.hotkeys("denied")
    permitRequired = try fields.flag("permit_required")
    minimumStake = Rao(try fields.number("minimum_stake_rao"))
    priority = String(decoding: try fields.bytes("priority").prefix(64), as: UTF8.self)
    functions = try fields.byteStrings("functions").prefix(PluginPolicy.functionLimit).map {
      String(decoding: $0.prefix(64), as: UTF8.self)
    }
  }

  var fields: Fields {
    [
      "sample": .unsigned(UInt64(sample)), "deadline_ms": .unsigned(deadlineMilliseconds),
      "never_retries": .flag(neverRetries), "share_billionths": .unsigned(UInt64(shareBillionths)),
      "decay": .bytes(Array(decay.utf8)), "power_millionths": .unsigned(UInt64(powerMillionths)),
      "winner_takes_all": .flag(winnerTakesAll),
      "exclude_below_billionths": .unsigned(UInt64(excludeBelowBillionths)),
      "exclude_lowest_billionths": .unsigned(UInt64(excludeLowestBillionths)),
      "excluded": .bytesList(excluded.map(\.bytes)), "clip_billionths": .unsigned(UInt64(clipBillionths)),
      "denied": .bytesList(denied.map(\.bytes)), "permit_required": .flag(permitRequired),
      "minimum_stake_rao": .unsigned(minimumStake.value), "priority": .bytes(Array(priority.utf8)),
      "functions": .bytesList(functions.map { Array($0.utf8) }),
    ]
  }
}

extension Fields {
  fileprivate func hotkeys(_ name: String) throws(WireError) -> [Hotkey] {
    var hotkeys: [Hotkey] = []
    for bytes in try byteStrings(name) {
      guard let hotkey = Hotkey(bytes) else {
        throw .wrongLength(field: name, count: bytes.count, expected: Bytes32.count)
      }
      hotkeys.append(hotkey)
    }
    return hotkeys
  }
}

// From a mechanism that is linked into a program.
extension PluginPolicy {
  /// States a mechanism's policy; what is a function of the author's is named instead.
  package init(_ policy: MechanismPolicy) {
    let standard = MechanismPolicy.standard
    if policy.sampling.limit != standard.sampling.limit { sample = UInt32(clamping: policy.sampling.limit) }
    if policy.deadline != standard.deadline { deadlineMilliseconds = max(1, policy.deadline.milliseconds) }
    neverRetries = !policy.retry.isAllowed
    if policy.averaging != standard.averaging {
      shareBillionths = PluginPolicy.billionths(policy.averaging.share)
      decay = policy.averaging.decay.rawValue
    }
    permitRequired = policy.admission.permitRequired
    minimumStake = policy.admission.minimumStake
    denied = policy.admission.denied.sorted()
    if let order = policy.priority.order, order != .stake { priority = order.rawValue }
    if policy.sampling.isCustom { functions.append("sampling") }
    if policy.admission.rule != nil { functions.append("admission rule") }
    if policy.priority.order == nil { functions.append("priority") }
    state(policy.weights)
  }

  private mutating func state(_ pipeline: WeightPipeline) {
    switch pipeline.normalisation.kind {
    case .proportional: break
    case .winnerTakesAll: winnerTakesAll = true
    case .power(let exponent):
      powerMillionths = UInt32(clamping: Int64((min(exponent, 1000) * Double(PluginPolicy.powerUnit)).rounded()))
    case .custom: functions.append("normalisation")
    }
    for rule in pipeline.exclusion.rules {
      switch rule {
      // Who is below the higher of two shares is below one of them.
      case .below(let share): excludeBelowBillionths = max(excludeBelowBillionths, PluginPolicy.billionths(share))
      case .lowest(let share): excludeLowestBillionths = max(excludeLowestBillionths, PluginPolicy.billionths(share))
      case .hotkeys(let hotkeys): excluded += hotkeys.sorted()
      case .custom: functions.append("exclusion")
      }
    }
    if pipeline.clip != 1 { clipBillionths = PluginPolicy.billionths(pipeline.clip) }
  }

  /// A share above zero never becomes zero, which would mean the default.
  private static func billionths(_ share: Double) -> UInt32 {
    guard share > 0 else { return 0 }
    return max(1, UInt32(clamping: Int64((min(share, 1) * Double(whole)).rounded())))
  }
}
