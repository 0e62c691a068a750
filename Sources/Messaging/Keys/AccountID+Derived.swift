package import Primitives

extension AccountID {
  /// The keyless account of a subnet: `BLAKE2b-256("subnet-account/1" || netuid LE16)`.
  ///
  /// - Source: registry 2, "derived accounts".
  package static func subnetAccount(of netuid: NetUID) -> AccountID {
    let number = netuid.value
    let bytes = [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
    return AccountID(Hash256(hashing: Array("subnet-account/1".utf8), bytes).value)
  }

  /// The keyless account that burnt amounts are sent to: `BLAKE2b-256("burn-account/1")`.
  ///
  /// - Source: registry 2, "derived accounts".
  package static let burnAccount = AccountID(Hash256(hashing: Array("burn-account/1".utf8)).value)
}
