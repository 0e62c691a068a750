import Primitives

/// Leaves root to proposals alone; only a proposal can name a key again. Source: registry 13.
package struct RemoveSudoKey: LedgerCall {
  package static let descriptor = CallDescriptor(
    59, "RemoveSudoKey", by: .root, "Remove the sudo key; only a proposal can bring one back.")

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {}

  package var proposalClass: ProposalClass? { .strict }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    try origin.requireRoot()

    state.chain.sudoKey = nil
    state.chain.parameters.governanceMode = .onchain
    return [LedgerEvent("SudoKeyChanged", ["key": .bytes([])])]
  }
}
