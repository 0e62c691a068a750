/// Turns many stakes into shares of their total exactly, at the price of two multiplications each.
///
/// For `0 <= part <= whole` the answer equals the 128-bit quotient of ``I64F64/dividedTowardZeroOrZero(by:)`` cut down to
/// ``I32F32``, bit for bit: a floor of a floor is the floor of the finer quotient. It is estimated from the upper halves and
/// corrected by the remainder.
public struct StakeDivisor: Sendable, BitwiseCopyable {
  @usableFromInline let whole: UInt128
  @usableFromInline let shift: Int
  @usableFromInline let reciprocal: UInt64

  /// - Precondition: `whole` is positive.
  @inlinable
  public init(_ whole: I64F64) {
    precondition(whole.bits > 0, "A share is of a positive whole.")
    self.whole = UInt128(whole.bits)
    shift = self.whole.leadingZeroBitCount
    let upper = UInt64(truncatingIfNeeded: (self.whole << shift) >> 64)
    reciprocal = ShareDivisor.reciprocal(of: upper)
  }

  /// `part / whole`, rounded down to 32 fraction bits.
  ///
  /// Cutting both numbers to their upper 64 bits moves the quotient by less than `2^32 / 2^63`, so the estimate is off by at
  /// most one either way; one less than it is never too large, and misses by at most two. The remainder is then below three
  /// wholes, which fits 128 bits while the whole is below 2^126; larger wholes take the plain division.
  ///
  /// - Precondition: `0 <= part <= whole` (checked in debug builds).
  @inlinable
  public func share(of part: I64F64) -> I32F32 {
    assert(part.bits >= 0 && part.bits.magnitude <= whole, "A part lies between nothing and the whole.")
    guard shift >= 2 else {
      return I32F32(roundingDown: part.dividedTowardZeroOrZero(by: I64F64(bits: Int128(bitPattern: whole))))
    }
    let numerator = part.bits.magnitude
    let upper = UInt64(truncatingIfNeeded: (numerator << shift) >> 64)
    let estimate = upper.multipliedFullWidth(by: reciprocal).high >> 31
    var quotient = estimate == 0 ? 0 : estimate - 1
    var remainder = (numerator << 32) &- UInt128(quotient) &* whole
    while remainder >= whole {
      remainder &-= whole
      quotient += 1
    }
    return I32F32(bits: Int64(quotient))
  }
}
