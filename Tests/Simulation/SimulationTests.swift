import Testing
import TestKit

/// The executor and clock that simulations run on.
@Suite struct SimulationTests {
  private actor Log {
    var lines: [String] = []
    func add(_ line: String) { lines.append(line) }
  }

  private func race(seedOfDelays delays: [Int]) throws -> [String] {
    try Simulation().run { clock in
      let log = Log()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, delay) in delays.enumerated() {
          group.addTask {
            for round in 0..<5 {
              try await clock.sleep(for: .milliseconds(delay))
              await log.add("\(index).\(round)@\(clock.now.offset)")
              await Task.yield()
            }
          }
        }
        try await group.waitForAll()
      }
      return await log.lines
    }
  }

  @Test func tasksTakeTheirTurnsInTheSameOrderEveryTime() throws {
    let delays = [7, 3, 3, 11, 5, 3]
    let first = try race(seedOfDelays: delays)
    #expect(first.count == 30)
    for _ in 0..<20 { #expect(try race(seedOfDelays: delays) == first) }
  }

  @Test func hoursPassInAnInstant() throws {
    let elapsed = try Simulation().run { clock in
      try await clock.sleep(for: .seconds(86_400))
      return clock.now.offset
    }
    #expect(elapsed == .seconds(86_400))
  }

  @Test func aCancelledSleeperWakesAtOnce() throws {
    let elapsed = try Simulation().run { clock in
      await withTaskGroup(of: Void.self) { group in
        group.addTask { try? await clock.sleep(for: .seconds(1000)) }
        await Task.yield()
        group.cancelAll()
      }
      return clock.now.offset
    }
    #expect(elapsed == .zero)
  }

  @Test func aProgramThatWaitsForNobodyIsReported() {
    #expect(throws: Simulation.Failure.stuck) {
      try Simulation().run { _ in
        let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
        for await _ in stream {}
        continuation.finish()
      }
    }
  }
}
