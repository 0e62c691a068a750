/// Bounds of the pool of waiting extrinsics. Source: registry 14, with the node's own numbers for all of it.
package struct PoolLimits: Hashable, Sendable {
  /// Extrinsics in all.
  package var count = 10_000
  /// Of these, places that only weight calls may take.
  package var reservedForWeights = 1024
  /// Bytes of all encoded extrinsics.
  package var bytes = 16 << 20
  package var perSigner = 64
  /// Fee-free calls of one signer about one subnet.
  package var feeFreePerSubnet = 4
  /// An extrinsic that waited so many blocks is dropped.
  package var blocks: UInt64 = 256
  /// A replacement's tip is higher by this part of the old one, rounded up, and by 1 rao at least.
  package var replacementDivisor: UInt64 = 10

  package init() {}
}

/// What one block takes from the pool. Source: registry 14.
package struct BlockLimits: Hashable, Sendable {
  package var extrinsics = 5000
  /// Bytes of encoded extrinsics; a block is valid up to 5 MiB, the builder stops earlier.
  package var bytes = 512 << 10
  /// Quarters of both that the normal class may fill.
  package var normalQuarters = 3

  package init() {}
}
