import Daemon
import Neurons
import Synchronization
import Testing

/// A clock that `VirtualTime` moves when everybody waits; its hour moves along.
final class TestClock: Clock, WallClock, Sendable {
  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct Sleeper {
    let id: UInt64
    let wakesAt: Instant
    let continuation: CheckedContinuation<Bool, Never>

    var order: (Instant, UInt64) { (wakesAt, id) }
  }

  private struct State {
    var now = Instant(offset: .zero)
    var nextID: UInt64 = 0
    var sleepers: [Sleeper] = []
    var cancelled: Set<UInt64> = []
  }

  private let state = Mutex(State())

  init() { VirtualTime.executor?.drive(self) }

  var now: Instant { state.withLock { $0.now } }
  var minimumResolution: Duration { .nanoseconds(1) }
  var millisecondsSince1970: UInt64 {
    1_700_000_000_000 + UInt64(now.offset / .milliseconds(1))
  }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    let isCancelled = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let outcome = state.withLock { state -> Bool? in
          if state.cancelled.remove(id) != nil { return true }
          if deadline <= state.now { return false }
          state.sleepers.append(Sleeper(id: id, wakesAt: deadline, continuation: continuation))
          return nil
        }
        if let outcome { continuation.resume(returning: outcome) }
      }
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
          state.cancelled.insert(id)
          return nil
        }
        return state.sleepers.remove(at: index)
      }
      sleeper?.continuation.resume(returning: true)
    }
    if isCancelled { throw CancellationError() }
  }

  /// Moves the time to the earliest sleeper and wakes it; false when nobody sleeps.
  func jump() -> Bool {
    let next = state.withLock { state -> Sleeper? in
      guard let index = state.sleepers.indices.min(by: { state.sleepers[$0].order < state.sleepers[$1].order }) else {
        return nil
      }
      let next = state.sleepers.remove(at: index)
      state.now = max(state.now, next.wakesAt)
      return next
    }
    next?.continuation.resume(returning: false)
    return next != nil
  }

  /// Lets everybody work until the condition holds, or for an hour of virtual time.
  func runs(
    until what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
  ) async throws {
    let end = now.advanced(by: .seconds(3600))
    while try await !condition() {
      guard now < end else {
        Issue.record(what, sourceLocation: sourceLocation)
        throw CancellationError()
      }
      try await sleep(for: .milliseconds(5))
    }
  }

  /// Lets this much time pass, with everybody working.
  func pass(_ duration: Duration) async throws { try await sleep(for: duration) }

  var surroundings: NodeSurroundings { surroundings(log: RecordedLog()) }

  func surroundings(log: RecordedLog, seed: UInt64 = 7) -> NodeSurroundings {
    NodeSurroundings(
      time: NodeTime(self, wall: self), random: .seeded(seed),
      log: Logger(name: "test", level: .debug, to: log, clock: self))
  }
}

extension TestClock {
  /// Runs `body` beside `work`, and ends `body` when `work` is done.
  func beside<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Void, _ work: () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        do {
          try await body()
        } catch is CancellationError {
          return
        } catch ChainClientError.cancelled {
          return
        }
      }
      let value: Value
      do {
        value = try await work()
      } catch {
        group.cancelAll()
        try? await group.waitForAll()
        throw error
      }
      group.cancelAll()
      try await group.waitForAll()
      return value
    }
  }
}
