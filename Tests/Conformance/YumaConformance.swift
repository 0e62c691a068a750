import FixedPoint
import JSONText
import TestThreads
import Testing
import VectorFiles
import Yuma

@Suite(.computing) struct YumaConformanceTests {
  @Test(arguments: VectorLibrary.files(topic: "yuma"))
  func everyOutputAndIntermediateResultHasTheReferencesBits(file: VectorFile) throws {
    let vector = try YumaVector(file.json())
    #expect(!vector.epochs.isEmpty)
    let settled = try vector.settle(recordEach: true)
    let difference = try vector.firstDifference(settled)
    #expect(difference == nil, "\(difference?.description ?? "")")
    let unrecorded = try vector.settle(recordEach: false)
    #expect(unrecorded.map(\.output) == settled.map(\.output))
  }

  /// The vectors give the factor of every pair; the epoch evaluates those that occur.
  @Test(
    arguments: VectorLibrary.files(topic: "yuma").filter { $0.name.contains("liquid") || $0.name.contains("yuma3") })
  func liquidAlphaHasTheReferencesBitsForEveryPair(file: VectorFile) throws {
    let vector = try YumaVector(file.json())
    for (epoch, settled) in zip(vector.epochs, try vector.settle(recordEach: true)) {
      guard let expected = try epoch.bits?["alphas"]?.elements(), let recording = settled.recording else { continue }
      let rule = LiquidAlpha(settled.input.parameters)
      let consensus = try #require(recording[.consensus])
      let weights = recording[.weightsForBonds] ?? []
      let bonds = recording[.oldBonds] ?? []
      for (row, factors) in expected.enumerated() {
        var weightOf: [Int: Int64] = [:]
        var bondOf: [Int: Int64] = [:]
        if row < weights.count { for entry in weights[row] { weightOf[entry.column] = entry.bits } }
        if row < bonds.count { for entry in bonds[row] { bondOf[entry.column] = entry.bits } }
        let found = consensus.indices.map { column in
          rule.factor(
            consensus: I32F32(bits: Int64(consensus[column])), weight: I32F32(bits: weightOf[column] ?? 0),
            bond: I32F32(bits: bondOf[column] ?? 0)
          ).bits
        }
        #expect(try factors.integers(Int64.self) == found, "epoch row \(row)")
      }
    }
  }

  @Test func thereAreVectors() {
    #expect(VectorLibrary.files(topic: "yuma").count >= 100)
    #expect(VectorLibrary.files(topic: "fixedpoint").count >= 14)
  }
}
