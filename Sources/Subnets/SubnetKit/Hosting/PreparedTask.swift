/// A task by bytes: it can be sent, saved, and handed to another process.
public struct PreparedTask: Hashable, Sendable {
  /// The payload of the request.
  public let request: [UInt8]
  /// What the mechanism needs to score the answers beside the request; never leaves the validator.
  public let challenge: [UInt8]
  /// Blocks from the round to the scoring of its answers; 0 scores them at once.
  public let scoredAfter: UInt64

  public init(request: [UInt8], challenge: [UInt8], scoredAfter: UInt64 = 0) {
    self.request = request
    self.challenge = challenge
    self.scoredAfter = scoredAfter
  }
}
