package import Keys
import Synchronization

/// Verifies signatures over all processors, beside whatever makes blocks: on threads of their own where there are any.
///
/// Without them, whoever comes while a batch runs waits for the next; one of the waiting leads it, so no task is kept for
/// it, and a network of many nodes runs on one thread. Bounded: who finds too many waiting is told so.
package final class SignatureBatcher: Sendable {
  /// Signatures that wait for a batch; about a sixth of a second of work for one processor.
  package static let waitingLimit = 4096

  /// Signatures of one batch: about five milliseconds of two processors, which a block that is due may have to wait.
  package static let batchLimit = 256

  private enum Turn: Sendable {
    case verdicts([Bool])
    case lead
  }

  private struct Waiting: Sendable {
    let checks: [SignatureCheck]
    let continuation: CheckedContinuation<Turn, Never>
  }

  private struct State: Sendable {
    var waiting: [Waiting] = []
    /// Signatures of all that wait.
    var count = 0
    var isRunning = false
    /// Signatures that the threads have.
    var handedOver = 0

    /// Takes who came first, up to the batch's limit.
    mutating func takeBatch(beside own: Int) -> [Waiting] {
      var total = own
      var taken = 0
      while taken < waiting.count, total + waiting[taken].checks.count <= SignatureBatcher.batchLimit {
        total += waiting[taken].checks.count
        taken += 1
      }
      let batch = Array(waiting[..<taken])
      waiting.removeFirst(taken)
      count -= total - own
      return batch
    }
  }

  private let state = Mutex(State())
  private let limit: Int
  private let threads: VerificationThreads?

  package init(waitingLimit: Int = SignatureBatcher.waitingLimit, threads: VerificationThreads? = nil) {
    limit = waitingLimit
    self.threads = threads
  }

  /// Whether so many signatures would be taken now; asked before the work of reading what they sign.
  func hasRoom(for count: Int) -> Bool { state.withLock { $0.count + $0.handedOver + count <= limit } }

  /// The verdict on one signature; nil when too many wait already.
  package func verify(_ check: SignatureCheck) async -> Bool? { await verify([check])?.first }

  /// The verdicts on several, in their order; nil when too many wait already.
  package func verify(_ checks: [SignatureCheck]) async -> [Bool]? {
    guard let threads else { return await verifyTogether(checks) }
    let isTaken = state.withLock { state in
      guard state.handedOver + checks.count <= limit else { return false }
      state.handedOver += checks.count
      return true
    }
    guard isTaken else { return nil }
    defer { state.withLock { $0.handedOver -= checks.count } }
    return await threads.verify(checks)
  }

  private func verifyTogether(_ checks: [SignatureCheck]) async -> [Bool]? {
    guard state.withLock({ $0.count + checks.count <= limit }) else { return nil }
    let turn = await withCheckedContinuation { continuation in
      let leads = state.withLock { state in
        if !state.isRunning {
          state.isRunning = true
          return true
        }
        state.waiting.append(Waiting(checks: checks, continuation: continuation))
        state.count += checks.count
        return false
      }
      if leads { continuation.resume(returning: Turn.lead) }
    }
    switch turn {
    case .verdicts(let verdicts): return verdicts
    case .lead: return await lead(checks)
    }
  }

  /// Verifies the leader's own signatures and all that wait, then hands the lead on.
  private func lead(_ own: [SignatureCheck]) async -> [Bool] {
    let batch = state.withLock { $0.takeBatch(beside: own.count) }
    let verdicts = await SignatureCheck.verifyAll(own + batch.flatMap(\.checks))
    var next = own.count
    for waiting in batch {
      waiting.continuation.resume(returning: .verdicts(Array(verdicts[next..<next + waiting.checks.count])))
      next += waiting.checks.count
    }
    let successor = state.withLock { state -> CheckedContinuation<Turn, Never>? in
      guard !state.waiting.isEmpty else {
        state.isRunning = false
        return nil
      }
      let first = state.waiting.removeFirst()
      state.count -= first.checks.count
      return first.continuation
    }
    successor?.resume(returning: .lead)
    return Array(verdicts[..<own.count])
  }
}
