import Keys
import Primitives
import Testing

@testable import Wire

@Suite struct ReplayGuardTests {
  private let start: UInt64 = 1_000_000_000
  private let sender = KeyPair.development(name: "Validator").account
  private let other = KeyPair.development(name: "Miner").account

  private func request(_ id: UInt64, sentAt: UInt64, from sender: AccountID? = nil, deadline: UInt64 = 60_000)
    -> Envelope
  {
    Envelope(
      chainID: .zero, netuid: NetUID(1), message: EnvelopeMessage("text", version: 1)!, sender: sender ?? self.sender,
      receiver: other, requestID: id, sentAtMilliseconds: sentAt, deadlineMilliseconds: deadline,
      payload: PayloadDigest(of: []))
  }

  private func refusal(_ replayGuard: inout ReplayGuard, _ envelope: Envelope, now: UInt64) -> EnvelopeError? {
    do throws(EnvelopeError) {
      try replayGuard.admit(envelope, nowMilliseconds: now)
      return nil
    } catch { return error }
  }

  @Test func aRequestPassesOnceAndOrderDoesNotMatter() {
    var replayGuard = ReplayGuard(startMilliseconds: start)
    let first = request(1, sentAt: start + 100)
    let second = request(2, sentAt: start + 200)
    #expect(refusal(&replayGuard, second, now: start + 250) == nil)
    #expect(refusal(&replayGuard, first, now: start + 260) == nil)
    #expect(refusal(&replayGuard, first, now: start + 270) == .replayed)
    #expect(refusal(&replayGuard, second, now: start + 10_200) == .replayed)
    #expect(refusal(&replayGuard, request(1, sentAt: start + 100, from: other), now: start + 280) == nil)
  }

  @Test func theWindowReachesTenSecondsBackAndTwoAhead() {
    var replayGuard = ReplayGuard(startMilliseconds: start)
    let now = start + 50_000
    #expect(refusal(&replayGuard, request(1, sentAt: now - 10_000), now: now) == nil)
    #expect(
      refusal(&replayGuard, request(2, sentAt: now - 10_001), now: now) == .sentTooLongAgo(byMilliseconds: 10_001))
    #expect(refusal(&replayGuard, request(3, sentAt: now + 2_000), now: now) == nil)
    #expect(refusal(&replayGuard, request(4, sentAt: now + 2_001), now: now) == .sentInTheFuture(byMilliseconds: 2_001))
    #expect(refusal(&replayGuard, request(5, sentAt: .max), now: now) == .sentInTheFuture(byMilliseconds: .max - now))
    #expect(refusal(&replayGuard, request(6, sentAt: 0), now: now) == .sentTooLongAgo(byMilliseconds: now))
    #expect(replayGuard.count == 2)
  }

  @Test func nothingFromBeforeTheStartPassesSaveTwoSeconds() {
    var replayGuard = ReplayGuard(startMilliseconds: start)
    #expect(refusal(&replayGuard, request(1, sentAt: start - 2_001), now: start + 1) == .sentBeforeStart)
    #expect(refusal(&replayGuard, request(1, sentAt: start - 2_000), now: start + 1) == nil)
  }

  @Test func aRequestPastItsDeadlineIsRefused() {
    var replayGuard = ReplayGuard(startMilliseconds: start)
    let late = request(1, sentAt: start, deadline: 100)
    #expect(refusal(&replayGuard, late, now: start + 101) == .deadlinePassed(byMilliseconds: 1))
    #expect(refusal(&replayGuard, late, now: start + 100) == nil)
    #expect(refusal(&replayGuard, request(2, sentAt: start, deadline: .max), now: start + 100) == nil)
  }

  @Test func whatTheWindowHasPassedIsForgotten() {
    var replayGuard = ReplayGuard(startMilliseconds: start)
    for id in 0..<100 {
      #expect(refusal(&replayGuard, request(UInt64(id), sentAt: start + 10), now: start + 10) == nil)
    }
    #expect(replayGuard.count == 100)
    let later = start + 11_500
    #expect(refusal(&replayGuard, request(1, sentAt: later), now: later) == nil)
    #expect(replayGuard.count == 1)
  }

  @Test func aClockThatJumpsAheadAndBackOpensNoGap() {
    var replayGuard = ReplayGuard(startMilliseconds: start)
    let seen = request(1, sentAt: start + 500)
    #expect(refusal(&replayGuard, seen, now: start + 500) == nil)
    let jump = start + 3_600_000
    #expect(refusal(&replayGuard, request(2, sentAt: jump), now: jump) == nil)
    #expect(refusal(&replayGuard, seen, now: start + 600) == .sentBeforeStart)
    #expect(refusal(&replayGuard, request(3, sentAt: start + 1_100), now: start + 1_100) == nil)
  }

  @Test func noMomentLetsARequestPassTwice() {
    var random = SplitMix64(seed: 4)
    var replayGuard = ReplayGuard(startMilliseconds: start)
    var admitted: Set<UInt64> = []
    var sent: [Envelope] = []
    var now = start
    for id in 0..<4_000 {
      now += .random(in: 0...40, using: &random)
      sent.append(request(UInt64(id), sentAt: now - .random(in: 0...2_000, using: &random)))
      guard let again = sent.randomElement(using: &random) else { continue }
      if refusal(&replayGuard, again, now: now) == nil { #expect(admitted.insert(again.requestID).inserted) }
    }
    #expect(admitted.count > 100)
  }

  @Test func aFullMemoryAnswersBusyWithTheTimeOfTheNextPlace() {
    var replayGuard = ReplayGuard(startMilliseconds: start, pairLimit: 3, senderPairLimit: 2)
    #expect(refusal(&replayGuard, request(1, sentAt: start), now: start) == nil)
    #expect(refusal(&replayGuard, request(2, sentAt: start), now: start) == nil)
    let retryAfter: UInt64 = 11_000
    #expect(refusal(&replayGuard, request(3, sentAt: start), now: start) == .busy(retryAfterMilliseconds: retryAfter))
    #expect(refusal(&replayGuard, request(1, sentAt: start, from: other), now: start) == nil)
    #expect(
      refusal(&replayGuard, request(2, sentAt: start, from: other), now: start)
        == .busy(retryAfterMilliseconds: retryAfter))
    #expect(replayGuard.count == 3)
    let then = start + retryAfter
    #expect(refusal(&replayGuard, request(3, sentAt: then), now: then) == nil)
  }

  @Test func aRefusedRequestIsNotRemembered() {
    var replayGuard = ReplayGuard(startMilliseconds: start)
    let early = request(1, sentAt: start + 5_000)
    #expect(refusal(&replayGuard, early, now: start) != nil)
    #expect(replayGuard.count == 0)
    #expect(refusal(&replayGuard, early, now: start + 5_000) == nil)
  }
}
