import Transport

/// A clock that moves only when told to.
final class HandMovedClock: Clock {
  struct Instant: InstantProtocol {
    var sinceStart: Duration
    func advanced(by duration: Duration) -> Instant { Instant(sinceStart: sinceStart + duration) }
    func duration(to other: Instant) -> Duration { other.sinceStart - sinceStart }
    static func < (left: Instant, right: Instant) -> Bool { left.sinceStart < right.sinceStart }
  }

  private struct Sleeper {
    let deadline: Instant
    let number: Int
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now = Instant(sinceStart: .zero)
    var count = 0
    var sleepers: [Sleeper] = []
    var cancelled: Set<Int> = []
  }

  private let state = Guarded(State())

  var now: Instant { state.withLock { $0.now } }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let number = state.withLock { state in
      state.count += 1
      return state.count
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isOver = state.withLock { state in
          if state.cancelled.remove(number) != nil || deadline <= state.now { return true }
          state.sleepers.append(Sleeper(deadline: deadline, number: number, continuation: continuation))
          return false
        }
        if isOver { continuation.resume() }
      }
      try Task.checkCancellation()
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        guard let index = state.sleepers.firstIndex(where: { $0.number == number }) else {
          state.cancelled.insert(number)
          return nil
        }
        return state.sleepers.remove(at: index)
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Moves to the soonest sleeper's time and wakes it; false when nobody sleeps.
  func moveToNextSleeper() -> Bool {
    let sleeper = state.withLock { state -> Sleeper? in
      guard let next = state.sleepers.min(by: { ($0.deadline, $0.number) < ($1.deadline, $1.number) }) else {
        return nil
      }
      state.sleepers.removeAll { $0.number == next.number }
      state.now = max(state.now, next.deadline)
      return next
    }
    sleeper?.continuation.resume()
    return sleeper != nil
  }
}

/// Runs the jobs of a task and of all its children one after the other, on the thread that asks it to.
final class TurnByTurnExecutor: TaskExecutor {
  private let jobs = Guarded<[UnownedJob]>([])

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
  }

  private func runOne() -> Bool {
    let next = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    next?.runSynchronously(on: asUnownedTaskExecutor())
    return next != nil
  }

  /// Runs `body` to its end; when no job is left, time moves on. Returns nil when neither jobs nor sleepers are left.
  func run<Value: Sendable>(on clock: HandMovedClock, _ body: @escaping @Sendable () async -> Value) -> Value? {
    let result = Log<Value>()
    Task(executorPreference: self) { result.append(await body()) }
    while result.entries.isEmpty {
      guard runOne() || clock.moveToNextSleeper() else { return nil }
    }
    return result.entries.first
  }
}
