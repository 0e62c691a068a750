import Primitives

// What has passed is carried out as root, once. Source: registry 13.
extension LedgerState {
  /// Proposals enacted in one block; the others wait for the next.
  static let enactmentsPerBlock = 4

  /// Carries out the queued proposals whose block has come, in the order of their numbers (step 15).
  mutating func enactProposals(with host: HostFunctions) -> [LedgerEvent] {
    let due = chain.queuedProposals.filter { id in proposals[id].map { block >= $0.enactAt } ?? true }
    return due.prefix(LedgerState.enactmentsPerBlock).flatMap { enact($0, with: host) }
  }

  /// Runs the actions of a proposal, all or none; an error is recorded and ends the matter.
  private mutating func enact(_ id: ProposalID, with host: HostFunctions) -> [LedgerEvent] {
    chain.queuedProposals.removeAll { $0 == id }
    let outcome = runTogether(proposals[id]?.actions ?? [], with: host)
    let error = outcome.error?.code
    proposals.modify(id) {
      $0.stage = .executed
      $0.error = error?.rawValue ?? 0
    }
    return outcome.events + [LedgerEvent("ProposalExecuted", ["id": .number(id.value), "error": .error(error)])]
  }

  private mutating func runTogether(_ actions: [[UInt8]], with host: HostFunctions) -> InnerResult {
    beginTransaction()
    defer { endTransaction() }
    let start = savepoint()
    var events: [LedgerEvent] = []
    for action in actions {
      let result = runInner(action, as: .root, with: host)
      if let error = result.error {
        undo(to: start)
        return InnerResult(error: error, events: [])
      }
      events += result.events
    }
    return InnerResult(error: nil, events: events)
  }
}
