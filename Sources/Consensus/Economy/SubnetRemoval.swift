package import Primitives

/// Which subnet makes room for a new one.
///
/// - Source: economy 7.5.
package struct RemovalCandidate: Hashable, Sendable {
  package let netUID: NetUID
  /// The block it was created in.
  package let registeredAt: UInt64
  /// Q64.
  package let movingPrice: UInt128

  package init(netUID: NetUID, registeredAt: UInt64, movingPrice: UInt128) {
    self.netUID = netUID
    self.registeredAt = registeredAt
    self.movingPrice = movingPrice
  }

  /// The subnet with the lowest moving price outside its immunity; ties fall to the oldest, then the lowest netuid.
  ///
  /// - Parameters:
  ///   - candidates: Every subnet, in any order; root is passed over.
  ///   - now: The present block.
  ///   - immunity: In blocks from creation.
  /// - Returns: Nil while every subnet is immune.
  package static func weakest(of candidates: [RemovalCandidate], now: UInt64, immunity: UInt64) -> NetUID? {
    func rank(_ candidate: RemovalCandidate) -> (UInt128, UInt64, NetUID) {
      (candidate.movingPrice, candidate.registeredAt, candidate.netUID)
    }
    var weakest: RemovalCandidate?
    for candidate in candidates where candidate.netUID != .root {
      guard now >= candidate.registeredAt, now - candidate.registeredAt >= immunity else { continue }
      if let best = weakest, rank(best) <= rank(candidate) { continue }
      weakest = candidate
    }
    return weakest?.netUID
  }
}

/// The TAO of a removed subnet's pool, divided among those who hold its alpha.
///
/// Everybody gets the average price, what selling everything at once without a fee would yield.
///
/// - Source: economy 7.5.
package struct Dissolution: Hashable, Sendable {
  /// In rao, in the order of the stakes. Shape: `[holders]`.
  package let paid: [UInt64]
  /// The pool's own part, in rao; the whole pot when nobody has a claim.
  package let recycled: UInt64

  /// - Parameters:
  ///   - pot: TAO of the pool, in rao.
  ///   - stakes: Alpha of every (hotkey, coldkey) with stake, in canonical order. Shape: `[holders]`.
  ///   - poolAlpha: Alpha of the pool itself, in base units.
  package init(pot: UInt64, stakes: [UInt64], poolAlpha: UInt64) {
    guard var parts = splitExact(pot, by: stakes + [poolAlpha]) else {
      paid = Array(repeating: 0, count: stakes.count)
      recycled = pot
      return
    }
    recycled = parts.removeLast()
    paid = parts
  }
}
