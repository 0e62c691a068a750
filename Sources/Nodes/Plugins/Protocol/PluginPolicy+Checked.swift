import Primitives
package import SubnetKit

// What a node makes of what a program states.
extension PluginPolicy {
  /// The policy that is stated, with defaults for all the rest.
  ///
  /// - Parameter plugin: Whose it is, for messages.
  /// - Throws: `.invalidPolicy` with the value and what is allowed.
  package func policy(of plugin: String) throws(PluginError) -> MechanismPolicy {
    var policy = MechanismPolicy.standard
    if sample != 0 {
      try check("sample", Int(sample), in: 1...Sampling.ceiling, "miners", plugin)
      policy.sampling = .uniform(limit: Int(sample))
    }
    if deadlineMilliseconds != 0 {
      try check("deadline", deadlineMilliseconds, in: PluginPolicy.deadlines, "milliseconds", plugin)
      policy.deadline = .milliseconds(Int64(clamping: deadlineMilliseconds))
    }
    policy.retry = neverRetries ? .never : .once
    if let averaging = try averaging(of: plugin) { policy.averaging = averaging }
    policy.weights = try weights(of: plugin)
    policy.admission = Admission(
      denied: Set(denied), permitRequired: permitRequired, minimumStake: minimumStake)
    if !priority.isEmpty {
      guard let order = Priority.Order(rawValue: priority) else {
        throw refusal(
          plugin,
          "the priority \(quoted(priority)); known: \(Priority.Order.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      policy.priority = order == .stake ? .stake : .arrival
    }
    return policy
  }

  private func averaging(of plugin: String) throws(PluginError) -> MovingAverage? {
    let known = MovingAverage.Decay.allCases.map(\.rawValue).joined(separator: ", ")
    guard shareBillionths != 0 else {
      guard decay.isEmpty else {
        throw refusal(plugin, "a decay and no share of the newest score; they are stated together")
      }
      return nil
    }
    try check("share", shareBillionths, in: 1...PluginPolicy.whole, "billionths", plugin)
    guard !decay.isEmpty else {
      // The two give different winners, so it is chosen with open eyes.
      throw refusal(plugin, "a share of the newest score and no decay; state one of: \(known)")
    }
    guard let decay = MovingAverage.Decay(rawValue: decay) else {
      throw refusal(plugin, "the decay \(quoted(decay)); known: \(known)")
    }
    return MovingAverage(share: PluginPolicy.share(shareBillionths), decay: decay)
  }

  private func weights(of plugin: String) throws(PluginError) -> WeightPipeline {
    var pipeline = WeightPipeline()
    if winnerTakesAll {
      guard powerMillionths == 0 else {
        throw refusal(plugin, "a power and that the winner takes all; a weight is made in one way")
      }
      pipeline.normalisation = .winnerTakesAll
    } else if powerMillionths != 0 {
      try check("power", powerMillionths, in: PluginPolicy.powers, "millionths", plugin)
      pipeline.normalisation = .power(Double(powerMillionths) / Double(PluginPolicy.powerUnit))
    }
    if excludeBelowBillionths != 0 {
      try check("exclude_below", excludeBelowBillionths, in: 0...PluginPolicy.whole, "billionths", plugin)
      pipeline.exclusion = .below(shareOfBest: PluginPolicy.share(excludeBelowBillionths))
    }
    if excludeLowestBillionths != 0 {
      try check("exclude_lowest", excludeLowestBillionths, in: 0...PluginPolicy.whole - 1, "billionths", plugin)
      pipeline.exclusion = pipeline.exclusion.and(.lowest(share: PluginPolicy.share(excludeLowestBillionths)))
    }
    if !excluded.isEmpty { pipeline.exclusion = pipeline.exclusion.and(.hotkeys(Set(excluded))) }
    if clipBillionths != 0 {
      try check("clip", clipBillionths, in: 1...PluginPolicy.whole, "billionths", plugin)
      pipeline.clip = PluginPolicy.share(clipBillionths)
    }
    return pipeline
  }

  private func check<Number: BinaryInteger>(
    _ name: String, _ number: Number, in range: ClosedRange<Number>, _ unit: String, _ plugin: String
  ) throws(PluginError) {
    guard !range.contains(number) else { return }
    throw refusal(plugin, "\(name) as \(number) \(unit); \(range.lowerBound) to \(range.upperBound) are allowed")
  }

  private func refusal(_ plugin: String, _ what: String) -> PluginError {
    PluginError(plugin, .invalidPolicy, "states \(what)")
  }

  private func quoted(_ text: String) -> String { "'\(text.prefix(64))'" }

  static func share(_ billionths: UInt32) -> Double { Double(billionths) / Double(whole) }
}
