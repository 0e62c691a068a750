/// A long-running part: it starts in `run`, ends on cancellation, and leaves nothing behind.
package protocol Service: Sendable {
  /// Works until cancelled, or until there is nothing more to do.
  ///
  /// Returning or throwing `CancellationError` after cancellation are the same clean end.
  func run() async throws
}

/// How a set of services came to its end.
package enum Ending: Equatable, Sendable {
  /// Every service returned by itself.
  case finished
  /// A signal asked for the end.
  case signalled(Int32)
  /// The task around the services was cancelled.
  case cancelled
}

/// Runs services side by side until all have returned, one has failed, or a signal arrives; then ends the others.
///
/// Returns after every service has ended. A service that returns leaves the others running.
///
/// - Parameter signals: What asks for the end; `ProcessSignals.stops()` for a process, any other stream for tests.
/// - Throws: The error of the first service that failed.
package func runServices(_ services: [any Service], stopOn signals: AsyncStream<Int32>) async throws -> Ending {
  enum Event: Sendable {
    case serviceEnded
    case signal(Int32)
    case signalsEnded
  }
  return try await withThrowingTaskGroup(of: Event.self) { group in
    for service in services {
      group.addTask {
        try await service.run()
        return .serviceEnded
      }
    }
    group.addTask {
      for await signal in signals { return .signal(signal) }
      return .signalsEnded
    }
    var left = services.count
    var ending = Ending.finished
    var failure: (any Error)?
    while left > 0 {
      do {
        switch try await group.next() {
        case .serviceEnded: left -= 1
        case .signal(let number):
          ending = .signalled(number)
          group.cancelAll()
        case .signalsEnded: break
        case nil: left = 0
        }
      } catch {
        left -= 1
        // A service that was told to end says so with this error; only an unasked one is a failure.
        let isAsked = Task.isCancelled || group.isCancelled
        if failure == nil, !(isAsked && error is CancellationError) { failure = error }
        group.cancelAll()
      }
    }
    group.cancelAll()
    if let failure { throw failure }
    return ending == .finished && Task.isCancelled ? .cancelled : ending
  }
}
