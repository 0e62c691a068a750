import CLinux
import Glibc

/// Turns a trap of this process into its exit code, and leaves a note of what it was at work on.
///
/// Swift traps where a program is wrong. A supervisor that starts the process again would run into the same trap for
/// ever, were it not for the note: the next start reads it and does not try again.
package enum TrapNote {
  /// Bytes of the longest note.
  package static let byteLimit = 128 << 10

  /// From now on traps end the process with `exitCode` and leave their note in a file.
  package static func keep(in path: String, exitCode: ExitCode) throws(FileError) {
    guard clinux_end_traps(path, exitCode.rawValue) == 0 else {
      throw FileError(call: "sigaction", path: path, code: errno)
    }
  }

  /// What the calling thread does from now on, up to the next call; `head` and `body` follow each other in the note.
  package static func begin(_ head: [UInt8], _ body: [UInt8] = []) {
    clinux_begin_work(head, head.count, body, body.count)
  }

  /// The calling thread is done with it.
  package static func end() { clinux_begin_work(nil, 0, nil, 0) }
}
