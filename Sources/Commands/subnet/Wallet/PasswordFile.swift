import Daemon
import Keys

/// A password kept in a file, so that it stands in no command line and no environment.
enum PasswordFile {
  private static let byteLimit = 4096

  /// The first line.
  static func read(_ path: String) throws -> SecretBytes {
    let bytes = try GivenFile(path, for: "password file").bytes(limit: byteLimit)
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    guard !line.isEmpty else { throw CommandMistake("\(path) begins with an empty line: it should be the password") }
    return SecretBytes(Array(line))
  }
}
