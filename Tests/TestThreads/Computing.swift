import Daemon
import Dispatch
import Glibc
import Synchronization
package import Testing

/// Runs the tests of a suite on threads that only such suites use.
///
/// All tests share as many threads as the machine has cores. A test that computes for seconds without waiting keeps one of
/// them, and two such tests at once stop every deadline of those that run beside them.
package struct Computing: SuiteTrait, TestTrait, TestScoping {
  package let isRecursive = true

  package func scopeProvider(for test: Test, testCase: Test.Case?) -> Computing? { testCase == nil ? nil : self }

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(ComputingThreads.shared) { try await function() }
  }
}

extension Trait where Self == Computing {
  /// For suites whose tests compute much and wait little.
  package static var computing: Computing { Computing() }
}

/// As many threads again as the machine has cores, with one queue.
private final class ComputingThreads: TaskExecutor {
  static let shared = ComputingThreads()

  private let jobs = Mutex<[UnownedJob]>([])
  private let arrivals = DispatchSemaphore(value: 0)

  private init() {
    for _ in 0..<max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))) {
      precondition(startThread("computing", { self.run() }), "Tests that compute need a thread.")
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    arrivals.signal()
  }

  private func run() {
    while true {
      arrivals.wait()
      let job = jobs.withLock { $0.removeFirst() }
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
