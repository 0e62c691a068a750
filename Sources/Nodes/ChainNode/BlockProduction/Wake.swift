import Ledger
import Synchronization

/// Ends one wait, once: rung by whoever changes what is waited for, or by the waiting task's cancellation.
///
/// Made and registered in one step with the check that found nothing yet, so that no change in between is missed.
final class Wake: Sendable {
  enum Reason: Sendable {
    case rung
    case dropped(LedgerError)
    case cancelled
  }

  private enum State: Sendable {
    case open
    case awaited(CheckedContinuation<Reason, Never>)
    case over(Reason)
  }

  private let state = Mutex(State.open)

  func ring(_ reason: Reason = .rung) {
    let waiter = state.withLock { state -> CheckedContinuation<Reason, Never>? in
      switch state {
      case .over: return nil
      case .open:
        state = .over(reason)
        return nil
      case .awaited(let continuation):
        state = .over(reason)
        return continuation
      }
    }
    waiter?.resume(returning: reason)
  }

  /// Waits; one caller at a time.
  func wait() async -> Reason {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let early = state.withLock { state -> Reason? in
          if case .over(let reason) = state { return reason }
          state = .awaited(continuation)
          return nil
        }
        if let early { continuation.resume(returning: early) }
      }
    } onCancel: {
      ring(.cancelled)
    }
  }
}

/// The waits for one thing, by number, so that each can be taken back.
struct WakeList {
  private var wakes: [UInt64: Wake] = [:]
  private var nextNumber: UInt64 = 0

  var isEmpty: Bool { wakes.isEmpty }

  mutating func add() -> (number: UInt64, wake: Wake) {
    nextNumber += 1
    let wake = Wake()
    wakes[nextNumber] = wake
    return (nextNumber, wake)
  }

  mutating func remove(_ number: UInt64) { wakes[number] = nil }

  /// Ends all waits, in the order in which they began.
  mutating func ringAll(_ reason: Wake.Reason = .rung) {
    if wakes.isEmpty { return }
    for (_, wake) in wakes.sorted(by: { $0.key < $1.key }) { wake.ring(reason) }
    wakes = [:]
  }
}

extension WakeList {
  /// Ends all waits of a list that is not used again.
  consuming func rung(_ reason: Wake.Reason = .rung) {
    var list = self
    list.ringAll(reason)
  }
}
