import Keys
package import Primitives
package import Transport

/// Which chain a node trusts, and where it is: what `--chain.endpoint`, `--chain.key` and `--chain.genesis` say.
package struct ChainAddress: Hashable, Sendable {
  package var endpoint: Endpoint
  /// The authority whose signature every reply must carry.
  package var authority: AccountID
  /// The only genesis that is accepted; nil takes the one that the authority names first.
  package var genesis: Hash256?

  package init(endpoint: Endpoint, authority: AccountID, genesis: Hash256? = nil) {
    self.endpoint = endpoint
    self.authority = authority
    self.genesis = genesis
  }

  /// An account as a user writes it: 64 hexadecimal digits or an SS58 address; nil for anything else.
  package static func account(_ text: String) -> AccountID? {
    if let key = Bytes32(hex: text) { return AccountID(key) }
    return try? AccountID(address: text)
  }
}

/// What stays the same while a chain runs.
package struct ChainSession: Hashable, Sendable {
  /// Genesis hash.
  package let chainID: Hash256
  package let specVersion: UInt32
  package let blockTime: Duration
}

/// How long the client waits for what.
package struct ChainClientSettings: Hashable, Sendable {
  /// For the answer to a query, over all attempts.
  package var queryDeadline: Duration = .seconds(10)
  /// For the answer to one attempt.
  package var attemptDeadline: Duration = .seconds(2)
  /// For an extrinsic to be in a block.
  package var inclusionDeadline: Duration = .seconds(60)
  /// How long the chain is asked to hold a request for the next head, and what its way may take beside that. Short,
  /// since a chain that dies with the request costs its follower the sum.
  package var headWait: Duration = .seconds(1)
  package var headMargin: Duration = .seconds(1)
  /// Blocks that a signed extrinsic stays valid (registry 14).
  package var mortality: UInt32 = 128
  /// How often a call is signed anew because its nonce or its time was used up.
  package var signatureLimit = 4

  package init() {}
}
