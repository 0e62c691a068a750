/// Root dividends that stay alpha until a staker claims them: one hotkey on one subnet.
///
/// A rate grows with each epoch; a staker's debt remembers the part of it that came before its stake, or was paid.
/// The ledger keeps the debt of each coldkey. Entitlements never sum to more than the reserve.
///
/// - Source: economy 11.5.
package struct RootClaim: Hashable, Sendable {
  /// Alpha per rao of root stake since the beginning, Q64.
  package private(set) var rate: UInt128
  /// Alpha set aside and not yet claimed, in base units.
  package private(set) var reserve: UInt64

  package init(rate: UInt128 = 0, reserve: UInt64 = 0) {
    self.rate = rate
    self.reserve = reserve
  }

  /// Sets alpha aside for the root stakers of the hotkey.
  ///
  /// - Parameter rootStake: All root stake of the hotkey, in rao.
  /// - Returns: False when there is none; the alpha then belongs to the hotkey's owner and nothing changes here.
  package mutating func accrue(_ amount: UInt64, rootStake: UInt64) -> Bool {
    guard rootStake > 0 else { return false }
    rate += (UInt128(amount) << 64) / UInt128(rootStake)
    reserve = sum(reserve, amount)
    return true
  }

  /// What a staker may claim, in base units of alpha.
  package func owed(rootStake: UInt64, debt: Int128) -> UInt64 {
    let earned = Int128(highProduct(rate, rootStake))
    return earned > debt ? UInt64(earned - debt) : 0
  }

  /// What a staker's debt grows by when root stake is added, so that the past earns it nothing.
  package func debtOfAdding(_ rootStake: UInt64) -> Int128 {
    let exact = (rate & UInt128(UInt64.max)) * UInt128(rootStake) & UInt128(UInt64.max) == 0
    return Int128(highProduct(rate, rootStake)) + (exact ? 0 : 1)
  }

  /// What a staker's debt falls by when root stake is removed, so that nothing it has earned is lost.
  package func debtOfRemoving(_ rootStake: UInt64) -> Int128 {
    Int128(highProduct(rate, rootStake))
  }

  /// Pays a staker what it is owed.
  ///
  /// - Parameter threshold: Below this nothing is paid, in base units.
  /// - Returns: The amount paid, by which the staker's debt grows.
  package mutating func claim(rootStake: UInt64, debt: Int128, threshold: UInt64) -> UInt64 {
    let amount = owed(rootStake: rootStake, debt: debt)
    guard amount > 0, amount >= threshold else { return 0 }
    reserve = rest(of: reserve, without: amount)
    return amount
  }
}
