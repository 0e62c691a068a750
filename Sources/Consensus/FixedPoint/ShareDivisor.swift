/// Divides many parts by one whole exactly, at the price of a multiplication each.
///
/// For `0 <= part <= whole` the answer equals ``I32F32/dividedTowardZeroOrZero(by:)``, bit for bit. The whole's reciprocal is
/// computed once; its product with a part misses the quotient by at most one, and the remainder tells whether it did.
public struct ShareDivisor: Sendable, BitwiseCopyable {
  @usableFromInline let whole: UInt64
  @usableFromInline let shift: UInt64
  @usableFromInline let reciprocal: UInt64

  /// - Precondition: `whole` is positive.
  @inlinable @inline(__always)
  public init(_ whole: I32F32) {
    precondition(whole.bits > 0, "A share is of a positive whole.")
    let divisor = UInt64(bitPattern: whole.bits)
    shift = UInt64(truncatingIfNeeded: divisor.leadingZeroBitCount)
    self.whole = divisor
    reciprocal = ShareDivisor.reciprocal(of: divisor &<< shift)
  }

  /// `floor((2^127 - 1) / scaled)`, which fits 64 bits for a divisor of at least 2^63.
  ///
  /// Never inlined: the compiler would carry the quotient's upper half, which is zero, into every product.
  @inline(never)
  @usableFromInline static func reciprocal(of scaled: UInt64) -> UInt64 {
    scaled.dividingFullWidth((high: UInt64.max >> 1, low: UInt64.max)).quotient
  }

  /// Of a whole of zero all parts are zero, and their shares stay zero.
  ///
  /// - Precondition: `whole` is not negative.
  @inlinable @inline(__always)
  public init(orZeros whole: I32F32) { self.init(I32F32(bits: Swift.max(whole.bits, 1))) }

  /// `part / whole`, rounded toward zero.
  ///
  /// With `p = part << shift` and `w = whole << shift`, `p * reciprocal / 2^95` lies below `p * 2^32 / w` by less than
  /// `2p / 2^95 < 1`, so its floor is the quotient or one less. The remainder then is below `2 * whole < 2^64`: wrapping
  /// arithmetic gives it exactly.
  ///
  /// - Precondition: `0 <= part <= whole` (checked in debug builds).
  @inlinable @inline(__always)
  public func share(of part: I32F32) -> I32F32 {
    assert(part.bits >= 0 && UInt64(part.bits) <= whole, "A part lies between nothing and the whole.")
    let numerator = UInt64(bitPattern: part.bits)
    let estimate = (numerator &<< shift).multipliedFullWidth(by: reciprocal).high >> 31
    let remainder = (numerator &<< 32) &- estimate &* whole
    return I32F32(bits: Int64(bitPattern: estimate &+ (remainder >= whole ? 1 : 0)))
  }
}
