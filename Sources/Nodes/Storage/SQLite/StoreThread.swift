import Daemon
import Glibc
import Synchronization

/// The thread that an actor's calls run on, so that a slow disk holds up nobody else.
final class StoreThread: SerialExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    var isStopping = false
  }
  private let state = Mutex(State())
  private let thread = Atomic<UInt>(0)
  // A semaphore may be used from all threads; it needs a place that does not move, and is freed last of all.
  nonisolated(unsafe) private let ready = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init(name: String) {
    sem_init(ready, 0, 0)
    let isStarted = startThread(name) {
      self.thread.store(UInt(pthread_self()), ordering: .releasing)
      self.work()
    }
    precondition(isStarted, "no thread is left for \(name)")
  }

  deinit {
    sem_destroy(ready)
    ready.deallocate()
  }

  /// Ends the thread after the calls that are already waiting; call once, when the actor is gone.
  func stop() {
    state.withLock { $0.isStopping = true }
    sem_post(ready)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.jobs.append(job) }
    sem_post(ready)
  }

  func checkIsolated() {
    precondition(thread.load(ordering: .acquiring) == UInt(pthread_self()), "called on another thread than the store's")
  }

  private func work() {
    while true {
      while sem_wait(ready) != 0 {}
      let (jobs, isStopping) = state.withLock { state in
        defer { state.jobs = [] }
        return (state.jobs, state.isStopping)
      }
      for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
      if isStopping, jobs.isEmpty { return }
    }
  }
}
