extension I32F32 {
  /// e cut to 23 fraction bits: what the reference answers for exactly one.
  @usableFromInline static var eulerAtOne: I32F32 { I32F32(bits: 11_674_931_200) }

  /// The largest magnitude the exponential takes; beyond it the argument is clamped.
  @usableFromInline static var exponentLimit: Int64 { 20 << 32 }

  /// The number of terms of the power series after the first two.
  @usableFromInline static var exponentialRounds: ClosedRange<Int64> { 2...31 }

  /// e to the power of this value, clamped to -20...20, by a power series cut off after thirty-two terms.
  ///
  /// Inexact for large arguments, in exactly the reference's way: each term is the one before times `y` (rounded down),
  /// divided by its number (rounded down), and one itself gives a constant. A negative argument gives the reciprocal,
  /// rounded toward zero.
  ///
  /// - Source: yuma 2.1.
  package var exponential: I32F32 {
    if bits == 0 { return .one }
    if bits == I32F32.one.bits { return .eulerAtOne }
    let magnitude = Swift.min(bits.magnitude, UInt64(I32F32.exponentLimit))
    // Terms stay below 20^20 / 20! < 2^26, so 58 bits; their sum stays below e^20 < 2^29, so 61 bits.
    var term = magnitude
    var sum = magnitude + (1 << 32)
    for number in I32F32.exponentialRounds {
      let (high, low) = term.multipliedFullWidth(by: magnitude)
      term = (high << 32 | low >> 32) / UInt64(number)
      if term == 0 { break }
      sum += term
    }
    return bits < 0 ? I32F32(bits: Int64(I32F32.twoTo64(dividedBy: sum))) : I32F32(bits: Int64(sum))
  }

  /// `2^64 / divisor`, rounded down, for a divisor above one.
  @inlinable @inline(__always)
  static func twoTo64(dividedBy divisor: UInt64) -> UInt64 {
    let (quotient, remainder) = UInt64.max.quotientAndRemainder(dividingBy: divisor)
    return remainder == divisor - 1 ? quotient + 1 : quotient
  }

  /// `1 / x`, rounded toward zero.
  ///
  /// - Precondition: the value is at least `2 / 2^32`, as a sum that contains one always is.
  @inlinable @inline(__always)
  package var reciprocalTowardZero: I32F32 {
    precondition(bits > 1, "The reciprocal of this value does not fit.")
    return I32F32(bits: Int64(truncatingIfNeeded: I32F32.twoTo64(dividedBy: UInt64(bits))))
  }
}
