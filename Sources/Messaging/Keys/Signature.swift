import CSodium
package import Primitives

/// An Ed25519 signature: sixty-four bytes, R then S.
package struct Signature: Hashable, Sendable, CustomStringConvertible {
  package static let count = 64

  let r: Bytes32
  let s: Bytes32

  /// Copies exactly 64 bytes; nil for any other length. Nothing else is checked before `verifies`.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Signature.count, let r = Bytes32(bytes.prefix(32)), let s = Bytes32(bytes.dropFirst(32)) else {
      return nil
    }
    self.r = r
    self.s = s
  }

  /// The same for an array, which is how they arrive by the thousand.
  package init?(_ bytes: [UInt8]) {
    let halves = bytes.withUnsafeBytes { bytes -> (r: Bytes32, s: Bytes32)? in
      guard bytes.count == Signature.count,
        let r = Bytes32(UnsafeRawBufferPointer(rebasing: bytes[..<32])),
        let s = Bytes32(UnsafeRawBufferPointer(rebasing: bytes[32...]))
      else { return nil }
      return (r, s)
    }
    guard let halves else { return nil }
    (r, s) = halves
  }

  package var bytes: [UInt8] { r.bytes + s.bytes }
  package var description: String { r.hex + s.hex }

  /// Whether `signer` signed exactly these bytes in this domain.
  ///
  /// The acceptance rules are ours and the same on every machine: S below the group order, neither the key nor R of
  /// small order or in a non-canonical form, and the equation without cofactor, one signature at a time.
  ///
  /// - Complexity: about 40 microseconds; check everything cheaper before.
  /// - Source: reliability R4, R5.
  package func verifies(_ domain: SigningDomain, _ bytes: [UInt8], by signer: AccountID) -> Bool {
    verifies(untagged: domain.tagged(bytes), by: signer)
  }

  /// The same without a domain, as published test vectors need it.
  func verifies(untagged bytes: [UInt8], by signer: AccountID) -> Bool {
    guard
      PublicKeyRules.isCanonical(scalar: s), PublicKeyRules.isAcceptable(encoding: r),
      PublicKeyRules.isAcceptable(signer)
    else { return false }
    Sodium.start()
    return crypto_sign_verify_detached(self.bytes, bytes, UInt64(bytes.count), signer.bytes) == 0
  }
}
