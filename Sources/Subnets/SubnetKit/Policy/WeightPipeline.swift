public import Primitives

/// How a validator's averages become its row of weights: normalise, exclude, clip, in this order.
///
/// Each step has a default that changes nothing, so that a miner with half the average has half the weight. What a step
/// could not do as asked is never silent: `WeightOutcome.fallbacks` says it, and the validator logs it and shows it in
/// its status.
public struct WeightPipeline: Sendable {
  /// What a weight is made of.
  public var normalisation: Normalisation
  /// Who gets nothing.
  public var exclusion: Exclusion
  /// The largest share of the row that one miner may have, in 0 (excluded) to 1.
  public var clip: Double

  /// - Precondition: `0 < clip <= 1`.
  public init(
    normalisation: Normalisation = .proportional, exclusion: Exclusion = .nobody, clip: Double = 1
  ) {
    precondition(clip > 0 && clip <= 1, "A clip is a share in 0 (excluded) to 1.")
    self.normalisation = normalisation
    self.exclusion = exclusion
    self.clip = clip
  }

  /// Turns averages into weights.
  ///
  /// The largest becomes 65535, the others follow in proportion, rounded to nearest (ties up); what rounds to zero is
  /// left out.
  ///
  /// - Parameter averages: One a uid, in 0...1; the order does not matter.
  /// - Returns: Weights in the order of uids; none when no average is above zero, for then there is nothing to say.
  public func weights(of averages: [NeuronAverage]) -> WeightOutcome {
    let averages = averages.sorted { $0.uid < $1.uid }
    var fallbacks: [WeightFallback] = []
    guard averages.contains(where: { $0.average > 0 }) else {
      return WeightOutcome(weights: [], fallbacks: [.nothingToSay(of: averages.count)])
    }
    var values = normalised(averages, &fallbacks)
    exclude(averages, &values, &fallbacks)
    values = clipped(values, &fallbacks)
    return WeightOutcome(weights: quantised(averages, values), fallbacks: fallbacks)
  }

  /// Shape: `[averages]`, finite and not negative, one at least above zero.
  private func normalised(_ averages: [NeuronAverage], _ fallbacks: inout [WeightFallback]) -> [Double] {
    var values = normalisation.apply(averages)
    if values.count != averages.count {
      fallbacks.append(.wrongCount(values.count, for: averages.count))
      values = averages.map(\.average)
    }
    for index in values.indices where !(values[index] >= 0 && values[index].isFinite) {
      fallbacks.append(.noNumber(for: averages[index].uid))
      values[index] = 0
    }
    guard values.contains(where: { $0 > 0 }) else {
      fallbacks.append(.normalisedAway)
      return averages.map(\.average)
    }
    return values
  }

  private func exclude(
    _ averages: [NeuronAverage], _ values: inout [Double], _ fallbacks: inout [WeightFallback]
  ) {
    let excluded = exclusion.apply(averages, values)
    let kept = values.indices.filter { !excluded.contains(averages[$0].uid) && values[$0] > 0 }
    guard !kept.isEmpty else {
      fallbacks.append(.everybodyExcluded)
      return
    }
    for index in values.indices where excluded.contains(averages[index].uid) { values[index] = 0 }
  }

  /// Lowers the largest values until none has more than the clip's share of the sum.
  ///
  /// Each turn clips one value more, to what the clip leaves it beside those that are not clipped.
  private func clipped(_ values: [Double], _ fallbacks: inout [WeightFallback]) -> [Double] {
    guard clip < 1 else { return values }
    let descending = values.filter { $0 > 0 }.sorted(by: >)
    guard clip * Double(descending.count) > 1 else {
      fallbacks.append(.clipTooTight(clip, for: descending.count))
      return values.map { $0 > 0 ? 1 : 0 }
    }
    for clippedCount in 0..<descending.count {
      let rest = descending[clippedCount...].reduce(0, +)
      let room = 1 - clip * Double(clippedCount)
      guard room > 0 else { break }
      let cap = clippedCount == 0 ? .infinity : clip * rest / room
      let row = values.map { min($0, cap) }
      let sum = row.reduce(0, +)
      // A little slack, for sums of rounded numbers.
      if row.allSatisfy({ $0 <= clip * sum * (1 + 1e-12) }) { return row }
    }
    return values.map { $0 > 0 ? 1 : 0 }
  }

  private func quantised(_ averages: [NeuronAverage], _ values: [Double]) -> [MinerWeight] {
    guard let best = values.max(), best > 0 else { return [] }
    return zip(averages, values).compactMap { neuron, value in
      let weight = UInt16(value / best * Double(UInt16.max) + 0.5)
      return weight == 0 ? nil : MinerWeight(uid: neuron.uid, weight: weight)
    }
  }
}

/// A miner and its average.
public struct NeuronAverage: Hashable, Sendable {
  public let uid: UID
  public let hotkey: Hotkey
  /// In 0...1.
  public let average: Double

  public init(uid: UID, hotkey: Hotkey, average: Double) {
    self.uid = uid
    self.hotkey = hotkey
    self.average = average
  }
}

/// One weight of a validator's row.
public struct MinerWeight: Hashable, Sendable {
  public let uid: UID
  /// 1 to 65535.
  public let weight: UInt16

  public init(uid: UID, weight: UInt16) {
    self.uid = uid
    self.weight = weight
  }
}

/// The weights that a pipeline made, and what it could not do as asked.
public struct WeightOutcome: Hashable, Sendable {
  /// In the order of uids.
  public let weights: [MinerWeight]
  public let fallbacks: [WeightFallback]
}
