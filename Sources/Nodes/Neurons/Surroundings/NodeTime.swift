package import Daemon

/// The time that a node lives by: spans from a monotonic clock, the hour from a wall clock, both handed in.
package struct NodeTime: Sendable {
  private let pause: @Sendable (Duration) async throws -> Void
  private let sinceStart: @Sendable () -> Duration
  private let wall: any WallClock

  package init(_ clock: some Clock<Duration>, wall: any WallClock) {
    self.init(clock, startingAt: clock.now, wall: wall)
  }

  /// The same with spans that count from an instant of the past.
  package init<Time: Clock>(_ clock: Time, startingAt start: Time.Instant, wall: any WallClock)
  where Time.Duration == Duration {
    pause = { try await clock.sleep(for: $0) }
    sinceStart = { start.duration(to: clock.now) }
    self.wall = wall
  }

  /// The machine's clocks.
  package static var system: NodeTime { NodeTime(ContinuousClock(), wall: SystemWallClock()) }

  /// The span since this value was made; never runs back.
  package var elapsed: Duration { sinceStart() }

  /// Milliseconds since 1970, as envelopes carry them.
  package var millisecondsSince1970: UInt64 { wall.millisecondsSince1970 }

  /// Waits; at once for nothing or less.
  ///
  /// - Throws: When the calling task is cancelled, before or meanwhile.
  package func sleep(for duration: Duration) async throws(CancellationError) {
    guard !Task.isCancelled else { throw CancellationError() }
    guard duration > .zero else { return }
    do {
      try await pause(duration)
    } catch {
      throw CancellationError()  // A clock's sleep throws for cancellation only.
    }
  }

  /// Runs `work` for so long at most; nil when the time was up, and then `work` was cancelled and awaited.
  func limited<Value: Sendable>(
    to limit: Duration, _ work: @escaping @Sendable () async -> Value
  ) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
      group.addTask { await work() }
      group.addTask {
        do throws(CancellationError) {
          try await sleep(for: limit)
        } catch {
          // The work ended first, or everything does; either way the other child has the outcome.
        }
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }
}
