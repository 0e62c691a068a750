import Synchronization

/// The places where requests are worked on, and the bounded queue before them: the highest rank is served first.
///
/// Among equals the one that came first goes first. When the queue is full, a higher rank takes the place of the lowest.
package final class WorkPlaces: Sendable {
  private struct Waiter {
    let id: UInt64
    let rank: Double
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var free: Int
    var nextID: UInt64 = 0
    /// The highest rank first, among equals the longest wait.
    var waiting: [Waiter] = []
    /// Cancelled before they were filed.
    var cancelled: Set<UInt64> = []
  }

  private let queueLimit: Int
  private let state: Mutex<State>

  package init(placeLimit: Int, queueLimit: Int) {
    self.queueLimit = queueLimit
    state = Mutex(State(free: placeLimit))
  }

  /// How many wait now.
  package var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// Waits for a place, to be given back with `release`.
  ///
  /// - Returns: False without one: the queue is full of ranks as high, a higher one took the place, or the calling task
  ///   was cancelled.
  package func take(rank: Double) async -> Bool {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    let isGranted = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (outcome, displaced) = file(Waiter(id: id, rank: rank, continuation: continuation))
        displaced?.resume(returning: false)
        if let outcome { continuation.resume(returning: outcome) }
      }
    } onCancel: {
      withdraw(id)
    }
    state.withLock { _ = $0.cancelled.remove(id) }
    return isGranted
  }

  /// Gives a place back, to whom has waited with the highest rank.
  package func release() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst().continuation
    }
    next?.resume(returning: true)
  }

  /// Whether there is a place, when that is known at once; and who lost its place in the queue for it.
  private func file(_ waiter: Waiter) -> (outcome: Bool?, displaced: CheckedContinuation<Bool, Never>?) {
    state.withLock { state in
      if state.cancelled.contains(waiter.id) { return (false, nil) }
      if state.free > 0 {
        state.free -= 1
        return (true, nil)
      }
      var displaced: CheckedContinuation<Bool, Never>?
      if state.waiting.count >= queueLimit {
        guard let lowest = state.waiting.last, lowest.rank < waiter.rank else { return (false, nil) }
        displaced = state.waiting.removeLast().continuation
      }
      let index = state.waiting.firstIndex { $0.rank < waiter.rank } ?? state.waiting.endIndex
      state.waiting.insert(waiter, at: index)
      return (nil, displaced)
    }
  }

  private func withdraw(_ id: UInt64) {
    let waiter = state.withLock { state -> Waiter? in
      guard let index = state.waiting.firstIndex(where: { $0.id == id }) else {
        state.cancelled.insert(id)
        return nil
      }
      return state.waiting.remove(at: index)
    }
    waiter?.continuation.resume(returning: false)
  }
}
