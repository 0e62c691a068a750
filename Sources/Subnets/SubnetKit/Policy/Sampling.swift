import Primitives

/// Which miners a validator asks in one round.
public struct Sampling: Sendable {
  /// The most miners of one round.
  public var limit: Int
  /// Whether the choice is the author's own function.
  package let isCustom: Bool
  private let order: @Sendable ([Neuron], _ limit: Int, inout SeededRandom) -> [Neuron]

  /// The most that any round asks, whatever its limit.
  public static let ceiling = 256

  private init(limit: Int, isCustom: Bool, order: @escaping @Sendable ([Neuron], Int, inout SeededRandom) -> [Neuron]) {
    precondition((1...Sampling.ceiling).contains(limit), "A sample has 1 to \(Sampling.ceiling) miners.")
    self.limit = limit
    self.isCustom = isCustom
    self.order = order
  }

  /// Each miner as likely as the others; all of them when there are no more than the limit. The default.
  public static func uniform(limit: Int = 64) -> Sampling {
    Sampling(limit: limit, isCustom: false) { candidates, limit, random in
      candidates.count > limit ? candidates.shuffled(using: &random) : candidates
    }
  }

  /// The author's own choice, the most wanted first.
  ///
  /// Draw from `random` only: the same seed then gives the same run. Whoever is no candidate, or comes twice, is left
  /// out.
  public static func custom(
    limit: Int = 64, _ order: @escaping @Sendable ([Neuron], inout SeededRandom) -> [Neuron]
  ) -> Sampling {
    Sampling(limit: limit, isCustom: true) { candidates, _, random in order(candidates, &random) }
  }

  /// The miners to ask, in the order of uids.
  ///
  /// - Parameter candidates: Who serves, and who has a score to lose by not serving; in the order of uids.
  public func choose(from candidates: [Neuron], random: inout SeededRandom) -> [Neuron] {
    let known = Set(candidates)
    var chosen: Set<Neuron> = []
    for neuron in order(candidates, limit, &random) where chosen.count < limit && known.contains(neuron) {
      chosen.insert(neuron)
    }
    return candidates.filter { chosen.contains($0) }
  }
}
