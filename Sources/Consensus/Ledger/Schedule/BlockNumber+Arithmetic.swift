package import Primitives

/// Differences stop at 0 and sums at the last number: no block number of a hostile state can trap.
///
/// Source: registry 1.
extension BlockNumber {
  /// Blocks from `earlier` to this one; 0 when `earlier` is later.
  package func blocks(since earlier: BlockNumber) -> UInt64 {
    value > earlier.value ? value - earlier.value : 0
  }

  /// The block this many blocks later.
  package func advanced(by blocks: UInt64) -> BlockNumber {
    let (sum, overflow) = value.addingReportingOverflow(blocks)
    return BlockNumber(overflow ? .max : sum)
  }
}
