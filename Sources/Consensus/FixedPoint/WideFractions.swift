/// A signed fixed-point number: 96 bits before the point, 32 after it; a share times an amount.
///
/// - Source: yuma 1 and 10.
public struct I96F32: Hashable, Sendable, BitwiseCopyable {
  public var bits: Int128

  @inlinable @inline(__always)
  public init(bits: Int128) { self.bits = bits }

  /// The same value; always fits.
  @inlinable @inline(__always)
  public init(_ share: I32F32) { self.init(bits: Int128(share.bits)) }

  /// The whole number `whole`; always fits.
  @inlinable @inline(__always)
  public init(_ whole: UInt64) { self.init(bits: Int128(whole) << 32) }

  /// The product, or the limit nearest to it; rounds down.
  @inlinable
  public func multipliedRoundingDownSaturating(by other: I96F32) -> I96F32 {
    let (high, low) = bits.multipliedFullWidth(by: other.bits)
    guard let top = Int32(exactly: high) else { return I96F32(bits: high < 0 ? .min : .max) }
    return I96F32(bits: Int128(top) << 96 | Int128(low >> 32))
  }

  /// The whole part, rounded down and clamped: negative values give 0.
  @inlinable
  public var wholeRoundingDown: UInt64 { UInt64(clamping: bits >> 32) }
}

/// An unsigned fixed-point number: 96 bits before the point, 32 after it; the weight of root stake.
///
/// - Source: yuma 1 and 4.
public struct U96F32: Hashable, Sendable, BitwiseCopyable {
  public var bits: UInt128

  @inlinable @inline(__always)
  public init(bits: UInt128) { self.bits = bits }

  /// `parts / whole`, rounded down; zero for a zero `whole`.
  @inlinable
  public init(_ parts: UInt64, of whole: UInt64) {
    self.init(bits: whole == 0 ? 0 : (UInt128(parts) << 32) / UInt128(whole))
  }
}
