import Glibc
import Keys

/// A folder of its own for one test, removed with the last reference.
final class TemporaryFolder: Sendable {
  let path: String

  init() {
    path = "/tmp/wallets-tests-\(getpid())-\(SecureRandom.number())"
    precondition(mkdir(path, 0o700) == 0, "no folder for the test")
  }

  deinit { remove(path) }

  /// Bytes written with a mode, whatever was there.
  func write(_ bytes: [UInt8], to file: String, mode: mode_t = 0o600) {
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, mode)
    precondition(descriptor >= 0, "cannot write \(file)")
    precondition(Glibc.write(descriptor, bytes, bytes.count) == bytes.count, "cannot write \(file)")
    fchmod(descriptor, mode)
    close(descriptor)
  }

  func read(_ file: String) -> [UInt8] {
    let descriptor = open(file, O_RDONLY)
    precondition(descriptor >= 0, "cannot read \(file)")
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 17)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    precondition(count >= 0, "cannot read \(file)")
    return Array(bytes.prefix(count))
  }

  /// The permission bits of a file or folder.
  func mode(of file: String) -> mode_t {
    var status = stat()
    precondition(lstat(file, &status) == 0, "no \(file)")
    return status.st_mode & 0o7777
  }

  func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
  }

  private func remove(_ path: String) {
    for name in names(in: path) { remove("\(path)/\(name)") }
    if rmdir(path) != 0 { unlink(path) }
  }
}
