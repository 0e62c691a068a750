import Primitives

/// Where the row of an extrinsic or event stands: its height and its index in the block, as one ascending number.
struct RowPlace: Hashable, Comparable {
  /// Rows of one block, and heights, stay below these.
  static let indexLimit = 1 << 24
  static let heightLimit: UInt64 = 1 << 39

  let number: Int64

  init(number: Int64) { self.number = number }

  /// - Throws: `.unacceptable` for what has no number.
  init(_ height: BlockNumber, _ index: Int, _ action: String) throws(StorageError) {
    guard height.value < RowPlace.heightLimit, index < RowPlace.indexLimit else {
      throw StorageError(.unacceptable, action: action, text: "row \(index) of block \(height) has no place")
    }
    number = Int64(height.value) << 24 | Int64(index)
  }

  var height: BlockNumber { BlockNumber(UInt64(number >> 24)) }
  var index: Int { Int(number & 0xFF_FFFF) }

  /// The places of a block's rows; none for a height that no block has.
  static func all(of height: BlockNumber) -> ClosedRange<Int64> { all(from: height, through: height) }

  /// The places of the rows of several blocks.
  static func all(from first: BlockNumber, through last: BlockNumber) -> ClosedRange<Int64> {
    let first = Int64(min(first.value, heightLimit)) << 24
    return first...max(first, Int64(min(last.value, heightLimit)) << 24 | 0xFF_FFFF)
  }

  static func < (left: RowPlace, right: RowPlace) -> Bool { left.number < right.number }
}
