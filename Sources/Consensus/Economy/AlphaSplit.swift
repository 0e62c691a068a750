/// The four parts of the alpha that a block emits to the participants of a subnet; they sum to it exactly.
///
/// - Source: economy 10.6.
package struct AlphaSplit: Hashable, Sendable {
  package let owner: UInt64
  package let server: UInt64
  package let validator: UInt64
  /// The part of the stakers of root; where the root-sale flag is not set the ledger recycles it.
  package let root: UInt64

  /// - Parameters:
  ///   - alphaOut: What is divided, in base units.
  ///   - ownerCut: Over 65,535; 0 where the cut is off.
  ///   - rootWeighted: All TAO on root times its weight, `portion(of: rootTao, perM: taoWeight)`.
  ///   - alphaIssuance: `alphaIn + alphaOut` of the subnet after this block's injection, in base units.
  package init(alphaOut: UInt64, ownerCut: UInt16, rootWeighted: UInt64, alphaIssuance: UInt64) {
    owner = portion(of: alphaOut, per65535: ownerCut)
    let rest = alphaOut - owner
    server = rest / 2
    let validators = rest - server
    let stake = sum(rootWeighted, alphaIssuance)
    root = rootWeighted == 0 ? 0 : mulDivFloor(validators, rootWeighted, stake)
    validator = validators - root
  }
}
