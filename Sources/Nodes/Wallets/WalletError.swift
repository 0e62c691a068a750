import Glibc

/// What is wrong with the contents of a key file.
package enum KeyFileDefect: Error, Hashable, CustomStringConvertible {
  case notAKeyFile
  /// Written by a newer release.
  case unknownVersion
  /// Some byte changed since the file was written.
  case badChecksum
  /// The line that should stand here is missing or says something impossible.
  case badLine(String)
  /// A coldkey where a hotkey belongs, or the other way round.
  case wrongRole
  /// The secret is not the one of the address in the file.
  case wrongAddress

  package var description: String {
    switch self {
    case .notAKeyFile: "it is not a key file"
    case .unknownVersion: "it was written by a newer release"
    case .badChecksum: "its checksum does not match, some byte was changed"
    case .badLine(let name): "its line '\(name)' is missing or impossible"
    case .wrongRole: "it holds the other kind of key"
    case .wrongAddress: "its secret does not belong to its address"
    }
  }
}

/// Why a wallet could not be made, found or opened; each says what to do next.
package enum WalletError: Error, Hashable {
  /// Not 1 to 64 of `[a-z0-9_-]`, nor `//` and a development name.
  case badName(String)
  /// No home folder to keep wallets in.
  case homeUnknown
  /// Development keys are derived from their name and never stored.
  case developmentKeyNotStorable(String)
  case walletNotFound(String, root: String)
  case keyNotFound(path: String)
  /// A key is never overwritten.
  case alreadyExists(path: String)
  /// Others than the owner may read or write the key file.
  case openToOthers(path: String, mode: UInt32)
  case notAFile(path: String)
  case tooLarge(path: String)
  case damaged(path: String, KeyFileDefect)
  case passwordNeeded(path: String)
  /// Or the sealed part was exchanged together with its checksum.
  case wrongPassword(path: String)
  case emptyPassword
  case outOfMemory(bytes: UInt64)
  /// The system refused a call.
  case system(call: String, code: Int32, path: String)
}

extension WalletError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .badName(let name):
      "\(quoted(name)) is no key name; use 1 to 64 of a-z, 0-9, _ and -, or // and a development name."
    case .homeUnknown: "There is no home folder for wallets; set HOME or name a wallet folder."
    case .developmentKeyNotStorable(let name):
      "\(quoted(name)) is a development key that everybody knows; it is not stored, choose a name without //."
    case .walletNotFound(let name, let root):
      "There is no wallet \(quoted(name)) in \(root); make it with 'subnet wallet create', or check the name."
    case .keyNotFound(let path): "There is no key file \(path); make it with 'subnet wallet create', or check the name."
    case .alreadyExists(let path): "\(path) exists and is never overwritten; choose another name or move it away."
    case .openToOthers(let path, let mode):
      "\(path) is open to other users (mode 0\(String(mode, radix: 8))); run: chmod 600 \(path)"
    case .notAFile(let path): "\(path) is not a regular file; put the key file there."
    case .tooLarge(let path): "\(path) is larger than any key file; restore it from a backup."
    case .damaged(let path, let defect): "\(path) cannot be used: \(defect); restore it from a backup."
    case .passwordNeeded(let path):
      "\(path) is sealed; give its password with --wallet.password-file, or at a terminal."
    case .wrongPassword(let path): "The password does not open \(path); try again."
    case .emptyPassword: "An empty password protects nothing; give one, or none at all."
    case .outOfMemory(let bytes):
      "Opening the key needs \(bytes >> 20) MiB of memory, which the system did not give; free some and try again."
    case .system(let call, let code, let path):
      "\(call) failed on \(path): \(String(cString: strerror(code))) (\(code)); check the folder and its owner."
    }
  }
}

/// Foreign text made harmless for a terminal and a log, at most 80 characters.
private func quoted(_ text: String) -> String { String(reflecting: String(text.prefix(80))) }
