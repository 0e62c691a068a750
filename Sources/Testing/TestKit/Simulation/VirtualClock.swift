import Daemon
import Synchronization

/// A clock that moves only when its simulation has nothing left to run.
///
/// Sleepers wake in the order of their deadlines, then of their arrival: the same program sleeps and wakes
/// in the same order every time.
package final class VirtualClock: Clock {
  package struct Instant: InstantProtocol {
    /// Since the simulation began.
    package let offset: Swift.Duration

    package func advanced(by duration: Swift.Duration) -> Instant { Instant(offset: offset + duration) }
    package func duration(to other: Instant) -> Swift.Duration { other.offset - offset }
    package static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct Sleeper {
    let number: UInt64
    let deadline: Instant
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now = Instant(offset: .zero)
    var nextNumber: UInt64 = 0
    var sleepers: [Sleeper] = []
    /// Sleeps cancelled before they were filed.
    var cancelled: Set<UInt64> = []
  }

  private let state = Mutex(State())

  package init() {}

  package var now: Instant { state.withLock { $0.now } }
  package var minimumResolution: Swift.Duration { .nanoseconds(1) }

  package func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
    try Task.checkCancellation()
    let number = state.withLock { state -> UInt64 in
      state.nextNumber += 1
      return state.nextNumber
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let outcome = state.withLock { state -> Result<Void, any Error>? in
          if state.cancelled.remove(number) != nil { return .failure(CancellationError()) }
          if deadline <= state.now { return .success(()) }
          state.sleepers.append(Sleeper(number: number, deadline: deadline, continuation: continuation))
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
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
    state.withLock { _ = $0.cancelled.remove(number) }
  }

  /// Moves time to the next sleeper and wakes it; false when nobody sleeps.
  func wakeNext() -> Bool {
    let next = state.withLock { state -> Sleeper? in
      let first = state.sleepers.indices.min {
        (state.sleepers[$0].deadline, state.sleepers[$0].number) < (
          state.sleepers[$1].deadline, state.sleepers[$1].number
        )
      }
      guard let first else { return nil }
      let sleeper = state.sleepers.remove(at: first)
      state.now = max(state.now, sleeper.deadline)
      return sleeper
    }
    next?.continuation.resume()
    return next != nil
  }
}

/// The hour of the day in a simulation: a fixed morning plus the virtual clock.
package struct VirtualWallClock: WallClock {
  private let clock: VirtualClock
  private let startMilliseconds: UInt64

  package init(_ clock: VirtualClock, startMilliseconds: UInt64 = 1_700_000_000_000) {
    self.clock = clock
    self.startMilliseconds = startMilliseconds
  }

  package var millisecondsSince1970: UInt64 {
    let offset = clock.now.offset.components
    return startMilliseconds + UInt64(offset.seconds) * 1000 + UInt64(offset.attoseconds / 1_000_000_000_000_000)
  }
}

/// The hour of a simulated machine whose clock is set now and then.
final class SteppedWallClock: WallClock {
  private let clock: VirtualWallClock
  private let offset = Mutex<Int64>(0)

  init(_ clock: VirtualClock) { self.clock = VirtualWallClock(clock) }

  var millisecondsSince1970: UInt64 { UInt64(clamping: Int64(clock.millisecondsSince1970) + offset.withLock { $0 }) }

  /// Sets the hour forward or back.
  func step(by milliseconds: Int64) { offset.withLock { $0 += milliseconds } }
}
