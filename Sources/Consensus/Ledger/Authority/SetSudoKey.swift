package import Primitives

/// Names the key whose word is root's. Source: registry 13.
package struct SetSudoKey: LedgerCall {
  package static let descriptor = CallDescriptor(58, "SetSudoKey", by: .root, "Name the sudo key.")

  package var key = AccountID.zero

  package init() {}
  package init(key: AccountID) { self.key = key }

  package mutating func map(_ fields: inout FieldMapper) { fields.account("key", &key) }

  package var proposalClass: ProposalClass? { .strict }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    try host.requireProperKey(key)
    try origin.requireRoot()

    state.chain.sudoKey = key
    // A chain that had no key shares root between key and proposals from now on.
    if state.chain.parameters.governanceMode == .onchain { state.chain.parameters.governanceMode = .hybrid }
    return [LedgerEvent("SudoKeyChanged", ["key": .account(key)])]
  }
}
