import Testing
import Transport

/// An in-memory network with faults, on one thread and a clock moved by hand.
@Suite struct LoopbackFaultTests {
  private let clock = HandMovedClock()
  private let executor = TurnByTurnExecutor()

  private static func key(_ number: UInt8) -> TransportKey { TransportKey([UInt8](repeating: number, count: 32))! }
  private static let anyKey = TransportAdmission(.any)

  /// A client's view of one serving peer: what `ask` brought back, and what the peer saw, with the times.
  private func conversation(
    faults: LoopbackFaults, seed: UInt64 = 1, _ talk: @escaping @Sendable (Conversation) async -> Void
  ) throws -> [String] {
    let network = LoopbackNetwork(clock: clock, seed: seed, faults: faults)
    let conversation = Conversation(clock: clock, network: network)
    let events = executor.run(on: clock) {
      await withTaskGroup(of: Void.self) { group in
        for name in ["peer", "other"] {
          group.addTask { await conversation.serve(name) }
        }
        await talk(conversation)
        group.cancelAll()
      }
      return conversation.events.entries
    }
    return try #require(events, "everything waits for ever")
  }

  private final class Conversation: Sendable {
    let clock: HandMovedClock
    let network: LoopbackNetwork
    let client: LoopbackNode
    let events = Log<String>()

    init(clock: HandMovedClock, network: LoopbackNetwork) {
      self.clock = clock
      self.network = network
      client = network.node(named: "client", key: key(0))
    }

    func note(_ what: String) { events.append("\(clock.now.sinceStart) \(what)") }

    func serve(_ name: String) async {
      let node = network.node(named: name, key: key(1))
      do {
        let receiver = try await node.bindReceiver(at: Endpoint("loop://\(name)")!, admission: anyKey)
        try await receiver.serve(concurrencyLimit: 8, overloaded: { _ in nil }) { [self] request in
          note("\(name) sees \(request.frames.text)")
          return request.frames
        }
      } catch {
        note("\(name): \(error)")
      }
    }

    func ask(_ name: String, _ text: String) async {
      let peer = PeerAddress(endpoint: Endpoint("loop://\(name)")!, serverKey: key(1))
      do {
        let reply = try await client.send(MessageFrames(text), to: peer, deadline: .seconds(1))
        note("answer \(reply.text)")
      } catch {
        note("\(error)")
      }
    }
  }

  @Test func theSameSeedGivesTheSameRunAndAnotherSeedAnother() throws {
    func run(_ seed: UInt64) throws -> [String] {
      let faults = LoopbackFaults(
        dropPerThousand: 150, duplicatePerThousand: 150, delay: .milliseconds(1) ... .milliseconds(900))
      return try LoopbackFaultTests().conversation(faults: faults, seed: seed) { conversation in
        await withTaskGroup(of: Void.self) { group in
          for number in 0..<40 {
            group.addTask { await conversation.ask(number.isMultiple(of: 2) ? "peer" : "other", "\(number)") }
          }
        }
      }
    }
    let first = try run(7)
    #expect(first.count { $0.contains("answer") } > 0)
    #expect(first.count { $0.contains("deadline") } > 0)
    #expect(try run(7) == first)
    #expect(try run(8) != first)
  }

  @Test func aDelayTakesItsTimeThereAndBack() throws {
    let events = try conversation(faults: LoopbackFaults(delay: .milliseconds(300) ... .milliseconds(300))) {
      await $0.ask("peer", "a")
    }
    #expect(events == ["0.3 seconds peer sees a", "0.6 seconds answer a"])
  }

  @Test func anAnswerThatIsStillOnItsWayAtTheDeadlineIsTooLate() throws {
    let events = try conversation(faults: LoopbackFaults(delay: .milliseconds(600) ... .milliseconds(600))) {
      await $0.ask("peer", "a")
    }
    #expect(events == ["0.6 seconds peer sees a", "1.0 seconds \(TransportError.deadlineExpired)"])
  }

  @Test func aLostRequestCostsItsDeadline() throws {
    let events = try conversation(faults: LoopbackFaults(dropPerThousand: 1000)) { await $0.ask("peer", "a") }
    #expect(events == ["1.0 seconds \(TransportError.deadlineExpired)"])
  }

  @Test func aDoubledRequestIsSeenTwiceAndAnsweredOnce() throws {
    let events = try conversation(faults: LoopbackFaults(duplicatePerThousand: 1000)) { await $0.ask("peer", "a") }
    #expect(events.count { $0 == "0.0 seconds peer sees a" } == 2)
    #expect(events.count { $0 == "0.0 seconds answer a" } == 1)
    #expect(events.count == 3)
  }

  @Test func aCutStopsOneLinkUntilItIsHealed() throws {
    let events = try conversation(faults: .none) { conversation in
      conversation.network.partition([["client"], ["peer", "elsewhere"]])
      await conversation.ask("other", "a")
      await conversation.ask("peer", "b")
      conversation.network.heal()
      await conversation.ask("peer", "c")
    }
    #expect(
      events == [
        "0.0 seconds other sees a", "0.0 seconds answer a", "1.0 seconds \(TransportError.unreachable)",
        "1.0 seconds peer sees c", "1.0 seconds answer c",
      ])
  }
}
