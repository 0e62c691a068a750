import CLinux
import Glibc
import Synchronization

/// The one thread that starts, reads, kills and collects all children of this process.
///
/// It never ends: a child that follows its launcher's death follows the death of the *thread* that spawned it.
final class ProcessAttendant: Sendable {
  static let shared = ProcessAttendant()

  private enum Request: Sendable {
    case start(ChildCommand, CheckedContinuation<Result<ChildProcess, LaunchError>, Never>)
    case kill(ChildProcess, at: ContinuousClock.Instant)
  }

  private let inbox = Mutex<[Request]>([])
  private let wakeUp = clinux_eventfd()

  private init() {
    precondition(wakeUp >= 0, "no descriptor is left for the process attendant")
    let isStarted = startThread("children") { self.attend() }
    precondition(isStarted, "no thread is left for the process attendant")
  }

  func start(_ command: ChildCommand) async throws(LaunchError) -> ChildProcess {
    let result = await withCheckedContinuation { continuation in send(.start(command, continuation)) }
    return try result.get()
  }

  func kill(_ child: ChildProcess, at instant: ContinuousClock.Instant) { send(.kill(child, at: instant)) }

  private func send(_ request: Request) {
    inbox.withLock { $0.append(request) }
    var one: UInt64 = 1
    _ = write(wakeUp, &one, 8)
  }

  // MARK: On the thread

  private func attend() -> Never {
    var attended: [AttendedChild] = []
    while true {
      var queries = [pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0)]
      for child in attended {
        queries.append(pollfd(fd: child.processDescriptor, events: Int16(POLLIN), revents: 0))
        // A negative descriptor is passed over.
        queries.append(pollfd(fd: child.pipe, events: Int16(POLLIN), revents: 0))
      }
      _ = poll(&queries, nfds_t(queries.count), pollTimeout(attended))
      var count: UInt64 = 0
      if queries[0].revents != 0 { _ = read(wakeUp, &count, 8) }
      for index in attended.indices {
        if queries[2 + 2 * index].revents != 0 { attended[index].readLines() }
        if queries[1 + 2 * index].revents != 0 { attended[index].end() }
      }
      attended.removeAll { $0.hasEnded }
      let now = ContinuousClock.now
      for index in attended.indices where attended[index].killAt.map({ $0 <= now }) ?? false {
        attended[index].child.send(SIGKILL)
        attended[index].killAt = nil
      }
      for request in inbox.withLock({ requests in takeAll(&requests) }) {
        switch request {
        case .start(let command, let continuation):
          let result = spawn(command)
          if case .success(let child) = result { attended.append(child) }
          continuation.resume(returning: result.map(\.child))
        case .kill(let child, let instant):
          if let index = attended.firstIndex(where: { $0.child === child }) { attended[index].killAt = instant }
        }
      }
    }
  }

  /// Milliseconds until the next child is to be killed, rounded up; -1 without one.
  private func pollTimeout(_ attended: [AttendedChild]) -> Int32 {
    guard let next = attended.compactMap(\.killAt).min() else { return -1 }
    return Int32(clamping: max(0, (next - .now).wholeMilliseconds) + 1)
  }
}

/// One child as the attendant sees it.
struct AttendedChild {
  static let lineByteLimit = 64 * 1024

  let child: ChildProcess
  let processDescriptor: Int32
  /// The reading end of its standard output; -1 when there is none (any more).
  var pipe: Int32
  let continuation: AsyncStream<String>.Continuation
  var killAt: ContinuousClock.Instant?
  var hasEnded = false
  private var partial: [UInt8] = []

  init(
    child: ChildProcess, processDescriptor: Int32, pipe: Int32, continuation: AsyncStream<String>.Continuation
  ) {
    self.child = child
    self.processDescriptor = processDescriptor
    self.pipe = pipe
    self.continuation = continuation
  }

  /// Takes in what the pipe holds now.
  mutating func readLines() {
    var chunk = [UInt8](repeating: 0, count: 16 * 1024)
    while pipe >= 0 {
      let count = chunk.withUnsafeMutableBytes { read(pipe, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      guard count > 0 else { return closePipe() }
      for byte in chunk[..<count] {
        if byte == UInt8(ascii: "\n") {
          yieldPartial()
        } else {
          partial.append(byte)
          if partial.count == AttendedChild.lineByteLimit { yieldPartial() }
        }
      }
    }
  }

  mutating func end() {
    // Lines first: whoever waits for the end finds them all.
    readLines()
    closePipe()
    child.collect()
    close(processDescriptor)
    hasEnded = true
  }

  private mutating func closePipe() {
    if pipe >= 0 { close(pipe) }
    pipe = -1
    if !partial.isEmpty { yieldPartial() }
    continuation.finish()
  }

  private mutating func yieldPartial() {
    continuation.yield(String(decoding: partial, as: UTF8.self))
    partial.removeAll(keepingCapacity: true)
  }
}

private func takeAll<Element>(_ elements: inout [Element]) -> [Element] {
  defer { elements = [] }
  return elements
}
