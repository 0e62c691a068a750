package import Keys

/// The name of a wallet or of a hotkey in it: 1 to 64 of `[a-z0-9_-]`, so that it is a safe file name everywhere.
///
/// - Source: reliability R3.
package struct KeyName: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let text: String

  package init(_ text: String) throws(WalletError) {
    guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(isNameByte) else { throw .badName(text) }
    self.text = text
  }

  package var description: String { text }
  package static func < (left: KeyName, right: KeyName) -> Bool { left.text < right.text }
}

/// What a user may write where a key is asked for: a stored name, or `//Alice` for a development key.
package enum KeyReference: Sendable {
  case stored(KeyName)
  case development(KeyPair)

  package init(_ text: String) throws(WalletError) {
    if let pair = KeyPair(developmentReference: text) {
      self = .development(pair)
    } else {
      self = .stored(try KeyName(text))
    }
  }
}

private func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
    UInt8(ascii: "-"):
    true
  default: false
  }
}
