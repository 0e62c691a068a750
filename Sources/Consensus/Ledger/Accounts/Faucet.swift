package import Primitives

/// Pays test TAO out of the genesis account `faucet`; mints nothing. Source: registry 19.
package struct Faucet: LedgerCall {
  package static let descriptor = CallDescriptor(
    62, "Faucet", by: .coldkey, bearsFee: false, "Ask for test TAO on a local network.")

  /// The most one call pays.
  static let limit = Rao.tao(1000)

  package var amount = Rao.zero

  package init() {}
  package init(amount: Rao) { self.amount = amount }

  package mutating func map(_ fields: inout FieldMapper) { fields.amount("amount", &amount) }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    guard state.chain.parameters.faucetEnabled, let faucet = state.chain.faucetAccount else { throw .faucetDisabled }
    guard amount > .zero, amount <= Faucet.limit else {
      throw .invalidValue.with("amount", amount.value).with("limit", Faucet.limit.value)
    }

    try state.transfer(amount.value, from: Coldkey(faucet), to: coldkey.account)
    return [LedgerEvent("Faucet", ["to": .coldkey(coldkey), "amount": .number(amount.value)])]
  }
}
