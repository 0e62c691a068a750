import FixedPoint

/// What one row holds for one column: its weight share, its stored bond, or both; packed into eight bytes.
///
/// Weight and bond of a pair are always needed together, so they travel together. The weight share stands highest: among
/// entries with a weight the order of the packed numbers is the order of (weight, row).
///
/// Layout, from the top: weight share 32 bits, row 15 bits, "has a bond" 1 bit, bond 16 bits.
struct MatrixEntry: BitwiseCopyable {
  let packed: UInt64

  /// Weight shares are `floor(w * 2^32 / s)` with `w <= s < 2^31`: exactly one, or at most `2^32 - 3`. That leaves two codes.
  private static let oneCode: UInt64 = 0xFFFF_FFFF
  private static let absentCode: UInt64 = 0xFFFF_FFFE

  @inline(__always)
  init(packed: UInt64) { self.packed = packed }

  /// - Parameters:
  ///   - weight: A share in 0...1, or nil where the row has no weight for the column.
  ///   - bond: The stored bond, or nil where there is none.
  @inline(__always)
  init(row: Int, weight: I32F32?, bond: UInt16?) {
    let code = weight.map { min(UInt64(bitPattern: $0.bits), MatrixEntry.oneCode) } ?? MatrixEntry.absentCode
    let bondCode = bond.map { UInt64($0) | 1 << 16 } ?? 0
    packed = code << 32 | UInt64(truncatingIfNeeded: row) << 17 | bondCode
  }

  @inline(__always) var row: Int { Int(truncatingIfNeeded: packed >> 17 & 0x7FFF) }
  @inline(__always) var hasWeight: Bool { packed >> 32 != MatrixEntry.absentCode }
  @inline(__always) var hasBond: Bool { packed & 1 << 16 != 0 }

  /// The weight share; meaningless without `hasWeight`.
  @inline(__always) var weight: I32F32 {
    let code = packed >> 32
    return I32F32(bits: Int64(bitPattern: code &+ (code == MatrixEntry.oneCode ? 1 : 0)))
  }

  /// The stored bond as an integer, 0 where there is none.
  @inline(__always) var bond: UInt16 { UInt16(truncatingIfNeeded: packed) }
}
