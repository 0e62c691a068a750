import Glibc

/// A value that one thread at a time may touch.
///
/// It stands on a pthread mutex rather than on `Synchronization.Mutex`, which the thread sanitizer does not see through:
/// it would report every use as a race, and hide the real ones.
package final class Guarded<Value: Sendable>: @unchecked Sendable {
  // Sendable because `value` is only touched between lock and unlock of `mutex`.
  private var value: Value
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  package init(_ value: Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` with the value to itself; `body` must not ask for it again.
  package func withLock<Output, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Output
  ) throws(Failure) -> Output {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
