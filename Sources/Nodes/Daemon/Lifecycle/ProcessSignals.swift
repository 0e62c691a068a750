import CLinux
import Glibc

/// SIGTERM and SIGINT as a stream: the first asks for a clean end, the second ends the process at once.
package enum ProcessSignals {
  /// Takes over both signals for the rest of the process's life; call once.
  ///
  /// - Parameter grace: After the first signal the process has so long to end before it is ended with code 1.
  package static func stops(grace: Duration = .seconds(10)) -> AsyncStream<Int32> {
    let (stream, continuation) = AsyncStream<Int32>.makeStream(bufferingPolicy: .bufferingOldest(1))
    var ends: [Int32] = [-1, -1]
    let isOpen = clinux_pipe(&ends) == 0 && clinux_send_stop_signals_to(ends[1]) == 0
    precondition(isOpen, "no descriptor is left for the stop signals")
    let source = ends[0]
    let isStarted = startThread("signals") {
      continuation.yield(nextSignal(from: source))
      var query = pollfd(fd: source, events: Int16(POLLIN), revents: 0)
      var count: Int32
      repeat {
        count = poll(&query, 1, Int32(clamping: grace.wholeMilliseconds))
      } while count < 0 && errno == EINTR
      if count > 0 { _exit(128 + nextSignal(from: source)) }
      writeAll(Array("not everything ended in time after the signal: leaving\n".utf8), to: STDERR_FILENO)
      _exit(ExitCode.failed.rawValue)
    }
    precondition(isStarted, "no thread is left for the stop signals")
    return stream
  }

  private static func nextSignal(from descriptor: Int32) -> Int32 {
    var number: UInt8 = 0
    while read(descriptor, &number, 1) != 1 {}
    return Int32(number)
  }
}
