import Daemon
import Glibc
import Synchronization
import Testing

/// Runs each test of a suite on one thread, where time passes only while nobody has anything to do.
///
/// Every task of the test, its children and its actors take turns in the order they became ready; when all wait, the
/// clock jumps to the earliest sleeper. The same test then does the same each time, however busy the machine is.
struct VirtualTime: SuiteTrait, TestTrait, TestScoping {
  @TaskLocal static var executor: TurnExecutor?

  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await function() }
    let executor = TurnExecutor()
    executor.start()
    defer { executor.stop() }
    try await VirtualTime.$executor.withValue(executor) {
      try await withTaskExecutorPreference(executor) { try await function() }
    }
  }
}

extension Trait where Self == VirtualTime {
  static var virtualTime: VirtualTime { VirtualTime() }
}

/// One thread that runs jobs in turn and moves the clocks when there is none.
///
/// Unchecked: `lock` guards all that changes.
final class TurnExecutor: TaskExecutor, @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var jobs: [UnownedJob] = []
  private var clocks: [TestClock] = []
  private var isStopped = false

  init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(wakeUp, nil)
  }

  deinit {
    pthread_cond_destroy(wakeUp)
    pthread_mutex_destroy(lock)
    wakeUp.deallocate()
    lock.deallocate()
  }

  func start() {
    let isStarted = startThread("virtual time") { [self] in run() }
    precondition(isStarted, "no thread is left for the test")
  }

  func stop() {
    locked {
      isStopped = true
      clocks = []
    }
  }

  /// Moves that clock whenever nobody has anything to do.
  func drive(_ clock: TestClock) { locked { clocks.append(clock) } }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    locked { jobs.append(job) }
  }

  private func locked(_ body: () -> Void) {
    pthread_mutex_lock(lock)
    body()
    pthread_cond_signal(wakeUp)
    pthread_mutex_unlock(lock)
  }

  private func run() {
    while let turn = nextTurn() {
      switch turn {
      case .job(let job): job.runSynchronously(on: asUnownedTaskExecutor())
      case .idle(let clocks):
        // With nobody asleep either, the next job comes from outside.
        if !clocks.reversed().contains(where: { $0.jump() }) { sched_yield() }
      }
    }
  }

  private enum Turn {
    case job(UnownedJob)
    case idle([TestClock])
  }

  private func nextTurn() -> Turn? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while jobs.isEmpty, clocks.isEmpty, !isStopped { pthread_cond_wait(wakeUp, lock) }
    guard jobs.isEmpty else { return .job(jobs.removeFirst()) }
    return isStopped ? nil : .idle(clocks)
  }
}
