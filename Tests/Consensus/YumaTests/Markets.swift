import Primitives
import Yuma

/// Made-up markets within the ranges of a living chain.
enum Markets {
  /// Random stakes, permits, sparse weights and bonds; all stakes differ.
  static func random(_ generator: inout SplitMix64, uids: Int, validators: Int) -> EpochInput {
    var input = EpochInput(
      block: BlockNumber(100_000), lastStepBlock: BlockNumber(99_640), emission: Rao.tao(148),
      alphaStake: (0..<uids).map {
        $0 < validators ? Rao(UInt64.random(in: 1...1_000_000_000, using: &generator) << 12 | UInt64($0)) : .zero
      },
      taoStake: (0..<uids).map { _ in Rao(UInt64.random(in: 0...1_000_000, using: &generator)) },
      lastUpdate: (0..<uids).map { _ in BlockNumber(UInt64.random(in: 94_000...99_999, using: &generator)) },
      blockAtRegistration: (0..<uids).map { _ in BlockNumber(UInt64.random(in: 1...98_000, using: &generator)) },
      validatorPermit: (0..<uids).map { $0 < validators },
      weights: SparseRows(), bonds: SparseRows())
    input.weights = rows(&generator, uids: uids, filled: validators)
    input.bonds = rows(&generator, uids: uids, filled: validators)
    input.parameters.maxAllowedValidators = UInt16(validators)
    input.parameters.yuma3 = Bool.random(using: &generator)
    input.parameters.liquidAlpha = Bool.random(using: &generator)
    input.parameters.bondsPenalty = [0, 65535, UInt16.random(in: 0...65535, using: &generator)].randomElement(
      using: &generator)!
    input.parameters.kappa = UInt16.random(in: 0...65535, using: &generator)
    return input
  }

  static func rows(_ generator: inout SplitMix64, uids: Int, filled: Int) -> SparseRows {
    SparseRows(
      (0..<uids).map { row in
        guard row < filled else { return [] }
        return (0..<uids).compactMap { column in
          switch UInt8.random(in: 0...9, using: &generator) {
          case 0: nil
          case 1: (UInt16(column), 0)
          default: (UInt16(column), UInt16.random(in: 1...65535, using: &generator))
          }
        }
      })
  }
}
