// Between fixed point and integers.
extension I32F32 {
  /// The whole number `whole`; always fits.
  @inlinable @inline(__always)
  package init(_ whole: UInt16) { self.init(bits: Int64(whole) << 32) }

  /// The whole number `whole`, or the nearest limit.
  @inlinable
  package init(saturating whole: some BinaryInteger) {
    if let small = Int32(exactly: whole) { self.init(bits: Int64(small) << 32) } else { self = whole < 0 ? .min : .max }
  }

  /// `prop(u)`: the share of 65535 that `parts` is; rounds down.
  ///
  /// - Source: yuma 2.
  @inlinable @inline(__always)
  package init(proportion parts: UInt16) { self.init(bits: Int64((UInt64(parts) << 32) / 65535)) }

  /// `q16(x)`: the share as parts of 65535, rounded down, clamped to `0...65535`.
  ///
  /// Not the exact inverse of `init(proportion:)`: the way there and back can lose one.
  ///
  /// - Source: yuma 2.
  @inlinable @inline(__always)
  package var proportion: UInt16 {
    if bits <= 0 { return 0 }
    if bits >= 1 << 32 { return .max }
    // Below 2^32 * 2^16: no overflow.
    return UInt16(truncatingIfNeeded: (bits &* 65535) >> 32)
  }

  /// This share of a whole amount, rounded down, clamped to 64 bits; nothing for a negative share.
  ///
  /// The same as the product in ``I96F32`` and its whole part, in one step.
  ///
  /// - Source: yuma 10.
  @inlinable @inline(__always)
  package func part(of amount: UInt64) -> UInt64 {
    guard bits > 0 else { return 0 }
    let (high, low) = UInt64(bitPattern: bits).multipliedFullWidth(by: amount)
    return high >> 32 == 0 ? high << 32 | low >> 32 : .max
  }

  /// The whole part, rounded down and clamped into the range of `Whole`.
  @inlinable
  package func wholeRoundingDown<Whole: FixedWidthInteger & UnsignedInteger>(
    as type: Whole.Type = Whole.self
  ) -> Whole { Whole(clamping: bits >> 32) }

  /// The nearest whole number, halves away from zero, or nil where it does not fit.
  @inlinable
  package var roundedHalfAwayFromZero: I32F32? {
    let magnitude = (bits.magnitude + (1 << 31)) & ~0xFFFF_FFFF
    if bits < 0 { return magnitude > 1 << 63 ? nil : I32F32(bits: Int64(truncatingIfNeeded: 0 &- magnitude)) }
    return magnitude >= 1 << 63 ? nil : I32F32(bits: Int64(magnitude))
  }

  /// The upper half of the fraction is kept; rounds down, clamps to the limits.
  @inlinable
  package init(roundingDown wide: I64F64) { self.init(bits: Int64(clamping: wide.bits >> 32)) }
}
