package import Primitives

/// The accounts that a local network funds at genesis; anybody can derive their keys.
///
/// - Source: registry 19.
package enum DevelopmentAccount: String, CaseIterable, Sendable {
  case owner
  case validator
  case miner
  case faucet

  /// The pair; **unsafe** outside a local network.
  package var keyPair: KeyPair { .development(name: rawValue) }
  package var account: AccountID { keyPair.account }
  /// How a command line names the key: `//owner`.
  package var reference: String { "//" + rawValue }
}
