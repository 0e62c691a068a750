import Daemon
import Glibc
import Synchronization
import Testing

/// Runs a test, or each test of a suite, on threads that are not the cooperative pool's.
///
/// A simulation computes for seconds without a pause. On the pool, which has one thread a core, a few of them would stop
/// every other test of the process: those that wait for real processes would find their deadlines over.
struct AwayFromThePool: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func scopeProvider(for test: Test, testCase: Test.Case?) -> AwayFromThePool? { testCase == nil ? nil : self }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(ComputingThreads.shared) { try await function() }
  }
}

extension Trait where Self == AwayFromThePool {
  static var awayFromThePool: Self { AwayFromThePool() }
}

/// A thread a core, for tests that compute; they live as long as the process.
private final class ComputingThreads: TaskExecutor {
  static let shared = ComputingThreads()

  private let jobs = Mutex<[UnownedJob]>([])
  private let arrival: Semaphore

  private init() {
    arrival = Semaphore()
    let count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    for number in 1...count {
      let isStarted = startThread("compute \(number)") { self.work() }
      precondition(isStarted, "no thread is left for tests that compute")
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    arrival.signal()
  }

  private func work() -> Never {
    while true {
      arrival.wait()
      let job = jobs.withLock { $0.removeFirst() }
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}

/// A POSIX semaphore, which threads wait for.
private final class Semaphore: @unchecked Sendable {
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() { sem_init(semaphore, 0, 0) }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func signal() { sem_post(semaphore) }

  func wait() {
    while sem_wait(semaphore) != 0 {}
  }
}
