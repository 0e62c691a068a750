package import Primitives

/// What one epoch decides for every uid; arrays are in uid order.
///
/// - Source: yuma 11; the names are those of the vectors.
package struct EpochOutput: Hashable, Sendable {
  /// Whether the uid set weights recently enough.
  package internal(set) var active: [Bool] = []
  /// Whole stake: the subnet's own plus weighted root stake, also below the threshold.
  package internal(set) var stake: [Rao] = []
  /// The share of all stake, in parts of 65535.
  package internal(set) var stakeWeight: [UInt16] = []
  /// The permits granted now; they hold from the next epoch on.
  package internal(set) var validatorPermit: [Bool] = []
  /// The weight the majority agrees on, in parts of 65535.
  package internal(set) var consensus: [UInt16] = []
  /// The share of the servers' reward, in parts of 65535.
  package internal(set) var incentive: [UInt16] = []
  /// The share of the validators' reward, in parts of 65535.
  package internal(set) var dividends: [UInt16] = []
  /// How much of the validator's row survived clipping, in parts of 65535.
  package internal(set) var validatorTrust: [UInt16] = []
  /// The amount earned by serving.
  package internal(set) var serverEmission: [Rao] = []
  /// The amount earned by validating.
  package internal(set) var validatorEmission: [Rao] = []
  /// The amount earned together; it can pass the sum of the two by a little.
  package internal(set) var emission: [Rao] = []
  /// Bonds to store; rows of uids without a new permit are empty.
  package internal(set) var bonds = SparseRows()

  package init() {}
}
