import Keys
import Neurons
import Primitives
import SubnetKit
import Synchronization
import Testing
import Transport
import Wire

/// Loses the first requests on their way, and remembers the ids of all.
private final class ForgetfulSender: RequestSender {
  private let sender: any RequestSender
  private let clock: TestClock
  private let lost: Int
  private let seen = Mutex<[UInt64]>([])

  init(_ sender: any RequestSender, clock: TestClock, losing lost: Int) {
    self.sender = sender
    self.clock = clock
    self.lost = lost
  }

  var ids: [UInt64] { seen.withLock { $0 } }

  func send(
    _ frames: MessageFrames, to peer: PeerAddress, deadline: Duration
  ) async throws(TransportError) -> MessageFrames {
    let id = (try? SignedEnvelope(decoding: frames.envelope))?.envelope.requestID ?? 0
    let number = seen.withLock { seen in
      seen.append(id)
      return seen.count
    }
    guard number <= lost else { return try await sender.send(frames, to: peer, deadline: deadline) }
    do { try await clock.sleep(for: deadline) } catch { throw .cancelled }
    throw .deadlineExpired
  }
}

@Suite(.virtualTime) struct RetryTests {
  private func ask(
    _ mode: Probe.Mode = .echo, losing lost: Int, _ retry: Retry
  ) async throws -> (outcome: DendriteAnswer.Outcome, ids: [UInt64], elapsed: Duration) {
    let stand = try await AxonStand()
    let sender = ForgetfulSender(stand.sender(), clock: stand.clock, losing: lost)
    let dendrite = Dendrite(
      over: sender, key: stand.validator, chainID: AxonStand.chainID, netuid: AxonStand.netuid,
      in: stand.clock.surroundings)
    let target = MinerTarget(uid: UID(0), hotkey: Hotkey(stand.miner.account), peer: stand.peer)
    return try await stand.serving {
      let start = stand.clock.now
      let answers = await dendrite.ask(
        [target], EnvelopeMessage(Probe.name, version: 1)!, Probe.payload(mode), deadline: .seconds(4), retry: retry)
      return (answers[0].outcome, sender.ids, start.duration(to: stand.clock.now))
    }
  }

  @Test func aLostRequestIsSentOnceMoreWithinTheDeadlineUnderANewID() async throws {
    let (outcome, ids, elapsed) = try await ask(losing: 1, .once)
    guard case .answered(_, let latency) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(ids.count == 2 && Set(ids).count == 2)
    // Counted from the first request.
    #expect(latency >= .seconds(2) && elapsed < .seconds(4))
  }

  @Test func twoLostRequestsCostOneDeadlineAndNoThirdIsSent() async throws {
    let (outcome, ids, elapsed) = try await ask(losing: 2, .once)
    guard case .timedOut = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(ids.count == 2)
    #expect(elapsed <= .seconds(4))
  }

  @Test func withoutRetryALostRequestIsLost() async throws {
    let (outcome, ids, _) = try await ask(losing: 1, .never)
    guard case .timedOut = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(ids.count == 1)
  }

  @Test func anAnswerAndARefusalAreNotAskedForAgain() async throws {
    #expect(try await ask(losing: 0, .once).ids.count == 1)
    let (outcome, ids, elapsed) = try await ask(.refuse, losing: 0, .once)
    guard case .refused = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(ids.count == 1)
    #expect(elapsed < .seconds(1))
  }

  @Test func aReplyThatWasMeddledWithIsAskedForAgain() async throws {
    let stand = try await AxonStand()
    let count = Mutex(0)
    let meddler = MeddlingSender(sender: stand.sender()) { reply in
      let number = count.withLock { count in
        count += 1
        return count
      }
      return number == 1 ? try? reply.turningBit(at: reply.byteCount - 1) : nil
    }
    let dendrite = Dendrite(
      over: meddler, key: stand.validator, chainID: AxonStand.chainID, netuid: AxonStand.netuid,
      in: stand.clock.surroundings)
    let target = MinerTarget(uid: UID(0), hotkey: Hotkey(stand.miner.account), peer: stand.peer)
    let answers = try await stand.serving {
      await dendrite.ask(
        [target], EnvelopeMessage(Probe.name, version: 1)!, Probe.payload(.echo), deadline: .seconds(4), retry: .once)
    }
    guard case .answered = answers[0].outcome else {
      Issue.record("\(answers[0].outcome)")
      return
    }
    #expect(count.withLock { $0 } == 2)
  }
}
