/// The place where one request's caller waits, and where exactly one outcome is handed over.
///
/// The first outcome wins, whether it comes before the caller waits, while it waits, or from its cancellation.
package final class ReplyTicket: Sendable {
  package typealias Outcome = Result<MessageFrames, TransportError>

  private enum State {
    case open
    case awaited(CheckedContinuation<Outcome, Never>)
    case finished(Outcome)
  }

  private struct Progress {
    var state = State.open
    var wasSent = false
  }

  private let guarded = Guarded(Progress())

  package init() {}

  /// Hands over the outcome; false when there was one before, which then stands.
  @discardableResult
  package func finish(_ outcome: Outcome) -> Bool {
    let (isFirst, waiter) = guarded.withLock { guarded -> (Bool, CheckedContinuation<Outcome, Never>?) in
      switch guarded.state {
      case .finished: return (false, nil)
      case .open:
        guarded.state = .finished(outcome)
        return (true, nil)
      case .awaited(let continuation):
        guarded.state = .finished(outcome)
        return (true, continuation)
      }
    }
    waiter?.resume(returning: outcome)
    return isFirst
  }

  package var isFinished: Bool {
    guarded.withLock { if case .finished = $0.state { true } else { false } }
  }

  package var wasSent: Bool { guarded.withLock { $0.wasSent } }

  /// Notes that the request left this node, so that a missed deadline is told from a missing connection.
  package func markSent() { guarded.withLock { $0.wasSent = true } }

  /// Ends the wait because the time is up, and says which failure that is.
  @discardableResult
  package func expire() -> Outcome {
    let outcome = Outcome.failure(guarded.withLock { $0.wasSent } ? .deadlineExpired : .unreachable)
    finish(outcome)
    return outcome
  }

  /// Waits for the outcome, one caller at a time; cancellation is the outcome `.cancelled`, told to `onCancel` as well.
  package func outcome(onCancel: @escaping @Sendable () -> Void = {}) async -> Outcome {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let early = guarded.withLock { guarded -> Outcome? in
          if case .finished(let outcome) = guarded.state { return outcome }
          guarded.state = .awaited(continuation)
          return nil
        }
        if let early { continuation.resume(returning: early) }
      }
    } onCancel: {
      finish(.failure(.cancelled))
      onCancel()
    }
  }
}
