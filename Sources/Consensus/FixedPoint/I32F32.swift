/// A signed fixed-point number: 32 bits before the point, 32 after it.
///
/// The value is `bits / 2^32`. Nearly everything in an epoch is one of these. Every operation says in its name how it
/// rounds and what it does when the result does not fit: nothing (an optional), `Saturating` (the nearest limit) or
/// `OrZero`. Multiplication rounds **down** (toward minus infinity), division rounds **toward zero**.
///
/// - Source: yuma 1 and 2.
public struct I32F32: Hashable, Sendable, BitwiseCopyable {
  public var bits: Int64

  @inlinable @inline(__always)
  public init(bits: Int64) { self.bits = bits }

  public static let fractionBits = 32

  @inlinable @inline(__always) public static var zero: I32F32 { I32F32(bits: 0) }
  @inlinable @inline(__always) public static var one: I32F32 { I32F32(bits: 1 << 32) }
  @inlinable @inline(__always) public static var half: I32F32 { I32F32(bits: 1 << 31) }
  @inlinable @inline(__always) public static var max: I32F32 { I32F32(bits: .max) }
  @inlinable @inline(__always) public static var min: I32F32 { I32F32(bits: .min) }
}

extension I32F32: Comparable {
  @inlinable @inline(__always)
  public static func < (left: I32F32, right: I32F32) -> Bool { left.bits < right.bits }

  @inlinable @inline(__always)
  public func clamped(to range: ClosedRange<I32F32>) -> I32F32 {
    self < range.lowerBound ? range.lowerBound : (self > range.upperBound ? range.upperBound : self)
  }
}

// Sums and differences: exact, or the nearest limit.
extension I32F32 {
  @inlinable @inline(__always)
  public func addingSaturating(_ other: I32F32) -> I32F32 {
    let (sum, overflow) = bits.addingReportingOverflow(other.bits)
    return overflow ? (other.bits < 0 ? .min : .max) : I32F32(bits: sum)
  }

  @inlinable @inline(__always)
  public func subtractingSaturating(_ other: I32F32) -> I32F32 {
    let (difference, overflow) = bits.subtractingReportingOverflow(other.bits)
    return overflow ? (other.bits < 0 ? .max : .min) : I32F32(bits: difference)
  }

  /// Two's complement, as plain addition in the reference's production build.
  @inlinable @inline(__always)
  public func addingWrapping(_ other: I32F32) -> I32F32 { I32F32(bits: bits &+ other.bits) }
}

// Products: floor(a * b / 2^32).
extension I32F32 {
  /// The product, or nil where it does not fit; rounds down.
  @inlinable @inline(__always)
  public func multipliedRoundingDown(by other: I32F32) -> I32F32? {
    let (high, low) = bits.multipliedFullWidth(by: other.bits)
    let sign = high >> 31
    guard sign == 0 || sign == -1 else { return nil }
    return I32F32(bits: high << 32 | Int64(bitPattern: low >> 32))
  }

  /// The product of two shares; rounds down, and always fits.
  ///
  /// Of all such products only that of one and one, 2^64, needs a 65th bit: 64 bits give zero then, and the bit that both
  /// factors share is the answer.
  ///
  /// - Precondition: Both lie in 0...1 (checked in debug builds).
  @inlinable @inline(__always)
  public func shareRoundingDown(of share: I32F32) -> I32F32 {
    assert(I32F32.zero <= Swift.min(self, share) && Swift.max(self, share) <= .one, "Both factors are shares.")
    let product = UInt64(bitPattern: bits) &* UInt64(bitPattern: share.bits)
    return I32F32(bits: Int64(bitPattern: product >> 32) | (bits & share.bits & I32F32.one.bits))
  }

  /// The product, or the limit nearest to it; rounds down.
  @inlinable @inline(__always)
  public func multipliedRoundingDownSaturating(by other: I32F32) -> I32F32 {
    multipliedRoundingDown(by: other) ?? ((bits < 0) == (other.bits < 0) ? .max : .min)
  }

  /// The product, or zero where it does not fit; rounds down.
  @inlinable @inline(__always)
  public func multipliedRoundingDownOrZero(by other: I32F32) -> I32F32 {
    multipliedRoundingDown(by: other) ?? .zero
  }
}

// Quotients: trunc(a * 2^32 / b).
extension I32F32 {
  /// The quotient, or nil for a zero divisor and where it does not fit; rounds toward zero.
  @inlinable
  public func dividedTowardZero(by divisor: I32F32) -> I32F32? {
    guard divisor.bits != 0 else { return nil }
    return Int64(exactly: (Int128(bits) << 32) / Int128(divisor.bits)).map { I32F32(bits: $0) }
  }

  /// The quotient, or the limit nearest to it; rounds toward zero.
  ///
  /// - Precondition: `divisor` is not zero.
  @inlinable
  public func dividedTowardZeroSaturating(by divisor: I32F32) -> I32F32 {
    precondition(divisor.bits != 0, "A saturating division needs a divisor other than zero.")
    return dividedTowardZero(by: divisor) ?? ((bits < 0) == (divisor.bits < 0) ? .max : .min)
  }

  /// The quotient; zero for a zero divisor **and** where the quotient does not fit. Rounds toward zero.
  @inlinable
  public func dividedTowardZeroOrZero(by divisor: I32F32) -> I32F32 {
    dividedTowardZero(by: divisor) ?? .zero
  }
}
