import Synchronization

/// The number of requests that may wait for blocks at one time; one more is told to come back.
final class WaitLimit: Sendable {
  private let limit: Int
  private let retryAfterMilliseconds: UInt64
  private let held = Mutex(0)

  init(_ limit: Int, retryAfterMilliseconds: UInt64) {
    self.limit = limit
    self.retryAfterMilliseconds = retryAfterMilliseconds
  }

  /// Runs `work` in one of the places.
  ///
  /// - Throws: `QueryError.busy` when none is free, or what `work` throws.
  func hold<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
    let isFree = held.withLock { held in
      guard held < limit else { return false }
      held += 1
      return true
    }
    guard isFree else { throw QueryError.busy(retryAfterMilliseconds: retryAfterMilliseconds) }
    defer { held.withLock { $0 -= 1 } }
    return try await work()
  }
}
