import Glibc

/// The prices that a validator saw, oldest first.
struct PriceHistory: Hashable, Sendable {
  /// One price and the block that it stood at.
  struct Sample: Codable, Hashable, Sendable {
    let block: UInt64
    /// The natural logarithm of the TAO that one alpha costs.
    let logPrice: Double
  }

  private(set) var samples: [Sample] = []

  /// The most prices that are kept, and sent.
  static let lengthLimit = 64

  init() {}

  /// Takes back what was kept.
  init(samples: [Sample]) { self.samples = Array(samples.suffix(PriceHistory.lengthLimit)) }

  /// Takes what came over the wire; nil when it is no history: too long, not in order, or a price that is none.
  init?(blocks: [UInt64], prices: [Double]) {
    guard blocks.count == prices.count, blocks.count <= PriceHistory.lengthLimit,
      zip(blocks, blocks.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    for (block, price) in zip(blocks, prices) {
      guard price.isFinite, price > 0 else { return nil }
      samples.append(Sample(block: block, logPrice: log(price)))
    }
  }

  /// Adds the price of a block; one that is no news, or no price, is left out.
  mutating func note(_ price: Double?, at block: UInt64) {
    guard let price, price.isFinite, price > 0, samples.last.map({ $0.block < block }) ?? true else { return }
    samples.append(Sample(block: block, logPrice: log(price)))
    if samples.count > PriceHistory.lengthLimit { samples.removeFirst() }
  }

  /// The price of a block, or the first one seen after it.
  func logPrice(from block: UInt64) -> Double? { samples.first { $0.block >= block }?.logPrice }

  /// By how much the logarithm of the price changed over so many blocks, from each sample on that has one after them.
  func changes(over blocks: UInt64) -> [Double] {
    var changes: [Double] = []
    var later = samples.startIndex
    for sample in samples {
      let (end, overflow) = sample.block.addingReportingOverflow(blocks)
      while later < samples.endIndex, samples[later].block < end { later += 1 }
      guard !overflow, later < samples.endIndex else { break }
      changes.append(samples[later].logPrice - sample.logPrice)
    }
    return changes
  }

  /// How far the price moves over so many blocks, on average; 0 of a history that is too short to know.
  func meanMove(over blocks: UInt64) -> Double {
    let changes = changes(over: blocks)
    return changes.isEmpty ? 0 : changes.reduce(0) { $0 + abs($1) } / Double(changes.count)
  }
}
