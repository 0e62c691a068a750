import Daemon
import Glibc
package import Keys
import Synchronization

/// One thread for each processor that does nothing but verify signatures, and gives way to whatever makes blocks.
///
/// A signature takes longer than all else that is done about an extrinsic. On threads of their own, of less weight for
/// the kernel's scheduler, they take what processor time is left, and a block that is due waits for none of them.
/// `@unchecked Sendable`: the semaphore may be used from all threads; everything else is constant or locked.
package final class VerificationThreads: @unchecked Sendable {
  /// Steps by which the kernel prefers other threads, on its scale of 19: a third of their share.
  private static let niceness: Int32 = 5
  /// Signatures that a thread takes at a time: about a millisecond.
  private static let chunk = 32

  private let queue: Queue

  /// Starts the threads; they end with this object, after what waits.
  package init() {
    let count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let queue = Queue(threads: count)
    for number in 0..<count {
      let isStarted = startThread("verify-\(number)") {
        // On Linux this is about the calling thread alone. Refused, it verifies all the same.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, VerificationThreads.niceness)
        queue.work()
      }
      precondition(isStarted, "no thread is left for verification")
    }
    self.queue = queue
  }

  deinit { queue.stop() }

  /// One verdict per check, in the order of `checks`.
  package func verify(_ checks: [SignatureCheck]) async -> [Bool] {
    if checks.isEmpty { return [] }
    return await withCheckedContinuation { continuation in
      let batch = Batch(checks, continuation)
      queue.add(
        stride(from: 0, to: checks.count, by: VerificationThreads.chunk).map { start in
          Chunk(batch: batch, places: start..<min(start + VerificationThreads.chunk, checks.count))
        })
    }
  }

  /// Checks that came together, and are answered together.
  private final class Batch: Sendable {
    let checks: [SignatureCheck]
    private let continuation: CheckedContinuation<[Bool], Never>
    private let state: Mutex<(verdicts: [Bool], left: Int)>

    init(_ checks: [SignatureCheck], _ continuation: CheckedContinuation<[Bool], Never>) {
      self.checks = checks
      self.continuation = continuation
      state = Mutex(([Bool](repeating: false, count: checks.count), checks.count))
    }

    func verify(_ places: Range<Int>) {
      let verdicts = checks[places].map(\.isValid)
      let all = state.withLock { state -> [Bool]? in
        state.verdicts.replaceSubrange(places, with: verdicts)
        state.left -= places.count
        return state.left == 0 ? state.verdicts : nil
      }
      if let all { continuation.resume(returning: all) }
    }
  }

  private struct Chunk: Sendable {
    let batch: Batch
    let places: Range<Int>
  }

  /// Chunks on their way to the threads, first come, first served; bounded by those who send.
  private final class Queue: @unchecked Sendable {
    private struct State {
      var chunks: [Chunk] = []
      var next = 0
      var isStopping = false
    }

    private let threads: Int
    private let state = Mutex(State())
    private let ready = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init(threads: Int) {
      self.threads = threads
      sem_init(ready, 0, 0)
    }

    deinit {
      sem_destroy(ready)
      ready.deallocate()
    }

    func add(_ chunks: [Chunk]) {
      state.withLock { $0.chunks += chunks }
      for _ in chunks { sem_post(ready) }
    }

    func stop() {
      state.withLock { $0.isStopping = true }
      for _ in 0..<threads { sem_post(ready) }
    }

    func work() {
      while true {
        while sem_wait(ready) != 0 {}
        let (chunk, isStopping) = state.withLock { state -> (Chunk?, Bool) in
          guard state.next < state.chunks.count else { return (nil, state.isStopping) }
          defer {
            state.next += 1
            if state.next == state.chunks.count || state.next >= 1024 {
              state.chunks.removeFirst(state.next)
              state.next = 0
            }
          }
          return (state.chunks[state.next], false)
        }
        if let chunk { chunk.batch.verify(chunk.places) } else if isStopping { return }
      }
    }
  }
}
