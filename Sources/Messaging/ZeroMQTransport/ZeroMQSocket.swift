import CZeroMQ
import Glibc
import Transport

/// One libzmq socket, made, used and closed by the thread of one `SocketLoop`.
final class ZeroMQSocket {
  enum Kind {
    case dealer, router, publisher, subscriber, admission, monitor

    fileprivate var code: Int32 {
      switch self {
      case .dealer: ZMQ_DEALER
      case .router: ZMQ_ROUTER
      case .publisher: ZMQ_PUB
      case .subscriber: ZMQ_SUB
      case .admission: ZMQ_REP
      case .monitor: ZMQ_PAIR
      }
    }
  }

  enum Sending {
    case sent
    /// No connection takes it now: there is none, or its queue is full.
    case notNow
    /// The connection that it was meant for is gone.
    case noRoute
  }

  struct Received {
    /// All parts, or what came before the first that was beyond the caps; the rest was read and not kept.
    var parts: [[UInt8]] = []
    var isWithinCaps = true
    /// What the admission handler said about the connection, if it said anything.
    var userID: String?
    /// The connection's descriptor, or -1.
    var descriptor: Int32 = -1
  }

  /// For `zmq_poll` only.
  private(set) var pointer: UnsafeMutableRawPointer?

  init(_ kind: Kind, in context: UnsafeMutableRawPointer) throws(SocketError) {
    guard let pointer = zmq_socket(context, kind.code) else { throw SocketError(ofCall: "zmq_socket") }
    self.pointer = pointer
  }

  deinit { close() }

  /// Closes the socket; safe to repeat.
  func close() {
    guard let open = pointer else { return }
    pointer = nil
    zmq_close(open)
  }

  func set(_ option: Int32, to value: Int32) throws(SocketError) {
    var value = value
    guard zmq_setsockopt(pointer, option, &value, MemoryLayout<Int32>.size) == 0 else {
      throw SocketError(ofCall: "zmq_setsockopt")
    }
  }

  func set(_ option: Int32, toLong value: Int64) throws(SocketError) {
    var value = value
    guard zmq_setsockopt(pointer, option, &value, MemoryLayout<Int64>.size) == 0 else {
      throw SocketError(ofCall: "zmq_setsockopt")
    }
  }

  func set(_ option: Int32, to bytes: [UInt8]) throws(SocketError) {
    guard zmq_setsockopt(pointer, option, bytes, bytes.count) == 0 else {
      throw SocketError(ofCall: "zmq_setsockopt")
    }
  }

  func bind(_ endpoint: String) throws(SocketError) {
    guard zmq_bind(pointer, endpoint) == 0 else { throw SocketError(ofCall: "zmq_bind") }
  }

  /// Closes an endpoint that was bound, with the connections that came by it.
  func unbind(_ endpoint: String) { zmq_unbind(pointer, endpoint) }

  func connect(_ endpoint: String) throws(SocketError) {
    guard zmq_connect(pointer, endpoint) == 0 else { throw SocketError(ofCall: "zmq_connect") }
  }

  /// The endpoint of the last `bind`, with the port that the kernel chose.
  var lastEndpoint: String {
    var text = [CChar](repeating: 0, count: 256)
    var count = text.count
    guard zmq_getsockopt(pointer, ZMQ_LAST_ENDPOINT, &text, &count) == 0 else { return "" }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Reports how this socket's connections come, prove themselves and go, at an in-process endpoint.
  func reportConnections(at endpoint: String) throws(SocketError) {
    let events =
      ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_CONNECTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED
      | ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
    guard zmq_socket_monitor(pointer, endpoint, events) == 0 else {
      throw SocketError(ofCall: "zmq_socket_monitor")
    }
  }

  /// Ends those reports, if there are any.
  func endReports() { zmq_socket_monitor(pointer, nil, 0) }

  /// Sends all parts as one message or none of them, without waiting.
  func send(_ parts: [[UInt8]]) -> Sending {
    var outcome = Sending.sent
    for (index, part) in parts.enumerated() {
      let more = index < parts.count - 1 ? ZMQ_SNDMORE : 0
      guard zmq_send(pointer, part, part.count, ZMQ_DONTWAIT | more) < 0 else { continue }
      let code = zmq_errno()
      if index == 0 { return code == EAGAIN ? .notNow : .noRoute }
      // The connection ended under the message. The library took back the parts that it had and swallows the rest,
      // which it still has to be given: it would take the next message for the rest otherwise.
      outcome = .notNow
    }
    return outcome
  }

  /// Reads one message without waiting; nil when there is none.
  ///
  /// Parts beyond `partLimit`, and parts above the frame cap, are counted out before they are copied.
  func receive(partLimit: Int) -> Received? {
    var received = Received()
    while true {
      var message = zmq_msg_t()
      zmq_msg_init(&message)
      defer { zmq_msg_close(&message) }
      guard zmq_msg_recv(&message, pointer, ZMQ_DONTWAIT) >= 0 else { return nil }
      let count = zmq_msg_size(&message)
      if received.parts.count >= partLimit || count > MessageFrames.frameByteLimit { received.isWithinCaps = false }
      if received.isWithinCaps {
        received.parts.append(Array(UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: count)))
      }
      guard zmq_msg_more(&message) == 0 else { continue }
      received.userID = zmq_msg_gets(&message, "User-Id").map { String(cString: $0) }
      received.descriptor = zmq_msg_get(&message, ZMQ_SRCFD)
      return received
    }
  }
}
