import Primitives

/// Closes the chain to all but governance, weights, serving and commitments, or opens it again. Source: registry 13.
package struct Pause: LedgerCall {
  package static let descriptor = CallDescriptor(
    53, "Pause", by: .root, "Close the chain to all but the calls that keep it alive.")

  package var on = false

  package init() {}
  package init(on: Bool) { self.on = on }

  package mutating func map(_ fields: inout FieldMapper) { fields.flag("on", &on) }

  package var proposalClass: ProposalClass? { .strict }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    try origin.requireRoot()

    state.chain.isPaused = on
    return [LedgerEvent(on ? "Paused" : "Resumed", [:])]
  }
}
