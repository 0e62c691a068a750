import Daemon
import Keys
import Neurons
import Primitives
import SubnetKit
import Testing
import Transport
import Wire

@Suite(.virtualTime) struct AxonTests {
  /// How a request that was changed before it was signed ends.
  private func status(
    _ stand: AxonStand, _ payload: [UInt8] = Probe.payload(.echo), from sender: KeyPair? = nil,
    _ change: @escaping @Sendable (inout Envelope) -> Void = { _ in }
  ) async throws -> ReplyHead? {
    try await stand.serving {
      let key = sender ?? stand.validator
      let cover = try SignedEnvelope(signing: stand.envelope(payload, from: key, change), with: key)
      let frames = try MessageFrames(envelope: cover.encoded(), payload: payload)
      return try await stand.status(of: frames, via: stand.sender())
    }
  }

  private func text(of head: ReplyHead?) -> String { String(decoding: head?.errorDetail ?? [], as: UTF8.self) }

  @Test func aMemberIsAnswered() async throws {
    let stand = try await AxonStand()
    let head = try await status(stand)
    #expect(head?.status == .ok)
    #expect(stand.axon.counts.answered == 1)
  }

  @Test func aBitTurnedAnywhereInARequestIsRefusedWithASignedReply() async throws {
    let stand = try await AxonStand()
    let payload = Probe.payload(.echo)
    let cover = try SignedEnvelope(signing: stand.envelope(payload), with: stand.validator)
    let frames = try MessageFrames(envelope: cover.encoded(), payload: payload)
    let statuses = try await stand.serving {
      var statuses: [EnvelopeStatus?] = []
      for position in 0..<frames.byteCount {
        statuses.append(try await stand.status(of: frames.turningBit(at: position), via: stand.sender())?.status)
      }
      return statuses
    }
    #expect(statuses.count == frames.byteCount)
    #expect(statuses.allSatisfy { $0 != nil && $0 != .ok })
    #expect(stand.axon.counts.answered == 0)
    // None of them used up the id of the genuine request.
    let genuine = try await AxonStand()
    #expect(try await genuine.serving { try await genuine.status(of: frames, via: genuine.sender())?.status } == .ok)
  }

  @Test func aBitTurnedAnywhereInAReplyIsNotAccepted() async throws {
    let stand = try await AxonStand()
    let question = Question(
      chainID: AxonStand.chainID, netuid: AxonStand.netuid, message: EnvelopeMessage(Probe.name, version: 1)!,
      payload: Probe.payload(.echo))
    let accepted = try await stand.serving {
      let cover = try SignedEnvelope(signing: stand.envelope(question.payload), with: stand.validator)
      let frames = try MessageFrames(envelope: cover.encoded(), payload: question.payload)
      let length = try await stand.sender().send(frames, to: stand.axon.address, deadline: .seconds(20)).byteCount
      var accepted: [Int] = []
      for position in 0..<length {
        let meddler = MeddlingSender(sender: stand.sender()) { try? $0.turningBit(at: min(position, $0.byteCount - 1)) }
        let exchange = SignedExchange(
          sender: meddler, key: stand.validator, time: NodeTime(stand.clock, wall: stand.clock),
          random: .seeded(UInt64(1000 + position)))
        do throws(ExchangeError) {
          _ = try await exchange.ask(question, of: stand.peer, deadline: .seconds(20))
          accepted.append(position)
        } catch {
          guard case .unverified = error else { throw error }
        }
      }
      return accepted
    }
    #expect(accepted.isEmpty)
  }

  @Test func theSameRequestTwiceIsAnsweredOnce() async throws {
    let stand = try await AxonStand()
    let payload = Probe.payload(.echo)
    let cover = try SignedEnvelope(signing: stand.envelope(payload), with: stand.validator)
    let frames = try MessageFrames(envelope: cover.encoded(), payload: payload)
    let statuses = try await stand.serving {
      [
        try await stand.status(of: frames, via: stand.sender())?.status,
        try await stand.status(of: frames, via: stand.sender())?.status,
      ]
    }
    #expect(statuses == [.ok, .notVerified])
  }

  @Test func requestsInSwappedOrderAreBothAnswered() async throws {
    let stand = try await AxonStand()
    let payload = Probe.payload(.echo)
    let early = try SignedEnvelope(signing: stand.envelope(payload, id: 1), with: stand.validator)
    try await stand.clock.pass(.milliseconds(50))
    let late = try SignedEnvelope(signing: stand.envelope(payload, id: 2), with: stand.validator)
    let statuses = try await stand.serving {
      var statuses: [EnvelopeStatus?] = []
      for cover in [late, early] {
        let frames = try MessageFrames(envelope: cover.encoded(), payload: payload)
        statuses.append(try await stand.status(of: frames, via: stand.sender())?.status)
      }
      return statuses
    }
    #expect(statuses == [.ok, .ok])
  }

  @Test func anotherReceiverNetworkOrSubnetIsNotVerified() async throws {
    let other = KeyPair.development(name: "Other").account
    let changes: [@Sendable (inout Envelope) -> Void] = [
      { $0.receiver = other }, { $0.chainID = .zero }, { $0.netuid = NetUID(2) },
      { $0.sentAtMilliseconds -= 11_000 }, { $0.sentAtMilliseconds += 3_000 },
    ]
    for change in changes {
      let stand = try await AxonStand()
      try await stand.clock.pass(.seconds(20))
      #expect(try await status(stand, Probe.payload(.echo), change)?.status == .notVerified)
    }
  }

