package import Primitives

// Free TAO: debits with their dust rule, credits, recycling. Source: economy 2, 4.
extension LedgerState {
  package func account(_ account: AccountID) -> Account { accounts[account] ?? Account() }

  /// Rao a coldkey may spend.
  package func freeBalance(of coldkey: Coldkey) -> UInt64 { account(coldkey.account).free }

  /// Takes an amount from a user's free balance.
  ///
  /// A rest below the existential deposit leaves with it and is recycled; where a deposit is held, the free part of it.
  ///
  /// - Throws: `shortage` with the missing amount when the free part is too small.
  package mutating func debit(_ amount: UInt64, from coldkey: Coldkey, shortage: LedgerError) throws(LedgerError) {
    var account = account(coldkey.account)
    guard amount <= account.free else {
      throw shortage.with("amount", amount).with("free", account.free)
    }
    account.balance -= amount
    if account.balance > 0, account.balance < chain.parameters.existentialDeposit.value {
      recycle(account.free)
      account.balance = account.held
    }
    accounts[coldkey.account] = account
  }

  /// Gives an account an amount; a credit by the chain is never refused.
  package mutating func credit(_ amount: UInt64, to account: AccountID) {
    guard amount > 0 else { return }
    var record = self.account(account)
    record.balance += amount
    accounts[account] = record
  }

  package mutating func credit(_ amount: UInt64, to coldkey: Coldkey) { credit(amount, to: coldkey.account) }

  /// Counts an amount, already taken from its holder, out of existence: it can be mined again.
  package mutating func recycle(_ amount: UInt64) {
    chain.issuance -= amount
    chain.recycled += amount
  }

  /// Keeps part of a free balance as a deposit.
  package mutating func hold(_ amount: UInt64, of account: AccountID, shortage: LedgerError) throws(LedgerError) {
    var record = self.account(account)
    guard amount <= record.free else { throw shortage.with("amount", amount).with("free", record.free) }
    record.held += amount
    accounts[account] = record
  }

  package mutating func release(_ amount: UInt64, of account: AccountID) {
    var record = self.account(account)
    precondition(record.held >= amount, "a deposit is released once")
    record.held -= amount
    accounts[account] = record
  }

  /// Takes a held deposit for good and recycles it.
  package mutating func forfeit(_ amount: UInt64, of account: AccountID) {
    var record = self.account(account)
    precondition(record.held >= amount, "a deposit is forfeited once")
    record.held -= amount
    record.balance -= amount
    accounts[account] = record
    recycle(amount)
  }

  /// Moves free TAO between accounts.
  ///
  /// - Throws: `InsufficientBalance` above the free part; `BelowExistentialDeposit` when less than that
  ///   would open an account.
  package mutating func transfer(_ amount: UInt64, from sender: Coldkey, to recipient: AccountID) throws(LedgerError) {
    guard amount <= freeBalance(of: sender) else {
      throw .insufficientBalance.with("amount", amount).with("free", freeBalance(of: sender))
    }
    guard account(recipient).balance > 0 || amount >= chain.parameters.existentialDeposit.value else {
      throw .belowExistentialDeposit.with("amount", amount).with(
        "existential_deposit", chain.parameters.existentialDeposit)
    }
    // A transfer to oneself moves nothing, so that no dust can leave on the way.
    if sender.account == recipient { return }
    try debit(amount, from: sender, shortage: .insufficientBalance)
    credit(amount, to: recipient)
  }
}
