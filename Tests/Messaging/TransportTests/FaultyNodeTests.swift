import Primitives
import Testing
import Transport

/// A line that is cut or slow, around a network in memory.
@Suite struct FaultyNodeTests {
  private static let key = TransportKey([UInt8](repeating: 7, count: 32))!

  /// One node that echoes and one that asks, each behind a line of its own.
  private struct Stand: Sendable {
    let network = LoopbackNetwork(clock: ContinuousClock())
    let server = Guarded(LinkFaults.none)
    let client = Guarded(LinkFaults.none)

    func ask<Result: Sendable>(
      _ body: @escaping @Sendable (FaultyNode, PeerAddress) async throws -> Result
    ) async throws -> Result {
      let answering = FaultyNode(network.node(named: "server", key: FaultyNodeTests.key), clock: ContinuousClock()) {
        server.withLock { $0 }
      }
      let asking = FaultyNode(network.node(named: "client", key: FaultyNodeTests.key), clock: ContinuousClock()) {
        client.withLock { $0 }
      }
      let receiver = try await answering.bindReceiver(at: .loop("server"), admission: TransportAdmission(.any))
      return try await withThrowingTaskGroup(of: Result?.self) { group in
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

  @Test func aWholeLineChangesNothing() async throws {
    let frames = try MessageFrames(envelope: [1, 2, 3])
    let reply = try await Stand().ask { try await $0.send(frames, to: $1, deadline: .seconds(20)) }
    #expect(reply == frames)
  }

  @Test func behindACutLineNothingIsSentBeforeTheDeadline() async throws {
    let stand = Stand()
    stand.client.withLock { $0.isCut = true }
    let frames = try MessageFrames(envelope: [1])
    await #expect(throws: TransportError.unreachable) {
      _ = try await stand.ask { try await $0.send(frames, to: $1, deadline: .milliseconds(50)) }
    }
  }

  @Test func aRequestWaitsForALineThatComesBack() async throws {
    let stand = Stand()
    stand.client.withLock { $0.isCut = true }
    let frames = try MessageFrames(envelope: [1])
    let reply = try await stand.ask { node, peer in
      async let reply = node.send(frames, to: peer, deadline: .seconds(30))
      stand.client.withLock { $0.isCut = false }
      return try await reply
    }
    #expect(reply == frames)
  }

  @Test func anAnswererBehindACutLineSaysNothing() async throws {
    let stand = Stand()
    stand.server.withLock { $0.isCut = true }
    let frames = try MessageFrames(envelope: [1])
    await #expect(throws: TransportError.deadlineExpired) {
      _ = try await stand.ask { try await $0.send(frames, to: $1, deadline: .milliseconds(100)) }
    }
  }

  @Test func aDelayTakesItsTimeInEachDirection() async throws {
    let stand = Stand()
    stand.client.withLock { $0 = LinkFaults(delay: .milliseconds(20)) }
    stand.server.withLock { $0 = LinkFaults(delay: .milliseconds(20)) }
    let frames = try MessageFrames(envelope: [1])
    let start = ContinuousClock.now
    let reply = try await stand.ask { try await $0.send(frames, to: $1, deadline: .seconds(30)) }
    #expect(reply == frames)
    // Never sooner; how much later is the machine's affair.
    #expect(start.duration(to: .now) >= .milliseconds(80))
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
