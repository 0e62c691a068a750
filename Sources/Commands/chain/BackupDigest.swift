import Daemon
import Glibc
import Keys
import Primitives
import Storage

/// The digest of a backup in a file beside it, in the form of `b2sum --length 256`, which can check it too.
enum BackupDigest {
  static func path(for file: String) -> String { file + ".b2" }

  static func requireAbsence(of file: String) throws {
    for path in [file, path(for: file)] where access(path, F_OK) == 0 {
      throw StateMistake("\(path) is there already; name another file")
    }
  }

  static func write(for file: String) throws -> Hash256 {
    let digest = try digest(of: file)
    let name = file.split(separator: "/").last ?? ""
    try AtomicFile(path(for: file)).write(Array("\(digest)  \(name)\n".utf8))
    return digest
  }

  /// Compares a backup with its digest.
  ///
  /// - Throws: Damage when they differ; a backup without its digest is checked by its content alone.
  static func check(_ file: String) throws {
    guard access(file, R_OK) == 0 else {
      throw StateMistake("\(file) cannot be read: \(String(cString: strerror(errno)))")
    }
    let path = path(for: file)
    guard access(path, F_OK) == 0 else { return }
    let line = String(decoding: try AtomicFile(path).read(limit: 4096), as: UTF8.self)
    let word = line.split(separator: " ").first.map(String.init) ?? ""
    let digest = try digest(of: file)
    guard Bytes32(hex: word).map({ Hash256($0) }) == digest else {
      throw StorageError(
        .damaged(height: nil), action: "check \(file)", text: "\(path) has another digest than the file, \(digest)")
    }
  }

  private static func digest(of file: String) throws -> Hash256 {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(call: "open", path: file, code: errno) }
    defer { close(descriptor) }
    var hasher = Blake2bHasher()
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { chunk.deallocate() }
    while true {
      let count = read(descriptor, chunk.baseAddress, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileError(call: "read", path: file, code: errno) }
      guard count > 0 else { return hasher.finish() }
      hasher.update(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
    }
  }
}
