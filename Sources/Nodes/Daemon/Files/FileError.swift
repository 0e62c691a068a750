import Glibc

/// A file call that failed: which, on what, and the system's reason.
package struct FileError: ExitCoding, Equatable, CustomStringConvertible {
  package let call: String
  package let path: String
  /// The value of `errno`; 0 where the limit of ours was passed instead.
  package let code: Int32
  package let reason: String

  package init(call: String, path: String, code: Int32) {
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

  /// Whether there is no such file, as on a first start.
  package var isAbsence: Bool { code == ENOENT }
  package var exitCode: ExitCode { .storage }
  package var description: String { "\(call) \(escapedText(path, limit: fieldByteLimit)): \(reason)" }
}
