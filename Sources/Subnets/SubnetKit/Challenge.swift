/// One task: the request that miners see, and what only the validator knows about it.
public struct Challenge<Request: Codable & Sendable, Expected: Codable & Sendable>: Sendable {
  public let request: Request
  /// Never leaves the validator.
  public let expected: Expected
  /// Blocks from the round to the scoring of its answers; 0 scores them at once.
  ///
  /// Until then the task and its answers are part of the validator's saved state, so they outlive a restart.
  public let scoredAfter: UInt64

  /// - Parameter blocks: When the truth is known only later: so many blocks after the round `score` is called.
  public init(_ request: Request, expecting expected: Expected, scoredAfter blocks: UInt64 = 0) {
    self.request = request
    self.expected = expected
    scoredAfter = blocks
  }
}

extension Challenge where Expected == Nothing {
  /// A task whose answers can be judged from the request alone.
  public init(_ request: Request, scoredAfter blocks: UInt64 = 0) {
    self.init(request, expecting: Nothing(), scoredAfter: blocks)
  }
}

/// No value: what a validator keeps about a task that needs no secret.
public struct Nothing: Codable, Hashable, Sendable {
  public init() {}
}
