import Glibc

/// A file that somebody named, on a command line or in another file: what is wrong with it is said in their words.
package struct GivenFile: Sendable {
  package let path: String
  /// What it is for, as its user calls it: `--password-file`, `scenario`.
  package let purpose: String

  package init(_ path: String, for purpose: String) {
    self.path = path
    self.purpose = purpose
  }

  /// The contents.
  ///
  /// - Parameter limit: A file of more bytes is refused.
  /// - Throws: Which file it is, and what to do.
  package func bytes(limit: Int) throws(GivenFileError) -> [UInt8] {
    do throws(FileError) {
      return try AtomicFile(path).read(limit: limit)
    } catch {
      throw GivenFileError(self, error.advice)
    }
  }

  /// Refuses a place where no file can be written, before the work whose result is to stand there.
  package func checkWritable() throws(GivenFileError) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw GivenFileError(self, "it is a folder; name a file in it")
      }
    }
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw GivenFileError(self, "there is no folder \(folder); make it first")
    }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw GivenFileError(self, "this user may not write in the folder \(folder)")
    }
  }
}

/// Why a file that somebody named cannot be used.
package struct GivenFileError: ExitCoding, Equatable, CustomStringConvertible {
  package let path: String
  package let purpose: String
  /// What is wrong, and what to do.
  package let sentence: String

  init(_ file: GivenFile, _ sentence: String) {
    path = file.path
    purpose = file.purpose
    self.sentence = sentence
  }

  package var exitCode: ExitCode { .usage }
  package var description: String { "\(purpose) \(escapedText(path, limit: fieldByteLimit)): \(sentence)" }
}

extension FileError {
  /// What is wrong with a file that was to be read, and what to do, for whoever named it.
  fileprivate var advice: String {
    switch code {
    case ENOENT, ENOTDIR: "there is no such file; check its name and its folder"
    case EISDIR: "it is a folder; name a file"
    case EACCES, EPERM: "this user may not read it; see 'ls -l'"
    default: "it cannot be read: \(reason)"
    }
  }
}
