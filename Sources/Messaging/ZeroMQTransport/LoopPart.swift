import CZeroMQ

/// A socket that the loop waits on, and what to do when it is ready.
protocol LoopPart: AnyObject {
  var socket: ZeroMQSocket { get }
  /// What to wait for; nothing leaves the socket out of the wait.
  var interest: LoopEvents { get }
  func react(to events: LoopEvents, in loop: SocketLoop)
}

/// What a socket is ready for.
struct LoopEvents: OptionSet {
  let rawValue: Int16

  static let incoming = LoopEvents(rawValue: Int16(ZMQ_POLLIN))
  static let outgoing = LoopEvents(rawValue: Int16(ZMQ_POLLOUT))
}
