/// An intermediate result with one value per uid; the raw value is its name in the vectors.
package enum EpochVector: String, CaseIterable, Hashable, Sendable {
  case totalStake = "total_stake_i64f64"
  case stake
  case activeStake = "active_stake"
  case consensus
  case validatorTrust = "validator_trust"
  case ranks
  case incentive
  case totalBonds = "total_bonds_per_validator"
  case dividends
  case serverShare = "normalized_server_emission"
  case validatorShare = "normalized_validator_emission"
  case combinedShare = "normalized_combined_emission"
}

/// An intermediate matrix; the raw value is its name in the vectors.
package enum EpochMatrix: String, CaseIterable, Hashable, Sendable {
  case weights
  case clippedWeights = "clipped_weights"
  case weightsForBonds = "weights_for_bonds"
  case oldBonds = "bonds_in"
  case freshBonds = "bonds_delta"
  case smoothing = "alphas"
  case smoothedBonds = "ema_bonds"
  case bondShares = "ema_bonds_norm"
  case upscaledBonds = "ema_bonds_upscaled"
}

/// Listens to an epoch's intermediate results; raw bits of 32 fraction bits (64 for `totalStake`).
package protocol EpochRecorder {
  /// False lets the compiler drop the calls altogether.
  static var isRecording: Bool { get }
  mutating func record(_ vector: EpochVector, uid: Int, bits: Int128)
  mutating func record(_ matrix: EpochMatrix, row: Int, column: Int, bits: Int64)
}

/// Listens to nothing and costs nothing.
package struct NoRecording: EpochRecorder {
  package static var isRecording: Bool { false }
  package init() {}
  package func record(_ vector: EpochVector, uid: Int, bits: Int128) {}
  package func record(_ matrix: EpochMatrix, row: Int, column: Int, bits: Int64) {}
}

/// Keeps every intermediate result of one epoch: for the vectors, and to explain a settlement in numbers.
package struct EpochRecording: EpochRecorder, Sendable {
  package struct Entry: Hashable, Sendable {
    package let column: Int
    package let bits: Int64
  }

  package static var isRecording: Bool { true }
  package let uidCount: Int
  private var vectors: [EpochVector: [Int128]] = [:]
  private var matrices: [EpochMatrix: [[Entry]]] = [:]

  package init(uidCount: Int) { self.uidCount = uidCount }

  /// One value per uid, or nil where the epoch did not make this vector.
  package subscript(vector: EpochVector) -> [Int128]? { vectors[vector] }

  /// The rows of a matrix, entries by ascending column, or nil where the epoch made no entry.
  package subscript(matrix: EpochMatrix) -> [[Entry]]? { matrices[matrix] }

  package mutating func record(_ vector: EpochVector, uid: Int, bits: Int128) {
    vectors[vector, default: Array(repeating: 0, count: uidCount)][uid] = bits
  }

  package mutating func record(_ matrix: EpochMatrix, row: Int, column: Int, bits: Int64) {
    matrices[matrix, default: Array(repeating: [], count: uidCount)][row].append(Entry(column: column, bits: bits))
  }
}
