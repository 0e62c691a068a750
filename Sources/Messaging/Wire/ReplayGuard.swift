import Primitives

/// Accepts each request once: those within a window around now whose sender and id were not seen in it.
///
/// The order of arrival does not matter. Times are milliseconds since 1970 and come from the caller. Owned by one
/// receiver; what it remembers is lost with it, and therefore nothing from before its start is accepted.
///
/// Source: registry 11.
package struct ReplayGuard: Sendable {
  /// How far the window reaches back and ahead.
  package static let backMilliseconds: UInt64 = 10_000
  package static let aheadMilliseconds: UInt64 = 2_000
  /// Pairs remembered in all, and of one sender.
  package static let pairLimit = 262_144
  package static let senderPairLimit = 65_536

  private struct Pair: Hashable, Sendable {
    let sender: AccountID
    let requestID: UInt64
  }

  /// The pairs of one second of sending; forgotten together once the window has passed the last of them.
  private static let secondMilliseconds: UInt64 = 1_000

  /// Nothing sent before this passes: at first a little before the start, then the end of the last second forgotten,
  /// so that a clock that jumps ahead and back opens no gap.
  private var floorMilliseconds: UInt64
  private let pairLimit: Int
  private let senderPairLimit: Int
  private var seen: Set<Pair> = []
  private var pairsBySecond: [UInt64: [Pair]] = [:]
  private var countBySender: [AccountID: Int] = [:]

  /// - Parameter startMilliseconds: When the receiver started, by its clock.
  package init(startMilliseconds: UInt64) {
    self.init(
      startMilliseconds: startMilliseconds, pairLimit: ReplayGuard.pairLimit,
      senderPairLimit: ReplayGuard.senderPairLimit)
  }

  init(startMilliseconds: UInt64, pairLimit: Int, senderPairLimit: Int) {
    floorMilliseconds = startMilliseconds - min(startMilliseconds, ReplayGuard.aheadMilliseconds)
    self.pairLimit = pairLimit
    self.senderPairLimit = senderPairLimit
  }

  /// Pairs remembered now.
  package var count: Int { seen.count }

  /// Throws when the request would not be admitted now; cheap, and to be asked before the signature is verified.
  package mutating func check(_ envelope: Envelope, nowMilliseconds now: UInt64) throws(EnvelopeError) {
    forgetWhatTheWindowHasPassed(now)
    let sentAt = envelope.sentAtMilliseconds
    if now > sentAt, now - sentAt > ReplayGuard.backMilliseconds {
      throw .sentTooLongAgo(byMilliseconds: now - sentAt)
    }
    if sentAt > now, sentAt - now > ReplayGuard.aheadMilliseconds {
      throw .sentInTheFuture(byMilliseconds: sentAt - now)
    }
    guard sentAt >= floorMilliseconds else { throw .sentBeforeStart }
    let (deadline, overflow) = sentAt.addingReportingOverflow(envelope.deadlineMilliseconds)
    if !overflow, now > deadline { throw .deadlinePassed(byMilliseconds: now - deadline) }
    if seen.contains(Pair(sender: envelope.sender, requestID: envelope.requestID)) { throw .replayed }
  }

  /// Admits a request whose signature was verified, and remembers it.
  ///
  /// Only then, so that nobody can use up the ids of another sender.
  ///
  /// - Throws: As `check`, or `busy` when there is no place to remember it; then nothing is remembered.
  package mutating func admit(_ envelope: Envelope, nowMilliseconds now: UInt64) throws(EnvelopeError) {
    try check(envelope, nowMilliseconds: now)
    let sender = envelope.sender
    guard seen.count < pairLimit, countBySender[sender, default: 0] < senderPairLimit else {
      throw .busy(retryAfterMilliseconds: millisecondsToNextPlace(now))
    }
    let pair = Pair(sender: sender, requestID: envelope.requestID)
    seen.insert(pair)
    countBySender[sender, default: 0] += 1
    pairsBySecond[envelope.sentAtMilliseconds / ReplayGuard.secondMilliseconds, default: []].append(pair)
  }

  private mutating func forgetWhatTheWindowHasPassed(_ now: UInt64) {
    for second in pairsBySecond.keys where lastUse(of: second) < now {
      for pair in pairsBySecond.removeValue(forKey: second) ?? [] { forget(pair) }
      floorMilliseconds = max(floorMilliseconds, (second + 1) * ReplayGuard.secondMilliseconds)
    }
  }

  private mutating func forget(_ pair: Pair) {
    seen.remove(pair)
    guard let count = countBySender[pair.sender] else { return }
    countBySender[pair.sender] = count > 1 ? count - 1 : nil
  }

  /// The last moment at which a pair of this second could still be sent again and be accepted.
  private func lastUse(of second: UInt64) -> UInt64 {
    (second + 1) * ReplayGuard.secondMilliseconds - 1 + ReplayGuard.backMilliseconds
  }

  private func millisecondsToNextPlace(_ now: UInt64) -> UInt64 {
    guard let oldest = pairsBySecond.keys.min() else { return ReplayGuard.secondMilliseconds }
    return lastUse(of: oldest) + 1 - now
  }
}
