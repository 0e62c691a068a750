package import Daemon
package import Keys

/// Where the password of a sealed key comes from: a file, or the person at a terminal. Never a command line or the environment,
/// which others can read.
package struct PasswordSource {
  private let file: String?
  private let prompt: SecretPrompt?

  private static let fileByteLimit = 4096

  /// - Parameters:
  ///   - file: Its first line is the password.
  ///   - prompt: Asks where no file is given; nil where nobody could be asked.
  package init(file: String?, prompt: SecretPrompt? = SecretPrompt()) {
    self.file = file
    self.prompt = prompt
  }

  /// Opens a key that may be sealed; a person is asked only when it is.
  package func unlock<Opened>(_ open: (SecretBytes?) throws(WalletError) -> Opened) throws -> Opened {
    if let file { return try open(PasswordSource.firstLine(of: file)) }
    do throws(WalletError) {
      return try open(nil)
    } catch {
      guard case .passwordNeeded(let path) = error, let prompt else { throw error }
      return try open(SecretBytes(try prompt.ask("Password of \(path): ")))
    }
  }

  /// The password that is to seal a new key; nil where none is wanted.
  ///
  /// - Parameter isAsked: Whether a person shall choose it; twice, since nobody sees what is typed.
  package func chosen(isAsked: Bool) throws -> SecretBytes? {
    if let file { return try PasswordSource.firstLine(of: file) }
    guard isAsked else { return nil }
    guard let prompt else { throw PasswordError.nobodyToAsk }
    let first = try prompt.ask("Password for the new keys: ")
    guard !first.isEmpty else { throw WalletError.emptyPassword }
    guard try prompt.ask("The same again: ") == first else { throw PasswordError.typedDifferently }
    return SecretBytes(first)
  }

  private static func firstLine(of path: String) throws -> SecretBytes {
    let bytes = try GivenFile(path, for: "password file").bytes(limit: fileByteLimit)
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    guard !line.isEmpty else { throw PasswordError.emptyFile(path) }
    return SecretBytes(Array(line))
  }
}

/// Why there is no password.
package enum PasswordError: ExitCoding, Equatable, CustomStringConvertible {
  case emptyFile(String)
  case nobodyToAsk
  case typedDifferently

  package var exitCode: ExitCode { .usage }
  package var description: String {
    switch self {
    case .emptyFile(let path): "\(path) begins with an empty line: it should be the password"
    case .nobodyToAsk: "there is no terminal to ask for a password at; give it in a file"
    case .typedDifferently: "the two passwords differ; nothing was made, try again"
    }
  }
}
