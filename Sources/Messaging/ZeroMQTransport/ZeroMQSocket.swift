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

  enum Receiving {
    case message(ReceivedParts)
    /// Beyond the caps; read to its end and not kept. `head` is its first part.
    case refused(head: [UInt8])
    case nothing
  }

  struct ReceivedParts {
    var parts: [[UInt8]]
    /// What the admission handler said about the connection, if it said anything.
    var userID: String?
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

  /// Reports this socket's handshakes at an in-process endpoint, or nowhere any more.
  func reportHandshakes(at endpoint: String?) throws(SocketError) {
    let events =
      ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL
      | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
    guard zmq_socket_monitor(pointer, endpoint, endpoint == nil ? 0 : events) == 0 else {
      throw SocketError(ofCall: "zmq_socket_monitor")
    }
  }

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

  /// Reads one message without waiting; more than `partLimit` parts, or one above the frame cap, is refused.
  func receive(partLimit: Int) -> Receiving {
    var parts: [[UInt8]] = []
    var userID: String?
    var isWithinCaps = true
    while true {
      var message = zmq_msg_t()
      zmq_msg_init(&message)
      defer { zmq_msg_close(&message) }
      guard zmq_msg_recv(&message, pointer, ZMQ_DONTWAIT) >= 0 else { return .nothing }
      let count = zmq_msg_size(&message)
      isWithinCaps = isWithinCaps && parts.count < partLimit && count <= MessageFrames.frameByteLimit
      if isWithinCaps {
        parts.append(Array(UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: count)))
        if userID == nil { userID = zmq_msg_gets(&message, "User-Id").map { String(cString: $0) } }
      }
      if zmq_msg_more(&message) == 0 { break }
    }
    return isWithinCaps ? .message(ReceivedParts(parts: parts, userID: userID)) : .refused(head: parts.first ?? [])
  }
}
