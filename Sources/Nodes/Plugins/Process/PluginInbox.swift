import CLinux
import Daemon
import Glibc
import Synchronization

/// What reaches the thread of a plugin from everybody else.
final class PluginInbox: Sendable {
  enum Message: Sendable {
    case call(PluginCall)
    case cancel(UInt64)
    /// To be given to the program after each restart.
    case keep([UInt8])
    /// The next restart is as quick as the first.
    case forgive
    /// Answered with how the process ended by itself; nil when it did not.
    case stop(CheckedContinuation<Daemon.ExitStatus?, Never>?)
  }

  private struct State {
    var messages: [Message] = []
    var isClosed = false
    var nextID = PluginInbox.firstID
  }

  /// Smaller ids belong to the thread's own requests.
  static let firstID: UInt64 = 16

  private let state = Mutex(State())
  /// Readable when something has come.
  let wakeUp: Int32

  init() {
    wakeUp = clinux_eventfd()
    precondition(wakeUp >= 0, "no descriptor is left for a plugin")
  }

  deinit { Glibc.close(wakeUp) }

  func newID() -> UInt64 {
    state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
  }

  /// False when nobody reads any more.
  func send(_ message: Message) -> Bool {
    let isOpen = state.withLock { state in
      if !state.isClosed { state.messages.append(message) }
      return !state.isClosed
    }
    var one: UInt64 = 1
    if isOpen { _ = write(wakeUp, &one, 8) }
    return isOpen
  }

  func takeAll() -> [Message] {
    var count: UInt64 = 0
    _ = read(wakeUp, &count, 8)
    return state.withLock { state in
      defer { state.messages = [] }
      return state.messages
    }
  }

  /// Takes what is left; nothing comes after it.
  func close() -> [Message] {
    state.withLock { state in
      defer { state.messages = [] }
      state.isClosed = true
      return state.messages
    }
  }
}
