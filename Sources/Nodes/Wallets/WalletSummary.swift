package import Primitives

/// What can be said of a key file without its password.
package enum KeyStatus: Hashable, Sendable {
  /// The address in clear, not yet proved by the secret.
  case usable(AccountID, isSealed: Bool)
  case unusable(WalletError)

  package var account: AccountID? {
    switch self {
    case .usable(let account, isSealed: _): account
    case .unusable: nil
    }
  }
}

/// One wallet as a list shows it.
package struct WalletSummary: Hashable, Sendable {
  package struct NamedHotkey: Hashable, Sendable {
    package let name: KeyName
    package let status: KeyStatus
  }

  package let name: KeyName
  /// Nil where the coldkey is kept elsewhere, as on a validator's machine.
  package let coldkey: KeyStatus?
  /// By name.
  package let hotkeys: [NamedHotkey]
}
