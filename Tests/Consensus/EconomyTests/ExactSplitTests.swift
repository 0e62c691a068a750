import Primitives
import Economy
import Testing

@Suite struct ExactSplitTests {
  /// The definition, word for word: sort by remainder, ties by index.
  private func sortedSplit(_ total: UInt64, by weights: [UInt64]) -> [UInt64] {
    let whole = weights.reduce(0) { $0 + UInt128($1) }
    let products = weights.map { UInt128(total) * UInt128($0) }
    var parts = products.map { UInt64($0 / whole) }
    let extra = Int(total - parts.reduce(0, +))
    let ranked = products.indices.sorted { left, right in
      let (a, b) = (products[left] % whole, products[right] % whole)
      return a == b ? left < right : a > b
    }
    for index in ranked.prefix(extra) { parts[index] += 1 }
    return parts
  }

  @Test func leftOverUnitsGoToTheLargestRemainders() {
    var random = SplitMix64(seed: 11)
    for _ in 0..<2_000 {
      let count = Int.random(in: 1...40, using: &random)
      let bits = Int.random(in: 1...58, using: &random)
      let weights = (0..<count).map { _ in random.next() % 4 == 0 ? 0 : random.amount(bits: bits) }
      guard weights.contains(where: { $0 > 0 }) else { continue }
      let total = random.amount(bits: Int.random(in: 1...64, using: &random))
      let parts = splitExact(total, by: weights)
      #expect(parts == sortedSplit(total, by: weights))
      #expect(parts?.reduce(0, +) == total)
    }
  }

  @Test func tiesGoToTheLowestIndex() {
    #expect(splitExact(11, by: [1, 1, 1]) == [4, 4, 3])
    #expect(splitExact(2, by: [5, 0, 5, 5, 5]) == [1, 0, 1, 0, 0])
  }

  @Test func nothingIsSplitWithoutWeight() {
    #expect(splitExact(5, by: [0, 0]) == nil)
    #expect(splitExact(5, by: []) == nil)
    #expect(splitExact(0, by: [0, 7]) == [0, 0])
  }

  @Test func theLargestTotalAndWeightsStayExact() {
    let most = UInt64.max
    #expect(splitExact(most, by: [most - 2, 1, 1]) == [most - 2, 1, 1])
    #expect(splitExact(most, by: [most / 2, most / 2]) == [most / 2 + 1, most / 2])
  }

  @Test func manyEqualHoldersAreServedInOrder() {
    let parts = splitExact(1_234_567, by: Array(repeating: 3, count: 100_000))
    let extra = 1_234_567 % 100_000
    #expect(parts == (0..<100_000).map { $0 < extra ? 13 : 12 })
  }
}
