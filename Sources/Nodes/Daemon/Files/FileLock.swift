import CLinux
import Glibc

/// A file that one owner at a time holds locked; released with the object, and by the kernel when its process dies.
package final class FileLock: Sendable {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit {
    // A child that another thread is starting holds the same open file until it becomes its program.
    _ = clinux_unlock(descriptor)
    close(descriptor)
  }

  /// Takes the lock, making the file where there is none.
  ///
  /// - Returns: Nil when somebody else holds it; nothing waits.
  package static func take(_ path: String) throws(FileError) -> FileLock? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileError(call: "open", path: path, code: errno) }
    guard clinux_lock(descriptor) == 0 else {
      let code = errno
      close(descriptor)
      guard code == EAGAIN || code == EACCES else { throw FileError(call: "fcntl", path: path, code: code) }
      return nil
    }
    return FileLock(descriptor: descriptor)
  }

  /// Whether somebody holds the lock now; looking takes nothing, so it disturbs nobody.
  package static func isHeld(_ path: String) -> Bool {
    let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return clinux_is_locked(descriptor) == 1
  }
}
