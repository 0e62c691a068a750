import Primitives

/// Whose requests a busy miner serves first.
///
/// A miner works on a bounded number of requests at once; the others wait in a bounded queue. The highest rank is served
/// first, among equals the one that came first. Who comes when the queue is full takes the place of the lowest rank, if
/// its own is higher; who finds or keeps no place is told when to come back.
public struct Priority: Sendable {
  /// The orders that have a name.
  package enum Order: String, CaseIterable, Sendable {
    case stake, arrival
  }

  /// Nil for the author's own function.
  package let order: Order?
  private let rankOf: @Sendable (Neuron) -> Double

  private init(_ order: Order?, _ rank: @escaping @Sendable (Neuron) -> Double) {
    self.order = order
    rankOf = rank
  }

  /// The author's own rank: the larger, the sooner.
  public init(_ rank: @escaping @Sendable (Neuron) -> Double) { self.init(nil, rank) }

  /// The higher stake weight first. The default.
  public static let stake = Priority(.stake) { Double($0.stake.value) }
  /// First come, first served.
  public static let arrival = Priority(.arrival) { _ in 0 }

  /// The rank of a caller; what is no number ranks last.
  public func rank(of caller: Neuron) -> Double {
    let rank = rankOf(caller)
    return rank.isNaN ? -.infinity : rank
  }
}
