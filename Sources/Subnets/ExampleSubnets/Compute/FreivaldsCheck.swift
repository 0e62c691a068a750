import Primitives

/// Freivalds' test: whether a matrix is the product of two others, without multiplying them.
///
/// A product `C = A·B` maps every column `r` to what `A` makes of `B·r`. A wrong `C` does so for one column in 2^31 - 1
/// at most, whatever is wrong with it; with `columnCount` columns that nobody could foresee it passes with a probability
/// of at most (2^31 - 1)^-2, below 2.2e-19.
///
/// - Source: Freivalds, "Probabilistic machines can use less running time", 1977.
struct FreivaldsCheck: Sendable {
  private let columns: [[UInt32]]
  /// `B·r` for each column, shared by all answers of a round.
  private let images: [[UInt32]]

  static let columnCount = 2

  /// - Parameter secret: Must be unknown to whoever made the products until they cannot be changed any more.
  init(right: FieldMatrix, secret: Bytes32) {
    columns = FreivaldsCheck.columns(size: right.size, from: secret)
    images = columns.map { right.applied(to: $0) }
  }

  /// Whether `product` is `left` times the right matrix.
  ///
  /// - Complexity: O(size²).
  func accepts(_ product: FieldMatrix, of left: FieldMatrix) -> Bool {
    zip(columns, images).allSatisfy { column, image in product.applied(to: column) == left.applied(to: image) }
  }

  static func columns(size: Int, from secret: Bytes32) -> [[UInt32]] {
    var stream = DigestStream(secret)
    return (0..<columnCount).map { _ in (0..<size).map { _ in fieldElement(of: stream.next()) } }
  }
}
