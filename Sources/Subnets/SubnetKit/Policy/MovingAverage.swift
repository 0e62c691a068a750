/// How scores become a miner's average.
public struct MovingAverage: Hashable, Sendable {
  /// What a round does to those whom it did not ask.
  public enum Decay: String, CaseIterable, Hashable, Sendable {
    /// Nothing: who was not asked keeps its average.
    case untouched
    /// It counts as a score of zero, so an average shows both how good a miner is and how often it was asked.
    case all
  }

  /// The share of the newest score in the average, in 0 (excluded) to 1.
  public let share: Double
  public let decay: Decay

  /// - Parameters:
  ///   - share: With 0.1 a miner reaches 65 % of its level after ten scores and 88 % after twenty.
  ///   - decay: No default: the two give different winners, so it is chosen with open eyes.
  /// - Precondition: `0 < share <= 1`.
  public init(share: Double, decay: Decay) {
    precondition(share > 0 && share <= 1, "The share of a new score lies in 0 (excluded) to 1.")
    self.share = share
    self.decay = decay
  }

  /// A tenth for each new score; who was not asked keeps its average.
  public static let standard = MovingAverage(share: 0.1, decay: .untouched)
}
