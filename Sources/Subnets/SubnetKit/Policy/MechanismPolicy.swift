/// What happens around an author's three functions: whom to ask, whom to answer, what is remembered, how weights are made.
///
/// Each part has a default and is replaced by itself:
///
/// ```swift
/// var policy: MechanismPolicy {
///   MechanismPolicy(sampling: .uniform(limit: 8), averaging: MovingAverage(share: 0.3, decay: .all))
/// }
/// ```
///
/// An operator's flags come on top: `--sample` and `--timeout` replace the limit of a sample and the deadline, while
/// `--axon.deny`, `--axon.min-stake` and `--axon.require-permit` can only make an admission stricter.
public struct MechanismPolicy: Sendable {
  /// Validator: which miners a round asks.
  public var sampling: Sampling
  /// Validator: how long a miner has for its answer.
  public var deadline: Duration
  /// Miner: whom it answers.
  public var admission: Admission
  /// Miner: whose requests come first when all places are taken.
  public var priority: Priority
  /// Validator: how scores become a miner's average.
  public var averaging: MovingAverage
  /// Validator: how averages become weights.
  public var weights: WeightPipeline
  /// Validator: what to do when no answer comes.
  public var retry: Retry
  /// Validator: how much of an answer in parts is taken.
  public var streaming: StreamLimits

  public init(
    sampling: Sampling = .uniform(), deadline: Duration = .seconds(3), admission: Admission = Admission(),
    priority: Priority = .stake,
    averaging: MovingAverage = .standard, weights: WeightPipeline = WeightPipeline(), retry: Retry = .once,
    streaming: StreamLimits = StreamLimits()
  ) {
    self.sampling = sampling
    self.deadline = deadline
    self.admission = admission
    self.priority = priority
    self.averaging = averaging
    self.weights = weights
    self.retry = retry
    self.streaming = streaming
  }

  /// Every part as it is by default.
  public static let standard = MechanismPolicy()
}
