package import Keys
import Synchronization

/// Verifies signatures in batches over all processors, beside whatever makes blocks.
///
/// Whoever comes while a batch runs waits for the next; one of the waiting leads it, so no task is kept for it. Bounded:
/// who finds too many waiting is told so.
package final class SignatureBatcher: Sendable {
  /// Signatures that wait for a batch; about a sixth of a second of work for one processor.
  package static let waitingLimit = 4096

  private enum Turn: Sendable {
    case verdict(Bool)
    case lead
  }

  private struct Waiting: Sendable {
    let check: SignatureCheck
    let continuation: CheckedContinuation<Turn, Never>
  }

  private struct State: Sendable {
    var waiting: [Waiting] = []
    var isRunning = false
  }

  private let state = Mutex(State())
  private let limit: Int

  package init(waitingLimit: Int = SignatureBatcher.waitingLimit) { limit = waitingLimit }

  /// The verdict on one signature; nil when too many wait already.
  package func verify(_ check: SignatureCheck) async -> Bool? {
    guard state.withLock({ $0.waiting.count < limit }) else { return nil }
    let turn = await withCheckedContinuation { continuation in
      let leads = state.withLock { state in
        if !state.isRunning {
          state.isRunning = true
          return true
        }
        state.waiting.append(Waiting(check: check, continuation: continuation))
        return false
      }
      if leads { continuation.resume(returning: Turn.lead) }
    }
    switch turn {
    case .verdict(let verdict): return verdict
    case .lead: return await lead(check)
    }
  }

  /// Verifies the leader's own signature and all that wait, then hands the lead on.
  private func lead(_ own: SignatureCheck) async -> Bool {
    let batch = state.withLock { state in
      defer { state.waiting = [] }
      return state.waiting
    }
    let verdicts = await SignatureCheck.verifyAll([own] + batch.map(\.check))
    for (waiting, verdict) in zip(batch, verdicts.dropFirst()) {
      waiting.continuation.resume(returning: .verdict(verdict))
    }
    let next = state.withLock { state -> CheckedContinuation<Turn, Never>? in
      guard !state.waiting.isEmpty else {
        state.isRunning = false
        return nil
      }
      return state.waiting.removeFirst().continuation
    }
    next?.resume(returning: .lead)
    return verdicts[0]
  }
}
