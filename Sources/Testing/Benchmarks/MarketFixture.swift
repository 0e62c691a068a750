import Primitives
package import Yuma

/// A made-up subnet market: the same numbers for the same size, on every machine.
package enum MarketFixture {
  /// Every validator rates every uid: a common opinion of each server's worth, with its own error of up to a fifth. Bonds come
  /// from an epoch on slightly older opinions, so that they are as full and as uneven as in a living market.
  package static func input(uids: Int, validators: Int, parameters: EpochParameters) throws(EpochError) -> EpochInput {
    var generator = SplitMix64(seed: UInt64(uids) << 32 | UInt64(validators))
    var parameters = parameters
    parameters.maxAllowedValidators = UInt16(clamping: validators)
    let worth = (0..<uids).map { _ in 2000 + generator.next(below: 40000) }
    var input = EpochInput(
      block: BlockNumber(1_000_000), lastStepBlock: BlockNumber(999_640), emission: Rao.tao(148),
      alphaStake: (0..<uids).map { $0 < validators ? Rao.tao(1000 + generator.next(below: 9000)) : .zero },
      taoStake: (0..<uids).map { $0 < validators ? Rao.tao(generator.next(below: 5000)) : .zero },
      lastUpdate: Array(repeating: BlockNumber(999_900), count: uids),
      blockAtRegistration: Array(repeating: BlockNumber(100), count: uids),
      validatorPermit: (0..<uids).map { $0 < validators },
      weights: opinions(of: worth, validators: validators, &generator), bonds: SparseRows(rowCount: uids),
      parameters: parameters)
    let before = try YumaEpoch.settled(input)
    input.bonds = before.bonds
    input.weights = opinions(of: worth, validators: validators, &generator)
    return input
  }

  private static func opinions(of worth: [UInt64], validators: Int, _ generator: inout SplitMix64) -> SparseRows {
    var rows = SparseRows()
    rows.reserve(rowCount: worth.count, cellCount: validators * worth.count)
    for uid in worth.indices {
      guard uid < validators else {
        rows.append(row: [])
        continue
      }
      rows.append(
        row: worth.enumerated().map { column, worth in
          Cell(UInt16(truncatingIfNeeded: column), UInt16(clamping: worth * (90 + generator.next(below: 21)) / 100))
        })
    }
    return rows
  }
}

extension SplitMix64 {
  /// A number below `bound`, with a bias too small to matter here.
  package mutating func next(below bound: UInt64) -> UInt64 { next() % bound }
}
