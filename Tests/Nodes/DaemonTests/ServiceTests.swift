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

@Suite(.timeLimit(.minutes(20))) struct ServiceTests {
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
      let signals = ProcessSignals.stops(grace: .seconds(600))
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

  @Test func aTrapIsHeardInThreadsOfOurOwnAndInThoseTheyStart() async throws {
    let folder = TemporaryFolder()
    await #expect(processExitsWith: .exitCode(70)) { [path = folder.path + "/note" as String] in
      try TrapNote.keep(in: path, exitCode: .invariantBroken)
      let isStarted = startThread("outer") {
        var thread = pthread_t()
        // Not ours, as the workers of the runtime are not: it has its mask from the thread that needed it.
        pthread_create(
          &thread, nil,
          { _ in
            TrapNote.begin([1, 2, 3])
            raise(SIGILL)
            exit(4)
          }, nil)
      }
      guard isStarted else { exit(3) }
      while true { sleep(1) }
    }
    #expect(try AtomicFile(folder.path + "/note").read(limit: 8) == [1, 2, 3])
  }

  @Test func withoutHomeTheUserDatabaseNamesTheFolder() async {
    await #expect(processExitsWith: .exitCode(0)) {
      setenv("HOME", "/somewhere", 1)
      guard homeFolder() == "/somewhere" else { exit(3) }
      unsetenv("HOME")
      exit(getpwuid(geteuid()) == nil || homeFolder() == String(cString: getpwuid(geteuid()).pointee.pw_dir) ? 0 : 4)
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
