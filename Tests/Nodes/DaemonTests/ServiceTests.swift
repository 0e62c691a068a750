import Daemon
import Glibc
import Synchronization
import Testing

/// Runs until cancelled, and counts how often it ended.
private final class Patient: Service {
  let ends = Mutex(0)

  func run() async throws {
    defer { ends.withLock { $0 += 1 } }
    let (stream, _) = AsyncStream<Int>.makeStream()
    for await _ in stream {}
    try Task.checkCancellation()
  }
}

private struct Scripted: Service {
  let body: @Sendable () async throws -> Void
  func run() async throws { try await body() }
}

/// A thread inherits its mask, and where a fault is blocked the kernel ends the process without asking its handler: a
/// worker of the runtime that our threads started would then die of a trap without leaving its note.
@Test func aThreadOfOurOwnBlocksSignalsFromOutsideButNoFaults() async {
  let blocked = await withCheckedContinuation { continuation in
    let isStarted = startThread("signals") {
      var mask = sigset_t()
      pthread_sigmask(SIG_BLOCK, nil, &mask)
      continuation.resume(
        returning: [SIGTERM, SIGINT, SIGHUP, SIGILL, SIGTRAP, SIGSEGV, SIGBUS].filter { sigismember(&mask, $0) == 1 })
    }
    if !isStarted { continuation.resume(returning: []) }
  }
  #expect(blocked == [SIGTERM, SIGINT, SIGHUP])
}

@Suite(.timeLimit(.minutes(1))) struct ServiceTests {
  struct Failure: Error, Equatable {}

  @Test func aSignalCancelsEveryServiceAndWaitsForIt() async throws {
    let services = [Patient(), Patient()]
    let (signals, continuation) = AsyncStream<Int32>.makeStream()
    continuation.yield(SIGTERM)
    #expect(try await runServices(services, stopOn: signals) == .signalled(SIGTERM))
    #expect(services.map { $0.ends.withLock { $0 } } == [1, 1])
  }

  @Test func aFailureEndsTheOthersAndIsThrown() async {
    let patient = Patient()
    let (signals, _) = AsyncStream<Int32>.makeStream()
    await #expect(throws: Failure()) {
      try await runServices([patient, Scripted { throw Failure() }], stopOn: signals)
    }
    #expect(patient.ends.withLock { $0 } == 1)
  }

  @Test func aFailureWhileStoppingIsNotLost() async {
    let (signals, continuation) = AsyncStream<Int32>.makeStream()
    continuation.yield(SIGINT)
    let patient = Patient()
    await #expect(throws: Failure()) {
      let failing = Scripted {
        try? await patient.run()
        throw Failure()
      }
      return try await runServices([failing], stopOn: signals)
    }
  }

  @Test func servicesThatReturnLeaveTheOthersRunningUntilAllHave() async throws {
    let (signals, _) = AsyncStream<Int32>.makeStream()
    let (handOver, continuation) = AsyncStream<Int>.makeStream()
    let count = Mutex(0)
    let ending = try await runServices(
      [
        Scripted { continuation.yield(1) },
        Scripted {
          for await value in handOver {
            count.withLock { $0 += value }
            return
          }
        },
      ], stopOn: signals)
    #expect(ending == .finished)
    #expect(count.withLock { $0 } == 1)
  }

  @Test func cancellingTheTaskAroundThemIsACleanEnd() async throws {
    let patient = Patient()
    let (signals, _) = AsyncStream<Int32>.makeStream()
    let task = Task { try await runServices([patient], stopOn: signals) }
    task.cancel()
    #expect(try await task.value == .cancelled)
    #expect(patient.ends.withLock { $0 } == 1)
  }

  @Test func theFirstSignalIsAnnouncedAndTheSecondEndsTheProcess() async {
    await #expect(processExitsWith: .exitCode(128 + 15)) {
      let signals = ProcessSignals.stops()
      kill(getpid(), SIGINT)
      for await number in signals {
        guard number == SIGINT else { exit(3) }
        kill(getpid(), SIGTERM)
      }
    }
  }

  @Test func aProcessThatDoesNotEndInItsGraceIsEnded() async {
    await #expect(processExitsWith: .exitCode(1)) {
      let signals = ProcessSignals.stops(grace: .milliseconds(20))
      kill(getpid(), SIGTERM)
      for await _ in signals {}
    }
  }

  @Test func aChildWhoseLauncherIsGoneEndsAtOnce() async {
    await #expect(processExitsWith: .exitCode(1)) {
      setenv("SUBNETKIT_PARENT_PROCESS", "1073741824", 1)
      dieWithParent()
      exit(0)
    }
    await #expect(processExitsWith: .exitCode(0)) {
      setenv("SUBNETKIT_PARENT_PROCESS", String(getppid()), 1)
      dieWithParent()
      exit(getenv("SUBNETKIT_PARENT_PROCESS") == nil ? 0 : 4)
    }
  }

  @Test func aBrokenPipeDoesNotEndAProcessThatIsSetUp() async {
    await #expect(processExitsWith: .exitCode(0)) {
      setUpProcess()
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { exit(3) }
      close(ends[0])
      exit(writeAll([1], to: ends[1]) ? 4 : 0)
    }
  }
}
