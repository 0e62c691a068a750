import FixedPoint

/// What one row holds for one column: its weight share, its stored bond, or both; packed into eight bytes.
///
/// Weight and bond of a pair are always needed together, so they travel together.
///
/// Layout, from the top: weight share 32 bits, row 15 bits, "has a bond" 1 bit, bond 16 bits.
struct MatrixEntry: BitwiseCopyable {
  let packed: UInt64

  /// Weight shares are `floor(w * 2^32 / s)` with `w <= s < 2^31`: exactly one, or at most `2^32 - 3`. That leaves two codes.
  private static let oneCode: UInt64 = 0xFFFF_FFFF
  private static let absentCode: UInt64 = 0xFFFF_FFFE

  @inline(__always)
  init(packed: UInt64) { self.packed = packed }

  /// A weight, and a bond if the code is not zero.
  ///
  /// - Parameters:
  ///   - weight: A share in 0...1.
  ///   - bondCode: Of ``bondCode(_:)``, or zero.
  @inline(__always)
  init(row: Int, weight: I32F32, bondCode: UInt32) {
    let bits = UInt64(bitPattern: weight.bits)
    // One becomes the highest code; nothing below it changes.
    let code = bits &- bits >> 32
    packed = code << 32 | UInt64(truncatingIfNeeded: row) << 17 | UInt64(bondCode)
  }

  /// No weight, and a bond if the code is not zero.
  @inline(__always)
  init(row: Int, bondCode: UInt32) {
    packed = MatrixEntry.absentCode << 32 | UInt64(truncatingIfNeeded: row) << 17 | UInt64(bondCode)
  }

  /// The same row with a bond to store, if the code is not zero; the weight has done its part.
  @inline(__always)
  func storing(_ bondCode: UInt32) -> MatrixEntry { MatrixEntry(packed: packed & 0x7FFF << 17 | UInt64(bondCode)) }

  /// A bond that is there, as it stands in an entry; never zero.
  @inline(__always)
  static func bondCode(_ bond: UInt16) -> UInt32 { UInt32(bond) | 1 << 16 }

  @inline(__always) var row: Int { Int(truncatingIfNeeded: packed >> 17 & 0x7FFF) }
  @inline(__always) var hasWeight: Bool { packed >> 32 != MatrixEntry.absentCode }
  @inline(__always) var hasBond: Bool { packed & 1 << 16 != 0 }

  /// The weight share; meaningless without `hasWeight`.
  @inline(__always) var weight: I32F32 { MatrixEntry.weight(code: packed >> 32) }

  /// Whether there is a weight, and it is not an explicit zero.
  @inline(__always) var hasPositiveWeight: Bool { hasWeight && packed >> 32 != 0 }

  @inline(__always)
  private static func weight(code: UInt64) -> I32F32 {
    // Only the highest code carries into the bit that makes it one.
    I32F32(bits: Int64(bitPattern: code &+ (code &+ 1) >> 32))
  }

  /// The stored bond as an integer, 0 where there is none.
  @inline(__always) var bond: UInt16 { UInt16(truncatingIfNeeded: packed) }

  /// The entry's weight and row as one number, ordered by weight and then by row; below 2^47.
  @inline(__always) var ballot: Int64 { Int64(bitPattern: packed >> 17) }

  @inline(__always) static func row(ofBallot ballot: Int64) -> Int { Int(truncatingIfNeeded: ballot & 0x7FFF) }
  @inline(__always) static func weight(ofBallot ballot: Int64) -> I32F32 {
    weight(code: UInt64(bitPattern: ballot) >> 15)
  }
}
