import CZeroMQ
import Glibc
import Transport

/// A libzmq socket without any of our manners, for sending what a node never would.
final class RawPeer {
  enum Security {
    case none
    case plain
    case curveClient(TransportKeyPair, of: TransportKey)
    case curveServer(TransportKeyPair)
  }

  private let context = zmq_ctx_new()!
  private let socket: UnsafeMutableRawPointer
  private let monitor: UnsafeMutableRawPointer

  /// - Parameter messages: Received ones that wait to be read; 0 for the library's preset.
  init(_ kind: Int32, _ security: Security, keepsAtMost messages: Int32 = 0) {
    socket = zmq_socket(context, kind)!
    monitor = zmq_socket(context, ZMQ_PAIR)!
    set(ZMQ_LINGER, 0)
    set(ZMQ_IMMEDIATE, 1)
    if messages > 0 { set(ZMQ_RCVHWM, messages) }
    switch security {
    case .none: break
    case .plain:
      zmq_setsockopt(socket, ZMQ_PLAIN_USERNAME, "admin", 5)
      zmq_setsockopt(socket, ZMQ_PLAIN_PASSWORD, "admin", 5)
    case .curveClient(let keys, let server):
      zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server.bytes, 32)
      zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys.publicKey.bytes, 32)
      zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys.secretBytes, 32)
    case .curveServer(let keys):
      set(ZMQ_CURVE_SERVER, 1)
      zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys.secretBytes, 32)
    }
    precondition(zmq_socket_monitor(socket, "inproc://events", ZMQ_EVENT_ALL) == 0)
    precondition(zmq_connect(monitor, "inproc://events") == 0)
  }

  deinit {
    zmq_close(monitor)
    zmq_close(socket)
    zmq_ctx_term(context)
  }

  private func set(_ option: Int32, _ value: Int32) {
    var value = value
    precondition(zmq_setsockopt(socket, option, &value, MemoryLayout<Int32>.size) == 0)
  }

  func connect(to endpoint: Endpoint) { precondition(zmq_connect(socket, endpoint.description) == 0) }

  func bind() -> Endpoint {
    precondition(zmq_bind(socket, "tcp://127.0.0.1:*") == 0)
    var text = [CChar](repeating: 0, count: 128)
    var count = text.count
    precondition(zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, &text, &count) == 0)
    return Endpoint(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))!
  }

  /// False when there is no connection to send by yet.
  func trySend(_ parts: [[UInt8]]) -> Bool {
    for (index, part) in parts.enumerated() {
      let more = index < parts.count - 1 ? ZMQ_SNDMORE : 0
      if zmq_send(socket, part, part.count, ZMQ_DONTWAIT | more) < 0 { return false }
    }
    return true
  }

  func tryReceive() -> [[UInt8]]? { RawPeer.receive(from: socket) }

  /// Whether one of these events came since the last time they were asked for.
  func saw(_ events: Int32) -> Bool {
    var isSeen = false
    while let message = RawPeer.receive(from: monitor) {
      let event = message[0].withUnsafeBytes { $0.loadUnaligned(as: UInt16.self) }
      isSeen = isSeen || Int32(event) & events != 0
    }
    return isSeen
  }

  private static func receive(from socket: UnsafeMutableRawPointer) -> [[UInt8]]? {
    var parts: [[UInt8]] = []
    while true {
      var message = zmq_msg_t()
      zmq_msg_init(&message)
      defer { zmq_msg_close(&message) }
      guard zmq_msg_recv(&message, socket, ZMQ_DONTWAIT) >= 0 else { return nil }
      parts.append(Array(UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: zmq_msg_size(&message))))
      if zmq_msg_more(&message) == 0 { return parts }
    }
  }
}

/// A bare TCP connection.
final class RawConnection {
  private let descriptor: Int32

  /// Whether somebody listens there.
  static func isAccepted(at endpoint: Endpoint) -> Bool {
    let connection = RawConnection(trying: endpoint)
    return connection.isConnected
  }

  private let isConnected: Bool

  convenience init(to endpoint: Endpoint) {
    self.init(trying: endpoint)
    precondition(isConnected)
  }

  private init(trying endpoint: Endpoint) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = endpoint.port!.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    self.descriptor = descriptor
    isConnected = connected == 0
  }

  deinit { Glibc.close(descriptor) }

  func send(_ bytes: [UInt8]) { _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

  /// Reads what there is; true once the other end hung up.
  func isHungUp() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count > 0 { continue }
      return count == 0 || (errno != EAGAIN && errno != EINTR)
    }
  }
}
