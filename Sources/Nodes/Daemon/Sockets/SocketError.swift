import Glibc

/// A call on a local socket that failed: which, on what, and why.
package struct SocketError: ExitCoding, Equatable, CustomStringConvertible {
  package let call: String
  package let path: String
  /// The value of `errno`; 0 where a limit of ours was passed instead.
  package let code: Int32
  package let reason: String

  init(call: String, path: String, code: Int32) {
    self.call = call
    self.path = path
    self.code = code
    reason = String(cString: strerror(code))
  }

  init(call: String, path: String, reason: String) {
    self.call = call
    self.path = path
    code = 0
    self.reason = reason
  }

  /// Whether nobody listens there.
  package var isAbsence: Bool { code == ENOENT || code == ECONNREFUSED }
  package var exitCode: ExitCode { .failed }
  package var description: String { "\(call) \(escapedText(path, limit: fieldByteLimit)): \(reason)" }
}

/// A Unix socket and its name in the file system, of any length.
struct UnixSocket: ~Copyable {
  let descriptor: Int32
  let path: String

  /// - Throws: When the process has no descriptor left.
  init(at path: String) throws(SocketError) {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | UnixSocket.closeOnExec | UnixSocket.nonBlocking, 0)
    self.path = path
    guard descriptor >= 0 else { throw SocketError(call: "socket", path: path, code: errno) }
  }

  deinit { close(descriptor) }

  private static let closeOnExec = Int32(SOCK_CLOEXEC.rawValue)
  private static let nonBlocking = Int32(SOCK_NONBLOCK.rawValue)

  /// Takes the name and listens; a socket of that name that is left over is replaced. Only its owner may connect.
  borrowing func listen(backlog: Int32) throws(SocketError) {
    unlink(path)
    // The mode of the name follows the mode of the socket: at no moment may others connect.
    fchmod(descriptor, 0o600)
    try withAddress("bind") { bind(descriptor, $0, $1) }
    guard Glibc.listen(descriptor, backlog) == 0 else { throw SocketError(call: "listen", path: path, code: errno) }
  }

  borrowing func connect() throws(SocketError) { try withAddress("connect") { Glibc.connect(descriptor, $0, $1) } }

  /// The system's limit for a name is 107 bytes, so the folder is named by a descriptor.
  private borrowing func withAddress(
    _ call: String, _ use: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) throws(SocketError) {
    let cut = path.lastIndex(of: "/")
    let folder = open(cut.map { String(path[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw SocketError(call: "open", path: path, code: errno) }
    defer { close(folder) }
    let name = cut.map { path[path.index(after: $0)...] } ?? path[...]
    let text = Array("/proc/self/fd/\(folder)/\(name)".utf8)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    guard text.count < capacity else { throw SocketError(call: call, path: path, reason: "the name is too long") }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: text) }
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { use($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
    guard code == 0 else { throw SocketError(call: call, path: path, code: errno) }
  }
}
