public import Primitives

/// What a subnet's pool held at a block, and so what its alpha cost.
public struct AlphaPool: Hashable, Sendable {
  public var taoIn: Rao
  /// In rao of alpha.
  public var alphaIn: UInt64

  public init(taoIn: Rao, alphaIn: UInt64) {
    self.taoIn = taoIn
    self.alphaIn = alphaIn
  }

  /// No pool, as on root: it has no price.
  public static let empty = AlphaPool(taoIn: .zero, alphaIn: 0)

  /// TAO for one alpha, rounded to nearest; nil where a side of the pool is empty.
  public var price: Double? {
    guard taoIn > .zero, alphaIn > 0 else { return nil }
    return Double(taoIn.value) / Double(alphaIn)
  }
}
