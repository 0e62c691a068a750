import CLinux
import CZeroMQ
import Glibc
import Transport

/// Watches the connections of one socket: how their handshakes end, and how much each has sent without a whole message.
///
/// libzmq hands over a message only when its last part is there, and counts messages, not bytes, against the high-water
/// mark. A peer could therefore make it keep parts without end. The kernel knows how many bytes a connection brought;
/// one that brought too many since its last message is cut, which frees what was kept.
final class ConnectionWatch: LoopPart {
  enum Handshake {
    case succeeded
    /// The other end knows our key and does not admit it.
    case refused
  }

  let socket: ZeroMQSocket
  private let watched: ZeroMQSocket
  private let report: (Handshake, SocketLoop) -> Void
  /// Where the connections of a bound socket are counted; nil for one that dials.
  private let tally: ConnectionTally?
  /// By descriptor: the bytes that had come when its last message was handed over.
  private var connections: [Int32: Int64] = [:]
  /// Whether the loop should wake up for an event, rather than look at the next inspection.
  var isUrgent: Bool

  init(
    _ watched: ZeroMQSocket, in loop: SocketLoop, isUrgent: Bool, tally: ConnectionTally? = nil,
    report: @escaping (Handshake, SocketLoop) -> Void = { _, _ in }
  ) throws(SocketError) {
    let endpoint = "inproc://connections-\(loop.nextSerial())"
    self.watched = watched
    self.isUrgent = isUrgent
    self.tally = tally
    self.report = report
    socket = try ZeroMQSocket(.monitor, in: loop.context)
    try socket.set(ZMQ_LINGER, to: 0)
    // An event lost to a full queue would leave a connection unwatched.
    try socket.set(ZMQ_RCVHWM, to: 0)
    try watched.reportConnections(at: endpoint)
    try socket.connect(endpoint)
  }

  var interest: LoopEvents { isUrgent ? .incoming : [] }
  var hasConnections: Bool { !connections.isEmpty }

  func react(to events: LoopEvents, in loop: SocketLoop) { readEvents(in: loop) }

  /// Notes that a whole message came by that connection.
  func messageCame(by descriptor: Int32) {
    guard connections[descriptor] != nil, let bytes = ConnectionWatch.bytesReceived(by: descriptor) else { return }
    connections[descriptor] = bytes
  }

  /// Cuts connections that brought more than `byteLimit` since their last whole message.
  func inspect(byteLimit: Int64, in loop: SocketLoop) {
    readEvents(in: loop)
    for (descriptor, delivered) in connections {
      guard let bytes = ConnectionWatch.bytesReceived(by: descriptor), bytes - delivered > byteLimit else { continue }
      forget(descriptor)
      // The library reports a connection's end before it closes the descriptor, and the reports have just been read:
      // the number still belongs to this connection but for the instant in between.
      shutdown(descriptor, Int32(SHUT_RDWR))
    }
  }

  func stop() {
    guard socket.pointer != nil else { return }
    if watched.pointer != nil { watched.endReports() }
    socket.close()
    tally?.closed(connections.count)
    connections = [:]
  }

  private func forget(_ descriptor: Int32) {
    if connections.removeValue(forKey: descriptor) != nil { tally?.closed() }
  }

  private func readEvents(in loop: SocketLoop) {
    // An event is its number (2 bytes) and a value (4 bytes) in the machine's order, then the endpoint.
    while socket.pointer != nil, let message = socket.receive(partLimit: 2) {
      guard let event = message.parts.first, event.count == 6 else { continue }
      let (number, value) = event.withUnsafeBytes {
        ($0.loadUnaligned(as: UInt16.self), $0.loadUnaligned(fromByteOffset: 2, as: Int32.self))
      }
      switch Int32(number) {
      case ZMQ_EVENT_ACCEPTED, ZMQ_EVENT_CONNECTED:
        if connections.updateValue(0, forKey: value) == nil { tally?.opened() }
      case ZMQ_EVENT_DISCONNECTED, ZMQ_EVENT_CLOSED: forget(value)
      case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        tally?.shook(successfully: true)
        report(.succeeded, loop)
      case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        tally?.shook(successfully: false)
        report(.refused, loop)
      case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL, ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        tally?.shook(successfully: false)
      default: break  // Anything else is tried again until the deadline.
      }
    }
  }

  private static func bytesReceived(by descriptor: Int32) -> Int64? {
    let bytes = clinux_tcp_bytes_received(descriptor)
    return bytes < 0 ? nil : bytes
  }
}
