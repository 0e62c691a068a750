/// Runs work against the clock.
///
/// - Returns: Nil when the time was up first; the work is cancelled then, and has ended when this returns.
func withDeadline<Value: Sendable>(
  _ duration: Duration, on clock: any Clock<Duration>, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
  try await withThrowingTaskGroup(of: Value?.self) { group in
    group.addTask { try await work() }
    group.addTask {
      try await clock.sleep(for: duration)
      return nil
    }
    defer { group.cancelAll() }
    return try await group.next() ?? nil
  }
}
