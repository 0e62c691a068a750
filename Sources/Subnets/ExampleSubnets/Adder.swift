public import SubnetKit

/// The smallest subnet: miners add two numbers, validators check the sum.
public struct Adder: IncentiveMechanism {
  public static let name = "adder"
  public static let summary = "miners add two numbers"

  /// The two numbers.
  public struct Pair: Codable, Hashable, Sendable {
    public var left: Int64
    public var right: Int64
  }

  public init(_ setup: MechanismSetup) {}

  public func task(_ round: Round, random: inout SeededRandom) -> Challenge<Pair, Int64> {
    let pair = Pair(left: .random(in: 0..<1_000_000, using: &random), right: .random(in: 0..<1_000_000, using: &random))
    return Challenge(pair, expecting: pair.left + pair.right)
  }

  public func forward(_ pair: Pair, _ context: ForwardContext) -> Int64 {
    // The numbers are a stranger's: wrapping addition cannot trap.
    pair.left &+ pair.right
  }

  public func score(
    _ sums: [Answer<Int64>], for challenge: Challenge<Pair, Int64>, _ context: ScoreContext
  ) -> [Score] {
    sums.map { $0.response == challenge.expected ? .full : .zero(because: "wrong sum") }
  }
}
