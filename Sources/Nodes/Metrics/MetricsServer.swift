import CMicroHTTPD
import Glibc
import Synchronization

/// What a page of a metrics server says.
package struct MetricsPage: Sendable {
  package let status: UInt32
  package let body: String

  package init(status: UInt32 = 200, _ body: String) {
    self.status = status
    self.body = body
  }
}

/// Why no metrics are served: the call, and the system's reason.
package struct MetricsServerError: Error, Hashable, CustomStringConvertible {
  package let call: String
  package let code: Int32

  package var description: String {
    "metrics: \(call): \(String(cString: strerror(code))); take another --metrics-port, or 0 for a free one"
  }
}

/// Serves text pages to local readers over HTTP, on one thread of its own.
///
/// Bound to 127.0.0.1: what it shows is for the operator of this machine. Bounded in connections and in time; nothing
/// but GET and HEAD is answered. Ends with `stop`, or when released.
///
/// `@unchecked Sendable`: the library's daemon may be stopped from any thread, which the mutex makes happen once.
package final class MetricsServer: @unchecked Sendable {
  /// Readers at one time.
  private static let connectionLimit: UInt32 = 32
  /// Seconds without a byte after which a reader is left.
  private static let connectionTimeout: UInt32 = 10

  /// As the kernel chose it where 0 was asked for.
  package let port: UInt16
  private let daemon: Mutex<UInt>

  /// - Parameters:
  ///   - port: 0 takes a free one.
  ///   - page: The page at a path, nil where there is none; called on the server's thread, so it must be quick.
  package init(port: UInt16, page: @escaping @Sendable (_ path: String) -> MetricsPage?) throws(MetricsServerError) {
    let (file, bound) = try listen(on: port)
    self.port = bound
    let pages = Unmanaged.passRetained(Pages(page))
    var options = [
      MHD_OptionItem(option: MHD_OPTION.LISTEN_SOCKET, value: Int(file), ptr_value: nil),
      MHD_OptionItem(option: MHD_OPTION.CONNECTION_LIMIT, value: Int(MetricsServer.connectionLimit), ptr_value: nil),
      MHD_OptionItem(
        option: MHD_OPTION.CONNECTION_TIMEOUT, value: Int(MetricsServer.connectionTimeout), ptr_value: nil),
      MHD_OptionItem(option: MHD_OPTION.END, value: 0, ptr_value: nil),
    ]
    let started = options.withUnsafeMutableBufferPointer { options in
      withVaList([MHD_OPTION.ARRAY.rawValue, options.baseAddress!, MHD_OPTION.END.rawValue]) { list in
        MHD_start_daemon_va(
          MHD_USE_AUTO_INTERNAL_THREAD.rawValue, bound, nil, nil, answerRequest, pages.toOpaque(), list)
      }
    }
    guard let started else {
      let code = errno
      close(file)
      pages.release()
      throw MetricsServerError(call: "MHD_start_daemon", code: code)
    }
    daemon = Mutex(UInt(bitPattern: started))
    self.pages = pages
  }

  // Released after the daemon, whose thread uses it.
  private let pages: Unmanaged<Pages>

  deinit {
    stop()
    pages.release()
  }

  /// Ends the thread and closes the port; a second call does nothing.
  package func stop() {
    let last = daemon.withLock { daemon in
      defer { daemon = 0 }
      return daemon
    }
    if let last = OpaquePointer(bitPattern: last) { MHD_stop_daemon(last) }
  }
}

private final class Pages: Sendable {
  let page: @Sendable (String) -> MetricsPage?
  init(_ page: @escaping @Sendable (String) -> MetricsPage?) { self.page = page }
}

/// A listening socket on the loopback address, and its port.
private func listen(on port: UInt16) throws(MetricsServerError) -> (file: Int32, port: UInt16) {
  let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  guard file >= 0 else { throw MetricsServerError(call: "socket", code: errno) }
  var reuse: Int32 = 1
  setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let code = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
      guard bind(file, address, size) == 0, Glibc.listen(file, 16) == 0, getsockname(file, address, &size) == 0
      else { return errno }
      return 0
    }
  }
  guard code == 0 else {
    close(file)
    throw MetricsServerError(call: "bind 127.0.0.1:\(port)", code: code)
  }
  return (file, UInt16(bigEndian: address.sin_port))
}

/// The library's handler: it comes once with the head of a request, once when the body is read, and then is answered.
private func answerRequest(
  context: UnsafeMutableRawPointer?, connection: OpaquePointer?, url: UnsafePointer<CChar>?,
  method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, upload: UnsafePointer<CChar>?,
  uploadSize: UnsafeMutablePointer<Int>?, state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let context, let url, let method, let state, let uploadSize else { return .NO }
  // An answer to the head alone would close the connection each time.
  if state.pointee == nil {
    state.pointee = context
    return .YES
  }
  if uploadSize.pointee > 0 {
    uploadSize.pointee = 0
    return .YES
  }
  let verb = String(cString: method)
  guard verb == "GET" || verb == "HEAD" else { return queue(MetricsPage(status: 405, "GET only\n"), connection) }
  let pages = Unmanaged<Pages>.fromOpaque(context).takeUnretainedValue()
  return queue(pages.page(String(cString: url)) ?? MetricsPage(status: 404, "no such page\n"), connection)
}

private func queue(_ page: MetricsPage, _ connection: OpaquePointer?) -> MHD_Result {
  var body = Array(page.body.utf8)
  let count = body.count
  let made = body.withUnsafeMutableBytes { MHD_create_response_from_buffer(count, $0.baseAddress, .RESPMEM_MUST_COPY) }
  guard let made else { return .NO }
  defer { MHD_destroy_response(made) }
  MHD_add_response_header(made, "Content-Type", "text/plain; version=0.0.4; charset=utf-8")
  return MHD_queue_response(connection, page.status, made)
}
