import Primitives

/// The nonces that calls under way from here have taken, so that calls of one signer at one time get different ones.
///
/// Without it two equal calls would read the same nonce and be the same extrinsic, which runs once.
struct NonceReservations: Sendable {
  private var taken: [AccountID: Set<UInt64>] = [:]

  /// Takes the first nonce from `next` on that no call under way has.
  mutating func take(for account: AccountID, from next: UInt64) -> UInt64 {
    var nonce = next
    while taken[account, default: []].contains(nonce), nonce < .max { nonce += 1 }
    taken[account, default: []].insert(nonce)
    return nonce
  }

  /// Gives a nonce back, once its call is in a block, refused or given up.
  mutating func release(_ nonce: UInt64, of account: AccountID) {
    taken[account]?.remove(nonce)
    if taken[account]?.isEmpty == true { taken[account] = nil }
  }
}