  @Test func aMissingSignatureIsMalformed() async throws {
    let stand = try await AxonStand()
    let payload = Probe.payload(.echo)
    let bytes = try stand.envelope(payload).encoded()
    let unsigned = try WireCodec.encode(["envelope": .bytes(bytes)], as: .signedEnvelope)
    let head = try await stand.serving {
      try await stand.status(of: try MessageFrames(envelope: unsigned, payload: payload), via: stand.sender())
    }
    #expect(head?.status == .malformed)
  }

  @Test func garbageIsMalformedAndTheAxonLivesOn() async throws {
    let stand = try await AxonStand()
    let head = try await stand.serving {
      try await stand.status(of: try MessageFrames(envelope: [1, 2, 3, 255]), via: stand.sender())
    }
    #expect(head?.status == .malformed)
    #expect(head?.requestDigest == Hash256(hashing: [1, 2, 3, 255]))
  }

  @Test func aCallerWithoutAUidIsRefusedAndToldSo() async throws {
    let stand = try await AxonStand()
    let head = try await status(stand, from: stand.stranger)
    #expect(head?.status == .refused)
    #expect(text(of: head).contains("holds no uid"))
  }

  @Test func anUnknownTransportKeyGetsNoHandshake() async throws {
    let stand = try await AxonStand()
    let error = await #expect(throws: TransportError.self) {
      try await stand.serving {
        _ = try await stand.status(
          of: try MessageFrames(envelope: []), via: stand.sender("stranger", as: stand.stranger))
      }
    }
    #expect(error == .handshakeRefused)
  }

  @Test func aCallerWithoutAPermitIsRefusedWhereOneIsRequired() async throws {
    var settings = AxonSettings()
    settings.admission.permitRequired = true
    #expect(try await status(try await AxonStand(settings: settings, permit: false))?.status == .refused)
    #expect(try await status(try await AxonStand(settings: settings, permit: true))?.status == .ok)
  }

  @Test func anUnknownSynapseOrVersionIsNotFound() async throws {
    #expect(
      try await status(try await AxonStand()) { $0.message = EnvelopeMessage("other", version: 1)! }?.status
        == .unknownSynapse)
    #expect(
      try await status(try await AxonStand()) { $0.message = EnvelopeMessage(Probe.name, version: 2)! }?.status
        == .unknownSynapse)
  }

  @Test func moreBytesThanAllowedAreTooLarge() async throws {
    var settings = AxonSettings()
    settings.payloadLimit = 300_000
    let stand = try await AxonStand(settings: settings)
    #expect(try await status(stand, [UInt8](repeating: 7, count: 300_001))?.status == .tooLarge)
    #expect(try await status(try await AxonStand(), [UInt8](repeating: 7, count: 300_001))?.status == .malformed)
  }

  @Test func bytesThatAreNoRequestAreMalformed() async throws {
    #expect(try await status(try await AxonStand(), [1, 2, 3])?.status == .malformed)
  }

  @Test func aFailingMechanismTellsTheLogAndNotTheCaller() async throws {
    let stand = try await AxonStand()
    let head = try await status(stand, Probe.payload(.fail))
    #expect(head?.status == .failed)
    #expect(!text(of: head).contains("/etc/key"))
    #expect(stand.log.lines.contains { $0.contains("/etc/key") })
  }

  @Test func aMechanismMayRefuseWithItsOwnWords() async throws {
    let head = try await status(try await AxonStand(), Probe.payload(.refuse))
    #expect(head?.status == .refused)
    #expect(text(of: head).contains("not for you"))
  }

  @Test func workThatOutlastsTheDeadlineIsGivenUp() async throws {
    let stand = try await AxonStand()
    let start = stand.clock.now
    let head = try await status(stand, Probe.payload(.stall)) { $0.deadlineMilliseconds = 1_000 }
    #expect(head?.status == .deadlinePassed)
    #expect(start.duration(to: stand.clock.now) < .seconds(5))
  }

  @Test(arguments: [true, false])
  func whoFindsNoPlaceIsToldWhenToComeBack(ofOneCaller: Bool) async throws {
    var settings = AxonSettings()
    settings.queueLimit = 0
    if ofOneCaller { settings.callerConcurrencyLimit = 2 } else { settings.concurrencyLimit = 2 }
    let stand = try await AxonStand(settings: settings)
    let heads = try await stand.serving {
      try await withThrowingTaskGroup(of: ReplyHead?.self) { group in
        for id in UInt64(1)...3 {
          let payload = Probe.payload(.stall)
          let cover = try SignedEnvelope(signing: stand.envelope(payload, id: id), with: stand.validator)
          let frames = try MessageFrames(envelope: cover.encoded(), payload: payload)
          group.addTask { try await stand.status(of: frames, via: stand.sender()) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
    }
    #expect(
      heads.compactMap { $0?.status }.sorted { $0.rawValue < $1.rawValue } == [
        .deadlinePassed, .deadlinePassed, .busy,
      ])
    #expect(heads.first { $0?.status == .busy }??.retryAfterMilliseconds == 250)
  }
}
