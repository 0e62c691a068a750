import CZeroMQ
import Transport

extension SocketError {
  /// The library's last error on this thread, to be read right after the call that failed.
  init(ofCall call: String) {
    self.init(call: call, code: zmq_errno())
  }

  init(call: String, code: Int32) {
    self.init(call: call, code: code, text: zmq_strerror(code).map { String(cString: $0) } ?? "unknown")
  }
}
