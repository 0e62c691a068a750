/// A signed fixed-point number: 64 bits before the point, 64 after it.
///
/// Stake before it becomes shares, and the smoothing factor's input. Rounding and limits as in ``I32F32``.
///
/// - Source: yuma 1 and 2.
public struct I64F64: Hashable, Sendable, BitwiseCopyable {
  public var bits: Int128

  @inlinable @inline(__always)
  public init(bits: Int128) { self.bits = bits }

  /// The whole number `whole`; from 2^63 on it is the largest value.
  @inlinable @inline(__always)
  public init(saturating whole: UInt64) {
    self.init(bits: whole >> 63 == 0 ? Int128(whole) << 64 : .max)
  }

  /// The same value with more fraction bits; clamps to the limits.
  @inlinable
  public init(saturating narrow: U96F32) {
    self.init(bits: narrow.bits < 1 << 95 ? Int128(narrow.bits) << 32 : .max)
  }

  @inlinable @inline(__always) public static var zero: I64F64 { I64F64(bits: 0) }
  @inlinable @inline(__always) public static var max: I64F64 { I64F64(bits: .max) }
  @inlinable @inline(__always) public static var min: I64F64 { I64F64(bits: .min) }

  /// The whole part, rounded down and clamped: negative values give 0.
  @inlinable
  public var wholeRoundingDown: UInt64 { UInt64(clamping: bits >> 64) }
}

extension I64F64: Comparable {
  @inlinable @inline(__always)
  public static func < (left: I64F64, right: I64F64) -> Bool { left.bits < right.bits }
}

extension I64F64 {
  @inlinable @inline(__always)
  public func addingSaturating(_ other: I64F64) -> I64F64 {
    let (sum, overflow) = bits.addingReportingOverflow(other.bits)
    return overflow ? (other.bits < 0 ? .min : .max) : I64F64(bits: sum)
  }

  /// The product, or nil where it does not fit; rounds down.
  @inlinable
  public func multipliedRoundingDown(by other: I64F64) -> I64F64? {
    let (high, low) = bits.multipliedFullWidth(by: other.bits)
    guard let top = Int64(exactly: high) else { return nil }
    return I64F64(bits: Int128(top) << 64 | Int128(low >> 64))
  }

  /// The product, or the limit nearest to it; rounds down.
  @inlinable
  public func multipliedRoundingDownSaturating(by other: I64F64) -> I64F64 {
    multipliedRoundingDown(by: other) ?? ((bits < 0) == (other.bits < 0) ? .max : .min)
  }

  /// The quotient, or nil for a zero divisor and where it does not fit; rounds toward zero.
  public func dividedTowardZero(by divisor: I64F64) -> I64F64? {
    let numerator = bits.magnitude
    let denominator = divisor.bits.magnitude
    // From here on the quotient's magnitude is below 2^128.
    guard numerator >> 64 < denominator else { return nil }
    let quotient = denominator.dividingFullWidth((high: numerator >> 64, low: numerator << 64)).quotient
    if (bits < 0) == (divisor.bits < 0) { return Int128(exactly: quotient).map { I64F64(bits: $0) } }
    return quotient <= Int128.min.magnitude ? I64F64(bits: Int128(truncatingIfNeeded: 0 &- quotient)) : nil
  }

  /// The quotient; zero for a zero divisor **and** where the quotient does not fit. Rounds toward zero.
  public func dividedTowardZeroOrZero(by divisor: I64F64) -> I64F64 {
    dividedTowardZero(by: divisor) ?? .zero
  }
}
