import Keys
import Neurons
import Primitives
import SubnetKit
import Synchronization
import Testing
import Transport
import Wire

/// Sends a word every 100 ms, as many as it is asked for; breaks off where it is told to.
private struct Teller: StreamingMechanism {
  static let name = "teller"

  struct Wish: Codable, Sendable {
    var words: Int
    var breaksOffAt: Int?
    var wordLength = 1
  }

  let clock: TestClock?

  init(clock: TestClock) { self.clock = clock }
  init(_ setup: MechanismSetup) { clock = nil }

  func task(_ round: Round, random: inout SeededRandom) -> Challenge<Wish, Nothing> { Challenge(Wish(words: 3)) }

  func forward(_ wish: Wish, _ context: ForwardContext, send: PartSender<String>) async throws {
    for number in 0..<wish.words {
      if number == wish.breaksOffAt { throw MechanismError(.failed, "lost the thread") }
      try await clock?.sleep(for: .milliseconds(100))
      try await send(String(repeating: "\(number % 10)", count: wish.wordLength))
    }
  }

  func score(
    _ answers: [Answer<[String]>], for challenge: Challenge<Wish, Nothing>, _ context: ScoreContext
  ) -> [Score] {
    answers.map { $0.response == ["0", "1", "2"] && $0.arrivals.count == 3 ? .full : .zero }
  }

  static func payload(_ words: Int, breakingOffAt place: Int? = nil, wordLength: Int = 1) throws -> [UInt8] {
    try MessageCoder.requests.encode(Wish(words: words, breaksOffAt: place, wordLength: wordLength))
  }
}

@Suite(.virtualTime) struct StreamTests {
  private let message = EnvelopeMessage(Teller.name, version: 1)!

  private func stand(others: [KeyPair] = []) async throws -> AxonStand {
    try await AxonStand(others: others, running: { MechanismHost(Teller(clock: $0)) })
  }

  private func ask(
    _ stand: AxonStand, _ payload: [UInt8], over sender: (any RequestSender)? = nil, deadline: Duration = .seconds(5),
    limits: StreamLimits = StreamLimits()
  ) async throws -> DendriteAnswer.Outcome {
    let dendrite = Dendrite(
      over: sender ?? stand.sender(), key: stand.validator, chainID: AxonStand.chainID, netuid: AxonStand.netuid,
      in: stand.clock.surroundings)
    let target = MinerTarget(uid: UID(0), hotkey: Hotkey(stand.miner.account), peer: stand.peer)
    return try await stand.serving {
      await dendrite.ask([target], message, payload, deadline: deadline, inParts: limits)[0].outcome
    }
  }

  @Test func partsArriveInOrderEachWithItsTime() async throws {
    let outcome = try await ask(try await stand(), Teller.payload(5))
    guard case .answeredInParts(let parts, let arrivals, let latency) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(try parts.map { try MessageCoder().decode(String.self, from: $0) } == ["0", "1", "2", "3", "4"])
    for (index, arrival) in arrivals.enumerated() {
      #expect(arrival >= .milliseconds(100 * (index + 1)) && arrival < .milliseconds(100 * (index + 2)))
    }
    #expect(latency >= arrivals[4])
  }

  @Test func anAnswerWithoutPartsIsAnAnswer() async throws {
    let outcome = try await ask(try await stand(), Teller.payload(0))
    guard case .answeredInParts(let parts, _, _) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(parts.isEmpty)
  }

  @Test(arguments: [StreamLimits(partLimit: 2), StreamLimits(byteLimit: 20)])
  func moreThanIsTakenFailsTheAnswer(_ limits: StreamLimits) async throws {
    let outcome = try await ask(try await stand(), Teller.payload(9, wordLength: 8), limits: limits)
    guard case .failed(.unusableParts) = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test func aMinerKeepsNoMoreOfAnAnswerThanItsOwnLimit() async throws {
    let outcome = try await ask(
      try await stand(), Teller.payload(30, wordLength: 100_000), limits: StreamLimits(byteLimit: .max))
    guard case .refused(let refusal) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(refusal.status == .failed)
  }

  @Test func anAnswerThatBreaksOffIsNone() async throws {
    let outcome = try await ask(try await stand(), Teller.payload(5, breakingOffAt: 2))
    guard case .refused(let refusal) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(refusal.status == .failed)
  }

  @Test func allPartsShareOneDeadline() async throws {
    let stand = try await stand()
    let start = stand.clock.now
    let outcome = try await ask(stand, Teller.payload(100), deadline: .seconds(1))
    switch outcome {
    case .timedOut, .refused: break
    default: Issue.record("\(outcome)")
    }
    #expect(start.duration(to: stand.clock.now) < .seconds(2))
  }

  /// Fails when a part after the first travels without a signature of its own.
  @Test(arguments: [1, 2, 3])
  func everyPartIsSigned(_ number: Int) async throws {
    let stand = try await stand()
    let count = Mutex(0)
    let meddler = MeddlingSender(sender: stand.sender()) { reply in
      let now = count.withLock { count in
        count += 1
        return count
      }
      return now == number ? try? reply.turningBit(at: reply.byteCount - 1) : nil
    }
    let outcome = try await ask(stand, Teller.payload(3), over: meddler)
    guard case .failed(.unverified) = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test func aStreamBelongsToItsCaller() async throws {
    let other = KeyPair.development(name: "Other")
    let stand = try await stand(others: [other])
    // Start as the validator, go on as somebody else, by the id that the validator was given.
    let start: [UInt8] = [0] + (try Teller.payload(3))
    let next: [UInt8] = [1] + [UInt8](repeating: 0, count: 7) + [77, 0, 0, 0, 1]
    @Sendable func status(_ payload: [UInt8], from key: KeyPair, id: UInt64) async throws -> EnvelopeStatus? {
      let envelope = stand.envelope(payload, from: key, id: id) { $0.message = message }
      let cover = try SignedEnvelope(signing: envelope, with: key)
      let frames = try MessageFrames(envelope: cover.encoded(), payload: payload)
      return try await stand.status(of: frames, via: stand.sender("caller-\(id)", as: key))?.status
    }
    let statuses = try await stand.serving {
      [
        try await status(start, from: stand.validator, id: 77), try await status(next, from: other, id: 78),
        try await status(next, from: stand.validator, id: 79), try await status([9], from: stand.validator, id: 80),
      ]
    }
    #expect(statuses == [.ok, .malformed, .ok, .malformed])
  }

  @Test func aValidatorScoresTheJoinedParts() async throws {
    let stand = SubnetStand { MechanismHost(Teller(clock: $0)) }
    try await stand.withChain {
      try await stand.withMiner {
        try await stand.withValidator {
          try await stand.clock.runs(until: "a score") { stand.average > 0.4 }
        }
      }
    }
  }
}
