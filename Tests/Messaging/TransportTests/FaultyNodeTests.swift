import Primitives
import Testing
import Transport

/// A line that is cut or slow, around a network in memory, on one thread and a clock moved by hand.
@Suite struct FaultyNodeTests {
  private static let key = TransportKey([UInt8](repeating: 7, count: 32))!

  /// One node that echoes and one that asks, each behind a line of its own.
  private struct Stand: Sendable {
    let clock: HandMovedClock
    let network: LoopbackNetwork
    let server = Guarded(LinkFaults.none)
    let client = Guarded(LinkFaults.none)

    init() {
      clock = HandMovedClock()
      network = LoopbackNetwork(clock: clock)
    }

    var elapsed: Duration { clock.now.sinceStart }

    /// What the body comes to, in the stand's own time.
    func ask<Value: Sendable>(
      _ body: @escaping @Sendable (FaultyNode, PeerAddress) async throws -> Value
    ) throws -> Value {
      let outcome = TurnByTurnExecutor().run(on: clock) { () -> Result<Value, any Error> in
        do {
          return .success(try await converse(body))
        } catch {
          return .failure(error)
        }
      }
      return try #require(outcome, "everything waits for ever").get()
    }

    private func converse<Value: Sendable>(
      _ body: @escaping @Sendable (FaultyNode, PeerAddress) async throws -> Value
    ) async throws -> Value {
      let answering = FaultyNode(network.node(named: "server", key: FaultyNodeTests.key), clock: clock) {
        server.withLock { $0 }
      }
      let asking = FaultyNode(network.node(named: "client", key: FaultyNodeTests.key), clock: clock) {
        client.withLock { $0 }
      }
      let receiver = try await answering.bindReceiver(at: .loop("server"), admission: TransportAdmission(.any))
      return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask {
          try await receiver.serve(concurrencyLimit: 4, overloaded: { _ in nil }, handle: { $0.frames })
          return nil
        }
        group.addTask { try await body(asking, receiver.address) }
        defer { group.cancelAll() }
        while let outcome = try await group.next() {
          if let outcome { return outcome }
        }
        throw CancellationError()
      }
    }
  }

  @Test func aWholeLineChangesNothing() throws {
    let frames = try MessageFrames(envelope: [1, 2, 3])
    let stand = Stand()
    let reply = try stand.ask { try await $0.send(frames, to: $1, deadline: .seconds(20)) }
    #expect(reply == frames)
    #expect(stand.elapsed == .zero)
  }

  @Test func behindACutLineNothingIsSentBeforeTheDeadline() throws {
    let stand = Stand()
    stand.client.withLock { $0.isCut = true }
    let frames = try MessageFrames(envelope: [1])
    #expect(throws: TransportError.unreachable) {
      _ = try stand.ask { try await $0.send(frames, to: $1, deadline: .milliseconds(50)) }
    }
    #expect(stand.elapsed == .milliseconds(50))
  }

  @Test func aRequestWaitsForALineThatComesBack() throws {
    let stand = Stand()
    stand.client.withLock { $0.isCut = true }
    let frames = try MessageFrames(envelope: [1])
    let reply = try stand.ask { node, peer in
      async let reply = node.send(frames, to: peer, deadline: .seconds(30))
      try await stand.clock.sleep(for: .seconds(2))
      stand.client.withLock { $0.isCut = false }
      return try await reply
    }
    #expect(reply == frames)
    #expect((Duration.seconds(2) ... .milliseconds(2020)).contains(stand.elapsed))
  }

  @Test func anAnswererBehindACutLineSaysNothing() throws {
    let stand = Stand()
    stand.server.withLock { $0.isCut = true }
    let frames = try MessageFrames(envelope: [1])
    #expect(throws: TransportError.deadlineExpired) {
      _ = try stand.ask { try await $0.send(frames, to: $1, deadline: .milliseconds(100)) }
    }
    #expect(stand.elapsed == .milliseconds(100))
  }

  @Test func aDelayTakesItsTimeInEachDirection() throws {
    let stand = Stand()
    stand.client.withLock { $0 = LinkFaults(delay: .milliseconds(20)) }
    stand.server.withLock { $0 = LinkFaults(delay: .milliseconds(30)) }
    let frames = try MessageFrames(envelope: [1])
    let reply = try stand.ask { try await $0.send(frames, to: $1, deadline: .seconds(30)) }
    #expect(reply == frames)
    #expect(stand.elapsed == .milliseconds(100))
  }

  @Test(arguments: [
    ("", LinkFaults.none), ("cut\n", LinkFaults(isCut: true)),
    ("delay_ms=250", LinkFaults(delay: .milliseconds(250))),
    ("cut delay_ms=5", LinkFaults(isCut: true, delay: .milliseconds(5))),
  ])
  func faultsHaveATextOfOneLine(text: String, faults: LinkFaults) {
    #expect(LinkFaults(text: text) == faults)
    #expect(LinkFaults(text: faults.description) == faults)
  }

  @Test(arguments: [
    "cutt", "delay_ms=", "delay_ms=-1", "delay_ms=99999999", "delay=5", String(repeating: "cut ", count: 40),
  ])
  func anotherTextIsNone(text: String) { #expect(LinkFaults(text: text) == nil) }
}
