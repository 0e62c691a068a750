package import Primitives

/// The settings an epoch obeys; the defaults are upstream's.
///
/// - Source: yuma 3; the names are those of the vectors.
package struct EpochParameters: Hashable, Sendable {
  /// Blocks per epoch.
  package var tempo: UInt16 = 360
  /// The activity window in thousandths of a tempo.
  package var activityCutoffFactorMilli: UInt32 = 13889
  /// The weight of root stake, as a fraction of 2^64 - 1.
  package var taoWeight: UInt64 = 971_718_665_099_567_868
  /// The least total stake that counts, in rao.
  package var stakeThreshold: Rao = .zero
  /// Seats for validators; the owner's is extra.
  package var maxAllowedValidators: UInt16 = 128
  /// The uid of the subnet owner's hotkey, if it is registered.
  package var ownerUID: UID?
  /// The majority whose agreement is consensus, in parts of 65535.
  package var kappa: UInt16 = 32767
  /// How far bonds follow clipped instead of plain weights, in parts of 65535.
  package var bondsPenalty: UInt16 = 65535
  /// How much of the old bonds an epoch keeps, in millionths.
  package var bondsMovingAverage: UInt64 = 900_000
  /// Selects the second bonds rule.
  package var yuma3 = false
  /// A smoothing factor for each pair; only with `yuma3`.
  package var liquidAlpha = false
  /// The lowest smoothing factor of liquid alpha, in parts of 65535.
  package var alphaLow: UInt16 = 45875
  /// The highest smoothing factor of liquid alpha, in parts of 65535.
  package var alphaHigh: UInt16 = 58982
  /// A hundred times the slope of liquid alpha.
  package var alphaSigmoidSteepness: Int16 = 1000
  /// Whether pending commits mask weights.
  package var commitReveal = true
  /// Epochs until a commit expires.
  package var revealPeriod: UInt64 = 1

  package init() {}
}
