// Between fixed point and integers.
extension I32F32 {
  /// The whole number `whole`; always fits.
  @inlinable @inline(__always)
  public init(_ whole: UInt16) { self.init(bits: Int64(whole) << 32) }

  /// The whole number `whole`, or the nearest limit.
  @inlinable
  public init(saturating whole: some BinaryInteger) {
    if let small = Int32(exactly: whole) { self.init(bits: Int64(small) << 32) } else { self = whole < 0 ? .min : .max }
  }

  /// `prop(u)`: the share of 65535 that `parts` is; rounds down.
  ///
  /// - Source: yuma 2.
  @inlinable @inline(__always)
  public init(proportion parts: UInt16) { self.init(bits: Int64((UInt64(parts) << 32) / 65535)) }

  /// `q16(x)`: the share as parts of 65535, rounded down, clamped to `0...65535`.
  ///
  /// Not the exact inverse of `init(proportion:)`: the way there and back can lose one.
  ///
  /// - Source: yuma 2.
  @inlinable @inline(__always)
  public var proportion: UInt16 {
    clamped(to: .zero ... .one).proportionOfShare
  }

  /// `q16(x)` of a share.
  ///
  /// - Precondition: The value lies in 0...1 (checked in debug builds).
  @inlinable @inline(__always)
  public var proportionOfShare: UInt16 {
    assert(bits >= 0 && bits <= 1 << 32, "The value is a share.")
    // At most 2^32 * 65535: no overflow.
    return UInt16(truncatingIfNeeded: (bits &* 65535) >> 32)
  }

  /// This share of a whole amount, rounded down, clamped to 64 bits; nothing for a negative share.
  ///
  /// The same as the product in ``I96F32`` and its whole part, in one step.
  ///
  /// - Source: yuma 10.
  @inlinable @inline(__always)
  public func part(of amount: UInt64) -> UInt64 {
    guard bits > 0 else { return 0 }
    let (high, low) = UInt64(bitPattern: bits).multipliedFullWidth(by: amount)
    return high >> 32 == 0 ? high << 32 | low >> 32 : .max
  }

  /// The whole part, rounded down and clamped into the range of `Whole`.
  @inlinable
  public func wholeRoundingDown<Whole: FixedWidthInteger & UnsignedInteger>(
    as type: Whole.Type = Whole.self
  ) -> Whole { Whole(clamping: bits >> 32) }

  /// The nearest whole number, halves away from zero, or nil where it does not fit.
  @inlinable
  public var roundedHalfAwayFromZero: I32F32? {
    let magnitude = (bits.magnitude + (1 << 31)) & ~0xFFFF_FFFF
    if bits < 0 { return magnitude > 1 << 63 ? nil : I32F32(bits: Int64(truncatingIfNeeded: 0 &- magnitude)) }
    return magnitude >= 1 << 63 ? nil : I32F32(bits: Int64(magnitude))
  }

  /// The upper half of the fraction is kept; rounds down, clamps to the limits.
  @inlinable
  public init(roundingDown wide: I64F64) { self.init(bits: Int64(clamping: wide.bits >> 32)) }
}
