/// How much of an answer in parts is taken; more of it fails the answer.
public struct StreamLimits: Hashable, Sendable {
  /// The most parts of one answer.
  public var partLimit: Int
  /// The most bytes of all parts together.
  public var byteLimit: Int

  /// The most that a miner keeps for one answer, whatever the validator takes.
  public static let ceiling = StreamLimits(partLimit: 4096, byteLimit: 1024 * 1024)

  public init(partLimit: Int = 256, byteLimit: Int = 1024 * 1024) {
    self.partLimit = partLimit
    self.byteLimit = byteLimit
  }
}
