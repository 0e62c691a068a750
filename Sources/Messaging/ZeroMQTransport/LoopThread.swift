import CLinux
import Glibc
import Transport

/// The thread that a `SocketLoop` lives on.
final class LoopThread: Sendable {
  fileprivate struct State {
    var thread: pthread_t?
    var hasEnded = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  /// What the new thread is given: all it needs to make its loop, and where to say whether it could.
  fileprivate final class Birth: Sendable {
    let keys: TransportKeyPair
    let settings: ZeroMQSettings
    let mailbox: Mailbox
    let started: Handover<Void>
    let thread: LoopThread

    init(
      keys: TransportKeyPair, settings: ZeroMQSettings, mailbox: Mailbox, started: Handover<Void>, thread: LoopThread
    ) {
      self.keys = keys
      self.settings = settings
      self.mailbox = mailbox
      self.started = started
      self.thread = thread
    }
  }

  private let state = Guarded(State())

  private init() {}

  /// Starts a thread and returns once its loop can take commands.
  static func start(
    keys: TransportKeyPair, settings: ZeroMQSettings, mailbox: Mailbox
  ) async throws(TransportError) -> LoopThread {
    let thread = LoopThread()
    let started: Result<Void, TransportError> = await withCheckedContinuation { continuation in
      let birth = Birth(
        keys: keys, settings: settings, mailbox: mailbox, started: Handover(continuation: continuation), thread: thread)
      let code = thread.state.withLock { $0.create(with: Unmanaged.passRetained(birth).toOpaque()) }
      guard code != 0 else { return }
      thread.markEnded()
      continuation.resume(returning: .failure(.socket(SocketError(call: "pthread_create", code: code))))
    }
    do throws(TransportError) {
      try started.get()
      return thread
    } catch {
      await thread.join()
      throw error
    }
  }

  /// Waits for the thread to end; any number of callers may.
  func join() async {
    await withCheckedContinuation { continuation in
      let hasEnded = state.withLock { state in
        if !state.hasEnded { state.waiters.append(continuation) }
        return state.hasEnded
      }
      if hasEnded { continuation.resume() }
    }
    // The thread has nothing left to do, so this does not wait.
    if let thread = takeThread() { pthread_join(thread, nil) }
  }

  /// Leaves the thread to end by itself.
  func detach() {
    if let thread = takeThread() { pthread_detach(thread) }
  }

  private func takeThread() -> pthread_t? {
    state.withLock { state in
      defer { state.thread = nil }
      return state.thread
    }
  }

  fileprivate func markEnded() {
    let waiters = state.withLock { state in
      state.hasEnded = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  fileprivate static func live(_ birth: Birth) {
    // Signals from outside are for the thread that waits for them.
    _ = clinux_block_signals()
    do throws(SocketError) {
      let loop = try SocketLoop(keys: birth.keys, settings: birth.settings, mailbox: birth.mailbox)
      birth.started.finish(.success(()))
      loop.run()
    } catch {
      birth.started.finish(.failure(.socket(error)))
    }
    birth.thread.markEnded()
  }
}

extension LoopThread.State {
  fileprivate mutating func create(with birth: UnsafeMutableRawPointer) -> Int32 {
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { birth in
        LoopThread.live(Unmanaged<LoopThread.Birth>.fromOpaque(birth!).takeRetainedValue())
        return nil
      }, birth)
    if code == 0 { self.thread = thread } else { Unmanaged<LoopThread.Birth>.fromOpaque(birth).release() }
    return code
  }
}
