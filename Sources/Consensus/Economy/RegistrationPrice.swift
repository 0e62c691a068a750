/// The price of a neuron's slot: it falls by half over a half-life and rises with each registration.
///
/// - Source: economy 8.
package enum RegistrationPrice {
  /// The legal range of a price, both ends included, in rao.
  package struct Bounds: Hashable, Sendable {
    package let lowest: UInt64
    package let highest: UInt64

    package init(lowest: UInt64, highest: UInt64) {
      self.lowest = lowest
      self.highest = highest
    }

    func clamp(_ price: UInt128) -> UInt64 {
      price > UInt128(highest) ? highest : max(lowest, min(highest, UInt64(truncatingIfNeeded: price)))
    }
  }

  /// 1.0 in Q32, the factor that leaves a price alone.
  package static let noDecay: UInt64 = 1 << 32

  /// The Q32 factor that a price is multiplied by in each block: the largest below 1.0 whose power is at most one half.
  ///
  /// It depends on nothing else, so a caller keeps it beside the half-life instead of asking each block.
  ///
  /// - Parameter halfLife: In blocks; 0 means no decay.
  /// - Complexity: 32 powers of at most 64 squarings.
  package static func factor(halfLife: UInt64) -> UInt64 {
    guard halfLife > 0 else { return noDecay }
    var low: UInt64 = 0
    var high = noDecay
    while high - low > 1 {
      let middle = (low + high) / 2
      if power(middle, halfLife) <= noDecay / 2 { low = middle } else { high = middle }
    }
    return low
  }

  /// The price one block later.
  package static func decayed(_ price: UInt64, factor: UInt64, within bounds: Bounds) -> UInt64 {
    let product = price.multipliedFullWidth(by: factor)
    return bounds.clamp(UInt128(product.high) << 32 | UInt128(product.low >> 32))
  }

  /// The price right after a registration; a multiplier below one counts as one.
  ///
  /// - Precondition: `denominator > 0`.
  package static func raised(
    _ price: UInt64, numerator: UInt64, denominator: UInt64, within bounds: Bounds
  ) -> UInt64 {
    precondition(denominator > 0, "The multiplier of a registration price has no denominator.")
    guard numerator > denominator else { return bounds.clamp(UInt128(price)) }
    return bounds.clamp(UInt128(price) * UInt128(numerator) / UInt128(denominator))
  }

  /// The interval variant, for tools and simulators: one adjustment from the registrations of an interval.
  ///
  /// `a × price + (1 - a) × price × (registrations + target) / (2 × target)` as one rational with one floor.
  ///
  /// - Parameter adjustmentAlpha: a, over 2^64 - 1.
  package static func adjusted(
    _ price: UInt64, registrations: UInt32, target: UInt32, adjustmentAlpha: UInt64, within bounds: Bounds
  ) -> UInt64 {
    guard target > 0 else { return price }
    let kept = UInt128(adjustmentAlpha) * UInt128(target) * 2
    let moved = UInt128(UInt64.max - adjustmentAlpha) * (UInt128(registrations) + UInt128(target))
    let whole = UInt128(UInt64.max) * UInt128(target) * 2
    return bounds.clamp(mulDivFloor(UInt128(price), kept + moved, whole))
  }

  /// The power of a Q32 number below one: every product is cut to Q32, the lowest bit of the exponent comes first.
  private static func power(_ base: UInt64, _ exponent: UInt64) -> UInt64 {
    var result = noDecay
    var square = base
    var bits = exponent
    while true {
      if bits & 1 == 1 { result = (result * square) >> 32 }
      bits >>= 1
      if bits == 0 { return result }
      square = (square * square) >> 32
    }
  }
}
