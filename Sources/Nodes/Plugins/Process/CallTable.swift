/// One call of a plugin: what to send, and who waits for the answer.
struct PluginCall: Sendable {
  let id: UInt64
  /// What is asked, by the name of its field on the wire.
  let name: String
  /// The field that answers it.
  let answerName: String
  /// With its head.
  let frame: [UInt8]
  let limit: Duration
  let deadline: ContinuousClock.Instant
  let waiter: CheckedContinuation<Result<PluginReply, PluginError>, Never>
}

/// The calls of one plugin: those that wait, oldest first, and those that it is at work on.
///
/// A call whose waiter has left stays under way until the program answers it, since it is still at work on it.
struct CallTable {
  struct Underway {
    let call: PluginCall
    let sentAt: ContinuousClock.Instant
    var hasWaiter = true
  }

  private var waiting: [PluginCall] = []
  private var underway: [UInt64: Underway] = [:]

  var isIdle: Bool { underway.isEmpty }
  var count: Int { waiting.count + underway.count }

  mutating func add(_ call: PluginCall) { waiting.append(call) }

  /// The next call to send, now under way; nil when there is none or the program has enough.
  mutating func start(at now: ContinuousClock.Instant, concurrency: Int) -> PluginCall? {
    guard underway.count < concurrency, !waiting.isEmpty else { return nil }
    let call = waiting.removeFirst()
    underway[call.id] = Underway(call: call, sentAt: now)
    return call
  }

  /// The call that an answer belongs to; nil when there is none.
  mutating func finish(_ id: UInt64) -> Underway? { underway.removeValue(forKey: id) }

  /// The calls whose deadline has passed, each once, and whether the program is at work on it.
  mutating func expire(at now: ContinuousClock.Instant) -> [(call: PluginCall, isUnderway: Bool)] {
    let late = waiting.filter { $0.deadline <= now }
    waiting.removeAll { $0.deadline <= now }
    var expired = late.map { (call: $0, isUnderway: false) }
    for (id, entry) in underway where entry.hasWaiter && entry.call.deadline <= now {
      underway[id]?.hasWaiter = false
      expired.append((call: entry.call, isUnderway: true))
    }
    return expired
  }

  /// Lets a waiter leave.
  mutating func cancel(_ id: UInt64) -> PluginCall? {
    if let index = waiting.firstIndex(where: { $0.id == id }) { return waiting.remove(at: index) }
    guard let entry = underway[id], entry.hasWaiter else { return nil }
    underway[id]?.hasWaiter = false
    return entry.call
  }

  /// The call that the program has been at work on for longer than it may.
  func overdue(at now: ContinuousClock.Instant, limit: Duration) -> PluginCall? {
    underway.values.filter { now - $0.sentAt >= limit }.min { $0.sentAt < $1.sentAt }?.call
  }

  /// The names of what the program is at work on, for messages.
  var underwayNames: String {
    let names = underway.values.sorted { $0.call.id < $1.call.id }.map(\.call.name)
    return names.isEmpty ? "nothing" : names.joined(separator: ", ")
  }

  /// Takes out all calls under way that somebody waits for.
  mutating func takeUnderway() -> [PluginCall] {
    defer { underway = [:] }
    return underway.values.filter(\.hasWaiter).map(\.call)
  }

  /// Takes out all calls that wait.
  mutating func takeWaiting() -> [PluginCall] {
    defer { waiting = [] }
    return waiting
  }

  /// When something is due next.
  func nextInstant(limit: Duration) -> ContinuousClock.Instant? {
    let deadlines = waiting.map(\.deadline) + underway.values.filter(\.hasWaiter).map(\.call.deadline)
    return (deadlines + underway.values.map { $0.sentAt + limit }).min()
  }
}
