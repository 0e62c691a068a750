package import Localnet
import Primitives

extension ChainBooks {
  /// Whether they are balanced, and a few words with the sums.
  package var sighting: (isBalanced: Bool, words: String) {
    (isBalanced, "issuance \(issuance) TAO, accounts \(Rao(supply.sum)) TAO, at block \(height)")
  }
}
