package import Primitives

/// Moves free TAO to another account; a transfer to the burn account burns.
package struct Transfer: LedgerCall {
  package static let descriptor = CallDescriptor(63, "Transfer", by: .coldkey, "Send TAO to another account.")

  package var to = AccountID.zero
  package var amount = Rao.zero

  package init() {}
  package init(to: AccountID, amount: Rao) {
    self.to = to
    self.amount = amount
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.account("to", &to)
    fields.amount("amount", &amount)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(to)
    if host.isSubnetAccount(to) { throw .cannotUseSystemAccount }

    try state.transfer(amount.value, from: coldkey, to: to)
    return [.transferred(from: coldkey.account, to: to, amount: amount)]
  }
}

extension LedgerEvent {
  static func transferred(from: AccountID, to: AccountID, amount: Rao) -> LedgerEvent {
    LedgerEvent(
      "Transferred", ["from": .account(from), "to": .account(to), "amount": .number(amount.value)])
  }
}
