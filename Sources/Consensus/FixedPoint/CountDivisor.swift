/// Divides many small counts by one whole exactly, at the price of a multiplication each.
///
/// For `count <= whole` the answer equals the quotient of the two as whole numbers, rounded toward zero. Cheaper than
/// ``ShareDivisor``: every count is a small part, so no remainder is ever asked.
public struct CountDivisor: Sendable, BitwiseCopyable {
  @usableFromInline let shift: UInt64
  @usableFromInline let reciprocal: UInt64

  /// Of a whole of zero all counts are zero, and their shares stay zero.
  @inlinable @inline(__always)
  public init(orZeros whole: UInt64) {
    assert(whole >> 63 == 0, "A sum of counts stays below 2^63.")
    let divisor = Swift.max(whole, 1)
    shift = UInt64(truncatingIfNeeded: divisor.leadingZeroBitCount)
    // floor((2^127 - 1) / scaled) halved, plus one, is at least 2^126 / scaled, by less than two; at most 2^63.
    reciprocal = ShareDivisor.reciprocal(of: divisor &<< shift) >> 1 &+ 1
  }

  /// `count / whole`, rounded toward zero.
  ///
  /// With `c = count << shift` and `w = whole << shift`, `c * reciprocal / 2^94` lies above `c * 2^32 / w` by less than
  /// `2c / 2^94 < 2^(17 + shift) / 2^94`, and the quotient lies below the next whole number by at least `1 / whole >=
  /// 2^shift / 2^64`. The first is the smaller of the two, so the floors are the same.
  ///
  /// - Precondition: `count <= whole`.
  @inlinable @inline(__always)
  public func share(of count: UInt16) -> I32F32 {
    let product = (UInt64(count) &<< shift).multipliedFullWidth(by: reciprocal).high
    return I32F32(bits: Int64(bitPattern: product >> 30))
  }
}
