import Glibc

/// A small file that is always whole: a reader finds the old bytes or the new ones, after any crash or power cut.
///
/// Written beside its place, flushed, renamed over it, and the folder flushed too. One writer at a time.
package struct AtomicFile: Sendable {
  package let path: String
  /// Permission bits of the file, as for `chmod`.
  package let mode: UInt32

  package init(_ path: String, mode: UInt32 = 0o600) {
    self.path = path
    self.mode = mode
  }

  /// Replaces the contents; on an error the old ones are still there.
  ///
  /// Blocks on the disk: for more than small files, call from a thread of your own.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    let temporary = path + ".new"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
    guard file >= 0 else { throw FileError(call: "open", path: temporary, code: errno) }
    var failure: FileError?
    if fchmod(file, mode) != 0 || !writeAll(bytes, to: file) {
      failure = FileError(call: "write", path: temporary, code: errno)
    } else if fsync(file) != 0 {
      failure = FileError(call: "fsync", path: temporary, code: errno)
    }
    close(file)
    if failure == nil, rename(temporary, path) != 0 {
      failure = FileError(call: "rename", path: path, code: errno)
    }
    if let failure {
      unlink(temporary)
      throw failure
    }
    try flushFolder()
  }

  /// The contents.
  ///
  /// - Parameter limit: A file of more bytes is refused unread.
  /// - Throws: `FileError`; `isAbsence` when there is no file.
  package func read(limit: Int) throws(FileError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw FileError(call: "open", path: path, code: errno) }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileError(call: "read", path: path, code: errno) }
      guard count > 0 else { return bytes }
      guard bytes.count + count <= limit else {
        throw FileError(call: "read", path: path, reason: "the file has more than \(limit) bytes")
      }
      bytes += chunk[..<count]
    }
  }

  private func flushFolder() throws(FileError) {
    let cut = path.lastIndex(of: "/")
    let folder = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(call: "open", path: folder, code: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError(call: "fsync", path: folder, code: errno) }
  }
}

/// Makes a folder and the ones above it; folders that are there already are left as they are.
package func makeFolders(_ path: String, mode: UInt32 = 0o700) throws(FileError) {
  var prefix = path.hasPrefix("/") ? "" : "."
  for part in path.split(separator: "/") {
    prefix += "/\(part)"
    if mkdir(prefix, mode) != 0, errno != EEXIST {
      throw FileError(call: "mkdir", path: prefix, code: errno)
    }
  }
}
