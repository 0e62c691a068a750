import Daemon
import Glibc

/// A folder that one store at a time may use; released by closing, also when the process dies.
final class FolderLock {
  private let descriptor: Int32

  init(_ folder: String) throws(StorageError) {
    let path = "\(folder)/lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StorageError(FileError(call: "open", path: path, code: errno)) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      // What is thrown from here on releases this object, which closes the descriptor.
      let code = errno
      guard code == EWOULDBLOCK else { throw StorageError(FileError(call: "flock", path: path, code: code)) }
      throw StorageError(.locked, action: "open \(folder)", text: "flock \(path)")
    }
  }

  deinit {
    // A child that another thread is starting holds the same open file until it becomes its program.
    _ = flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}

extension StorageError {
  /// A failed file call in the words of the store.
  init(_ error: FileError) {
    let isFull = error.code == ENOSPC || error.code == EDQUOT
    self.init(isFull ? .diskFull : .inputOutput, action: "\(error.call) \(error.path)", text: error.reason)
  }
}
