/// A balance after a user's payment: what is left of it, and the dust that left with the payment.
///
/// - Source: economy 2.
package struct DebitedBalance: Hashable, Sendable {
  /// In rao; zero, or at least the existential deposit.
  package let balance: UInt64
  /// In rao; it is recycled.
  package let dust: UInt64

  /// - Precondition: `amount <= balance`; the caller has refused more.
  package init(_ balance: UInt64, paying amount: UInt64, existentialDeposit: UInt64) {
    let left = rest(of: balance, without: amount)
    let isDust = left < existentialDeposit
    self.balance = isDust ? 0 : left
    dust = isDust ? left : 0
  }
}
