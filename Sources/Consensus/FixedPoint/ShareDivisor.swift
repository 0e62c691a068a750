/// Divides many parts by one whole exactly, at the price of a multiplication each.
///
/// For `0 <= part <= whole` the answer equals ``I32F32/dividedTowardZeroOrZero(by:)``, bit for bit. The whole's reciprocal is
/// computed once and rounded up; its product with a part is the quotient, or for large parts perhaps one more, which the
/// remainder tells.
public struct ShareDivisor: Sendable, BitwiseCopyable {
  @usableFromInline let whole: Int64
  @usableFromInline let shift: UInt64
  @usableFromInline let reciprocal: UInt64

  /// - Precondition: `whole` is positive.
  @inlinable @inline(__always)
  public init(_ whole: I32F32) {
    precondition(whole.bits > 0, "A share is of a positive whole.")
    let divisor = UInt64(bitPattern: whole.bits)
    shift = UInt64(truncatingIfNeeded: divisor.leadingZeroBitCount)
    self.whole = whole.bits
    // Halved, plus one: at least 2^126 / scaled, by less than two; at most 2^63.
    reciprocal = ShareDivisor.reciprocal(of: divisor &<< shift) >> 1 &+ 1
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
  /// With `p = part << shift` and `w = whole << shift < 2^64`, `p * reciprocal / 2^94` lies above `p * 2^32 / w` by less than
  /// `2p / 2^94 < 1`, so its floor is the quotient or one more. For `part <= 2^29` it is the quotient: that lies below the next
  /// whole number by at least `1 / whole`, and `2p / 2^94 = part * w * 2 / 2^94 / whole <= 1 / whole`.
  ///
  /// - Precondition: `0 <= part <= whole` (checked in debug builds).
  @inlinable @inline(__always)
  public func share(of part: I32F32) -> I32F32 {
    assert(part.bits >= 0 && part.bits <= whole, "A part lies between nothing and the whole.")
    let numerator = UInt64(bitPattern: part.bits)
    let estimate = Int64(bitPattern: (numerator &<< shift).multipliedFullWidth(by: reciprocal).high >> 30)
    if _fastPath(numerator <= 1 << 29) { return I32F32(bits: estimate) }
    // Between minus and plus one whole: wrapping arithmetic gives it exactly, and its sign is the correction.
    let remainder = part.bits &<< 32 &- estimate &* whole
    return I32F32(bits: estimate &+ remainder >> 63)
  }
}
