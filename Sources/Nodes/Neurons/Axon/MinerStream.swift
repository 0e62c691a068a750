import Primitives
import SubnetKit
import Synchronization

/// The parts of one answer on the miner's side: kept until the request's deadline, so that each can be asked for again.
final class MinerStream: Sendable {
  typealias Answer = Result<StreamReply, AxonRefusal>

  private struct Waiter {
    let id: UInt64
    let index: Int
    let continuation: CheckedContinuation<Answer?, Never>
  }

  private struct State {
    var parts: [[UInt8]] = []
    var byteCount = 0
    /// Nil while more parts may come.
    var end: Result<Void, AxonRefusal>?
    var waiters: [Waiter] = []
    var nextID: UInt64 = 0
    var cancelled: Set<UInt64> = []
  }

  let id: UInt64
  private let state = Mutex(State())

  init(id: UInt64) { self.id = id }

  /// Takes in one more part.
  ///
  /// - Throws: `.messageTooLarge` beyond the limits of any stream.
  func append(_ part: [UInt8]) throws(MechanismError) {
    let isTaken = state.withLock { state in
      let limits = StreamLimits.ceiling
      guard state.end == nil, state.parts.count < limits.partLimit,
        state.byteCount + part.count <= limits.byteLimit
      else { return false }
      state.parts.append(part)
      state.byteCount += part.count
      return true
    }
    guard isTaken else { throw MechanismError(.messageTooLarge, "The answer has too many parts, or too large ones.") }
    wake()
  }

  /// Says that no more parts come; the first word stands.
  func finish(_ result: Result<Void, AxonRefusal>) {
    state.withLock { if $0.end == nil { $0.end = result } }
    wake()
  }

  /// The part of that index, as soon as it is there; nil when the calling task was cancelled.
  func part(at index: Int) async -> Answer? {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    let answer = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<Answer?, Never>) in
        let outcome = state.withLock { state -> Answer?? in
          if state.cancelled.contains(id) { return .some(nil) }
          if let reply = self.reply(at: index, in: state) { return reply }
          state.waiters.append(Waiter(id: id, index: index, continuation: continuation))
          return nil
        }
        if let outcome { continuation.resume(returning: outcome) }
      }
    } onCancel: {
      withdraw(id)
    }
    state.withLock { _ = $0.cancelled.remove(id) }
    return answer
  }

  private func reply(at index: Int, in state: State) -> Answer? {
    if index < state.parts.count {
      let isEnd = if case .success = state.end { true } else { false }
      return .success(.part(state.parts[index], stream: id, isLast: isEnd && index == state.parts.count - 1))
    }
    switch state.end {
    case .success: return .success(.end(stream: id))
    case .failure(let refusal): return .failure(refusal)
    case nil: return nil
    }
  }

  private func wake() {
    let ready = state.withLock { state in
      var ready: [(Waiter, Answer)] = []
      var waiting: [Waiter] = []
      for waiter in state.waiters {
        if let answer = reply(at: waiter.index, in: state) {
          ready.append((waiter, answer))
        } else {
          waiting.append(waiter)
        }
      }
      state.waiters = waiting
      return ready
    }
    for (waiter, answer) in ready { waiter.continuation.resume(returning: answer) }
  }

  private func withdraw(_ id: UInt64) {
    let waiter = state.withLock { state -> Waiter? in
      guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
        state.cancelled.insert(id)
        return nil
      }
      return state.waiters.remove(at: index)
    }
    waiter?.continuation.resume(returning: nil)
  }
}

/// The streams of a miner by caller and id, bounded in all and of one caller; each is forgotten after its deadline.
final class MinerStreams: Sendable {
  private struct Key: Hashable {
    let caller: Hotkey
    let id: UInt64
  }

  private struct Entry {
    let stream: MinerStream
    let expires: Duration
  }

  private let limit: Int
  private let callerLimit: Int
  private let entries = Mutex<[Key: Entry]>([:])

  init(limit: Int, callerLimit: Int) {
    self.limit = limit
    self.callerLimit = callerLimit
  }

  /// A new stream; nil when there is no room for one.
  func open(_ id: UInt64, for caller: Hotkey, until expires: Duration, now: Duration) -> MinerStream? {
    entries.withLock { entries in
      entries = entries.filter { $0.value.expires > now }
      let own = entries.keys.count { $0.caller == caller }
      guard entries.count < limit, own < callerLimit else { return nil }
      let stream = MinerStream(id: id)
      entries[Key(caller: caller, id: id)] = Entry(stream: stream, expires: expires)
      return stream
    }
  }

  /// A caller's own stream; nil when there is none, or not any more.
  func find(_ id: UInt64, of caller: Hotkey, now: Duration) -> MinerStream? {
    entries.withLock { entries in
      guard let entry = entries[Key(caller: caller, id: id)], entry.expires > now else { return nil }
      return entry.stream
    }
  }
}
