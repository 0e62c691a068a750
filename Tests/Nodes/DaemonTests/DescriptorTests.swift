import Daemon
import Glibc
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(20))) struct DescriptorTests {
  @Test func openFilesAreCounted() async {
    await #expect(processExitsWith: .exitCode(0)) {
      // Other threads of the process open files too, so it may take more than one look.
      for _ in 0..<1000 {
        guard let before = Descriptors.now() else { exit(2) }
        let files = (0..<20).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
        let after = Descriptors.now()
        files.forEach { close($0) }
        let end = Descriptors.now()
        if after?.open == before.open + 20, end?.open == before.open, before.limit > 0 { exit(0) }
      }
      exit(3)
    }
  }

  @Test(arguments: [(0, 100, false), (80, 100, false), (81, 100, true), (1024, 1024, true)])
  func moreThanFourFifthsAreScarce(open: Int, limit: Int, isScarce: Bool) {
    #expect(Descriptors(open: open, limit: limit).areScarce == isScarce)
  }

  /// What the watch reads, look by look, and what it did.
  private final class Script: Sendable {
    let looks: Mutex<[Int]>
    let pauses = Mutex(0)
    init(_ looks: [Int]) { self.looks = Mutex(looks) }
  }

  @Test func scarcityIsToldOnceAndRelievedAtEveryLook() async throws {
    let script = Script([10, 90, 95, 90, 20, 85])
    let log = RecordedLog()
    let watch = DescriptorWatch(
      clock: ImpatientClock(), logger: Logger(name: "test", to: log),
      read: {
        script.looks.withLock { looks in looks.isEmpty ? nil : Descriptors(open: looks.removeFirst(), limit: 100) }
      }, relieve: { _ in script.pauses.withLock { $0 += 1 } })
    let running = Task { try await watch.run() }
    while !script.looks.withLock({ $0.isEmpty }) { await Task.yield() }
    running.cancel()
    await #expect(throws: CancellationError.self) { try await running.value }
    #expect(script.pauses.withLock { $0 } == 4)
    #expect(log.lines.filter { $0.contains("descriptors run out") }.count == 2)
  }
}

/// A clock on which every sleep is over at once.
private struct ImpatientClock: Clock {
  typealias Instant = ContinuousClock.Instant
  var now: Instant { ContinuousClock().now }
  var minimumResolution: Duration { .nanoseconds(1) }
  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    await Task.yield()
  }
}
