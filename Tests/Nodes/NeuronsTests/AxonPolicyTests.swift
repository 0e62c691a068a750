import Keys
import Neurons
import Primitives
import SubnetKit
import Testing
import Transport
import Wire

/// Whom a miner answers, and whom first.
@Suite(.virtualTime) struct AxonPolicyTests {
  private let rich = KeyPair.development(name: "Rich")

  /// Sends one request of a caller and gives the status of the reply.
  private func status(
    of stand: AxonStand, _ mode: Probe.Mode = .echo, from key: KeyPair, id: UInt64, deadline: UInt64 = 5_000
  ) async throws -> EnvelopeStatus? {
    let payload = Probe.payload(mode)
    let envelope = stand.envelope(payload, from: key, id: id) { $0.deadlineMilliseconds = deadline }
    let cover = try SignedEnvelope(signing: envelope, with: key)
    let frames = try MessageFrames(envelope: cover.encoded(), payload: payload)
    return try await stand.status(of: frames, via: stand.sender("caller-\(id)", as: key))?.status
  }

  @Test func anOperatorDeniesHotkeysAndSmallStakes() async throws {
    var settings = AxonSettings()
    settings.admission = Admission(denied: [Hotkey(rich.account)], minimumStake: Rao(10))
    let stand = try await AxonStand(
      settings: settings, others: [rich],
      stakes: [rich.account: 1000, KeyPair.development(name: "Validator").account: 10])
    let statuses = try await stand.serving {
      [
        try await status(of: stand, from: rich, id: 1), try await status(of: stand, from: stand.validator, id: 2),
      ]
    }
    #expect(statuses == [.refused, .ok])

    let poor = try await AxonStand(settings: settings)
    #expect(try await poor.serving { try await status(of: poor, from: poor.validator, id: 1) } == .refused)
  }

  @Test func aMechanismsOwnAdmissionHoldsWithoutAnyFlag() async throws {
    let stand = try await AxonStand(running: { clock in
      var probe = Probe(clock: clock)
      probe.policy.admission.minimumStake = Rao(1)
      return MechanismHost(probe)
    })
    #expect(try await stand.serving { try await status(of: stand, from: stand.validator, id: 1) } == .refused)
  }

  /// One place and one seat in the queue: the richer caller takes the seat, and is served when the place is free.
  @Test func aBusyMinerServesTheHigherStakeFirst() async throws {
    var settings = AxonSettings()
    settings.concurrencyLimit = 1
    settings.queueLimit = 1
    let stand = try await AxonStand(settings: settings, others: [rich], stakes: [rich.account: 1000])
    let ends = try await stand.serving {
      try await withThrowingTaskGroup(of: (UInt64, EnvelopeStatus?).self) { group in
        group.addTask { (1, try await status(of: stand, .stall, from: stand.validator, id: 1, deadline: 1_000)) }
        try await stand.clock.pass(.milliseconds(20))
        group.addTask { (2, try await status(of: stand, from: stand.validator, id: 2)) }
        try await stand.clock.pass(.milliseconds(20))
        group.addTask { (3, try await status(of: stand, from: rich, id: 3)) }
        var ends: [UInt64: EnvelopeStatus] = [:]
        for try await (id, status) in group { ends[id] = status }
        return ends
      }
    }
    #expect(ends == [1: .deadlinePassed, 2: .busy, 3: .ok])
  }

  @Test func whoWaitsLongestGoesFirstAmongEquals() async throws {
    let places = WorkPlaces(placeLimit: 1, queueLimit: 8)
    #expect(await places.take(rank: 0))
    let clock = TestClock()
    let order = try await withThrowingTaskGroup(of: Int?.self) { group in
      for (number, rank) in [1.0, 5, 1, 5, 9].enumerated() {
        group.addTask {
          guard await places.take(rank: rank) else { return nil }
          try await clock.pass(.milliseconds(10))
          places.release()
          return number
        }
        try await clock.pass(.milliseconds(1))
      }
      #expect(places.waitingCount == 5)
      places.release()
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(order == [4, 1, 3, 0, 2])
    // All places are back.
    #expect(await places.take(rank: 0))
  }

  @Test func whoIsCancelledWhileWaitingLeavesNoGap() async throws {
    let places = WorkPlaces(placeLimit: 1, queueLimit: 8)
    let clock = TestClock()
    #expect(await places.take(rank: 0))
    let isGranted = try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask { await places.take(rank: 1) }
      try await clock.pass(.milliseconds(1))
      group.cancelAll()
      return try await group.next()
    }
    #expect(isGranted == false)
    #expect(places.waitingCount == 0)
    places.release()
    #expect(await places.take(rank: 0))
  }
}
