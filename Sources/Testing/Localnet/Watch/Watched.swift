package import Neurons
import Synchronization

/// A value that many may change and anybody may wait on: for a condition, with a limit.
package final class Watched<State: Sendable>: Sendable {
  private struct Contents {
    var state: State
    var listeners: [UInt64: AsyncStream<Void>.Continuation] = [:]
    var lastListener: UInt64 = 0
  }
  private let contents: Mutex<Contents>

  package init(_ state: State) { contents = Mutex(Contents(state: state)) }

  /// The value now.
  package var state: State { contents.withLock { $0.state } }

  /// Changes the value and tells everybody who waits.
  package func update<Result: Sendable>(_ change: (inout State) throws -> Result) rethrows -> Result {
    try contents.withLock { contents in
      // In the order of their coming, so that a simulated run repeats.
      defer { for (_, listener) in contents.listeners.sorted(by: { $0.key < $1.key }) { listener.yield() } }
      return try change(&contents.state)
    }
  }

  /// Waits until the value has what is looked for.
  ///
  /// - Parameters:
  ///   - limit: How long to wait.
  ///   - time: What the limit is measured by.
  ///   - find: Asked at once and after each change; its error ends the wait.
  /// - Returns: Nil when the time is up.
  /// - Throws: What `find` throws, or `CancellationError`.
  package func first<Found: Sendable>(
    within limit: Duration, by time: NodeTime = .system, _ find: @escaping @Sendable (State) throws -> Found?
  ) async throws -> Found? {
    let found = try await withThrowingTaskGroup(of: Found?.self) { group in
      group.addTask { try await self.first(find) }
      group.addTask {
        try await time.sleep(for: limit)
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
    // Where nobody had time to look for a while, the end of the limit may be noticed before what came within it.
    return try found ?? find(state)
  }

  /// The same without a limit.
  package func first<Found: Sendable>(_ find: @Sendable (State) throws -> Found?) async throws -> Found {
    // One change that nobody looked at is as good as many.
    let (changes, listener) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let id = contents.withLock { contents in
      contents.lastListener += 1
      contents.listeners[contents.lastListener] = listener
      return contents.lastListener
    }
    defer { contents.withLock { _ = $0.listeners.removeValue(forKey: id) } }
    if let found = try find(state) { return found }
    for await _ in changes {
      if let found = try find(state) { return found }
    }
    throw CancellationError()
  }
}
