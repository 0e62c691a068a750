/// What one block brings to one subnet: TAO and alpha for its pool, and alpha for its participants.
///
/// TAO and alpha enter the pool at its price. When the price is so low that the alpha schedule does not
/// allow enough alpha beside the TAO, the surplus TAO buys from the pool and so supports the price.
///
/// - Source: economy 10.5.
package struct Injection: Hashable, Sendable {
  /// Alpha emitted to the participants (`alphaOutNow`), in base units.
  package let alphaOut: UInt64
  /// Alpha added to the pool (`alphaInNow`), in base units.
  package let alphaIn: UInt64
  /// TAO added to the pool beside `alphaIn`, in rao.
  package let taoIn: UInt64
  /// The rest of the subnet's emission, in rao.
  package let excess: UInt64

  /// - Parameters:
  ///   - taoEmission: The subnet's part of the block's emission (`e`), in rao.
  ///   - blockEmission: Emission of the whole block (`E`), in rao.
  ///   - pool: The reserves before; both are positive while a subnet exists.
  ///   - alphaIssuance: `alphaIn + alphaOut` of the subnet, in base units.
  package init(taoEmission: UInt64, blockEmission: UInt64, pool: ConstantProductPool, alphaIssuance: UInt64) {
    let scheduled = EmissionSchedule.emission(atIssuance: alphaIssuance)
    // The schedule never exceeds what the supply has left.
    let room = alphaIssuance < EmissionSchedule.supply ? EmissionSchedule.supply - alphaIssuance - scheduled : 0
    let cap = min(scheduled, blockEmission, room)
    alphaOut = scheduled

    // floor(e × A / T) <= cap exactly when e × A < (cap + 1) × T, which spares a wide division.
    let wanted = taoEmission.multipliedFullWidth(by: pool.alpha)
    let allowed = (cap + 1).multipliedFullWidth(by: pool.tao)
    if pool.tao == 0 {
      alphaIn = 0
      taoIn = taoEmission
    } else if (wanted.high, wanted.low) < (allowed.high, allowed.low) {
      alphaIn = pool.tao.dividingFullWidth(wanted).quotient
      taoIn = taoEmission
    } else {
      alphaIn = cap
      taoIn = mulDivFloor(cap, pool.tao, pool.alpha)
    }
    excess = taoEmission - taoIn
  }

  /// What becomes of the excess; `recycle` is the rule of this network.
  package enum ExcessMode: Hashable, Sendable {
    /// It buys alpha, which is recycled.
    case recycle
    /// It buys alpha, which the protocol holds.
    case buyHold
    /// It is not minted.
    case skip
  }

  /// What a subnet's pool took in.
  package struct Placement: Hashable, Sendable {
    /// TAO now in the pool that was nowhere before, in rao; the issuance grows by it.
    package let minted: UInt64
    /// The part of `minted` that bought alpha, in rao.
    package let excessSpent: UInt64
    /// Alpha that the excess took out of the pool, in base units.
    package let alphaBought: UInt64
  }

  /// Puts TAO and alpha into the pool, then buys with the excess, free of fee.
  ///
  /// A purchase that the pool refuses is left out; its TAO is not minted.
  package func place(in pool: inout ConstantProductPool, excess mode: ExcessMode, terms: TradeTerms) -> Placement {
    pool.tao = sum(pool.tao, taoIn)
    pool.alpha = sum(pool.alpha, alphaIn)
    guard excess > 0, mode != .skip else { return Placement(minted: taoIn, excessSpent: 0, alphaBought: 0) }
    do {
      let bought = try pool.trade(.buy, excess, terms: terms.withoutFee).output
      return Placement(minted: taoIn + excess, excessSpent: excess, alphaBought: bought)
    } catch {
      return Placement(minted: taoIn, excessSpent: 0, alphaBought: 0)
    }
  }
}
