/// Why a share pool refuses.
package enum SharePoolRefusal: Error, Hashable, Sendable {
  /// The amount is worth less than one share.
  case amountTooLow
  /// More than the stake of the holder was asked for.
  case notEnoughStakeToWithdraw
}

/// The alpha (on root: the TAO) that coldkeys have staked on one hotkey of one subnet.
///
/// The pool knows its value and the sum of all shares; the ledger keeps the shares of each coldkey beside it and
/// applies what each operation returns. Rewards raise the value alone, so every holder gains pro rata.
///
/// The shares are zero exactly when the value is. They never exceed `value × 2^32`, so 128 bits are enough.
///
/// - Source: economy 5.
package struct SharePool: Hashable, Sendable {
  /// What the pool is worth, in base units.
  package private(set) var value: UInt64
  /// The shares of all holders together.
  package private(set) var total: UInt128

  /// An empty pool.
  package init() {
    value = 0
    total = 0
  }

  /// A pool as it was stored; nil when one of the two figures is zero and the other is not.
  package init?(value: UInt64, total: UInt128) {
    guard (value == 0) == (total == 0) else { return nil }
    self.value = value
    self.total = total
  }

  package var isEmpty: Bool { total == 0 }

  /// The stake of a holder, in base units, rounded down.
  ///
  /// - Precondition: `shares <= total`.
  package func stake(ofShares shares: UInt128) -> UInt64 {
    precondition(shares <= total, "A holder has more shares than the pool.")
    if shares == total { return value }
    return UInt64(mulDivFloor(UInt128(value), shares, total))
  }

  /// Adds an amount for one holder.
  ///
  /// - Returns: The shares the holder gains, more than zero.
  /// - Throws: `.amountTooLow` when the amount is worth no share; the pool is unchanged.
  package mutating func deposit(_ amount: UInt64) throws(SharePoolRefusal) -> UInt128 {
    let issued = shares(for: amount)
    guard issued > 0 else { throw .amountTooLow }
    value = sum(value, amount)
    total += issued
    return issued
  }

  /// Takes an amount out for one holder.
  ///
  /// - Returns: The shares the holder loses; with the last one its entry goes too.
  /// - Throws: `.notEnoughStakeToWithdraw` above the holder's stake; the pool is unchanged.
  package mutating func withdraw(
    _ amount: UInt64, holderShares: UInt128
  ) throws(SharePoolRefusal) -> UInt128 {
    let stake = stake(ofShares: holderShares)
    guard amount <= stake else { throw .notEnoughStakeToWithdraw }
    var burned = holderShares
    if amount < stake {
      burned = mulDivCeil(UInt128(amount), total, UInt128(value))
      // Value that stays needs a share to belong to.
      if burned == total { burned = total - 1 }
    }
    value -= amount
    total -= burned
    return burned
  }

  /// Adds an amount for all holders, pro rata.
  ///
  /// - Returns: The shares the owner of the hotkey gains because nobody held any before; otherwise zero.
  package mutating func addToAll(_ amount: UInt64) -> UInt128 {
    let issued = isEmpty ? shares(for: amount) : 0
    value = sum(value, amount)
    total += issued
    return issued
  }

  /// Adds an amount the chain itself pays to one holder; it cannot fail.
  ///
  /// - Returns: The shares the holder gains; zero when the amount was worth none and went to all holders.
  package mutating func credit(_ amount: UInt64) -> UInt128 {
    let issued = shares(for: amount)
    value = sum(value, amount)
    total += issued
    return issued
  }

  /// The shares an amount would buy now.
  package func shares(for amount: UInt64) -> UInt128 {
    isEmpty ? UInt128(amount) << 32 : mulDivFloor(UInt128(amount), total, UInt128(value))
  }
}
