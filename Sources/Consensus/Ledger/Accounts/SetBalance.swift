import Economy
package import Primitives

/// Gives an account a free balance on a local network: what is missing is minted, what is too much recycled.
package struct SetBalance: LedgerCall {
  package static let descriptor = CallDescriptor(
    90, "SetBalance", by: .root, bearsFee: false, "Set an account's free balance on a local network.")

  package var account = AccountID.zero
  package var amount = Rao.zero

  package init() {}
  package init(account: AccountID, amount: Rao) {
    self.account = account
    self.amount = amount
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.account("account", &account)
    fields.amount("amount", &amount)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    try host.requireProperKey(account)
    try origin.requireRoot()
    guard state.chain.parameters.faucetEnabled else { throw .faucetDisabled }
    let existentialDeposit = state.chain.parameters.existentialDeposit
    guard amount == .zero || amount >= existentialDeposit else {
      throw .belowExistentialDeposit.with("amount", amount).with("existential_deposit", existentialDeposit)
    }
    var record = state.account(account)
    if amount.value > record.free {
      let missing = amount.value - record.free
      // Below the supply, which is far from the end of 64 bits.
      let room = EmissionSchedule.supply - state.chain.issuance
      guard missing <= room else { throw .invalidValue.with("amount", amount).with("limit", room) }
      state.chain.issuance += missing
      // As if genesis had issued it: no block mints more than its emission.
      state.chain.genesisIssuance += missing
    } else {
      state.recycle(record.free - amount.value)
    }
    record.balance = record.held + amount.value
    state.accounts[account] = record
    return []
  }
}
