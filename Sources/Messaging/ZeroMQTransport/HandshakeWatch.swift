import CZeroMQ
import Transport

/// Watches one dialling socket for how its handshakes end.
///
/// It lives only while something waits for that connection, since it costs two sockets.
final class HandshakeWatch: LoopPart {
  enum Outcome {
    case succeeded
    /// The other end knows our key and does not admit it.
    case refused
  }

  let socket: ZeroMQSocket
  let interest = LoopEvents.incoming
  private let watched: ZeroMQSocket
  private let report: (Outcome, SocketLoop) -> Void

  init(
    _ watched: ZeroMQSocket, in loop: SocketLoop, report: @escaping (Outcome, SocketLoop) -> Void
  ) throws(SocketError) {
    let endpoint = "inproc://handshakes-\(loop.nextSerial())"
    self.watched = watched
    self.report = report
    socket = try ZeroMQSocket(.monitor, in: loop.context)
    try socket.set(ZMQ_LINGER, to: 0)
    try watched.reportHandshakes(at: endpoint)
    try socket.connect(endpoint)
  }

  func react(to events: LoopEvents, in loop: SocketLoop) {
    // An event is its number (2 bytes) and a value (4 bytes) in the machine's order, then the endpoint.
    while socket.pointer != nil, case .message(let message) = socket.receive(partLimit: 2) {
      guard let event = message.parts.first, event.count == 6 else { continue }
      switch Int32(event.withUnsafeBytes { $0.loadUnaligned(as: UInt16.self) }) {
      case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: report(.succeeded, loop)
      case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: report(.refused, loop)
      default: break  // Anything else is tried again until the deadline.
      }
    }
  }

  func stop() {
    guard socket.pointer != nil else { return }
    if watched.pointer != nil {
      do { try watched.reportHandshakes(at: nil) } catch {
        // Only a socket without reports refuses this, and then there is nothing to stop.
      }
    }
    socket.close()
  }
}
