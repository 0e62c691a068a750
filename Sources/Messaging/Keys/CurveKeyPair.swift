import CSodium
package import Primitives

/// An X25519 public key, by which ZeroMQ's CURVE knows a peer.
package struct CurvePublicKey: Hashable, Sendable, CustomStringConvertible {
  package let key: Bytes32

  package init(_ key: Bytes32) { self.key = key }

  /// Copies exactly 32 bytes; nil for any other length.
  package init?(_ bytes: some Collection<UInt8>) {
    guard let key = Bytes32(bytes) else { return nil }
    self.key = key
  }

  /// The transport key of an account; nil when the account is not a point of the main subgroup.
  ///
  /// - Complexity: about 33 microseconds; keep the result.
  package init?(converting account: AccountID) {
    Sodium.start()
    guard PublicKeyRules.isAcceptable(account) else { return nil }
    var converted = [UInt8](repeating: 0, count: Bytes32.count)
    guard crypto_sign_ed25519_pk_to_curve25519(&converted, account.bytes) == 0 else { return nil }
    self.init(Bytes32(converted)!)
  }

  package var bytes: [UInt8] { key.bytes }
  package var description: String { key.hex }
}

/// An X25519 key pair for CURVE: a node's hotkey converted, or one of its own.
package final class CurveKeyPair: Sendable {
  package let publicKey: CurvePublicKey
  private let secret: SecretBytes

  /// The transport key of a node: its hotkey converted, so that whoever knows the hotkey can dial it.
  package init(converting keyPair: KeyPair) {
    let secret = SecretBytes(count: Bytes32.count) { converted in
      _ = keyPair.withSecretKey { secretKey in
        crypto_sign_ed25519_sk_to_curve25519(
          converted.baseAddress!.assumingMemoryBound(to: UInt8.self),
          secretKey.baseAddress!.assumingMemoryBound(to: UInt8.self))
      }
    }
    self.publicKey = publicKeyOf(secret)
    self.secret = secret
  }

  private init(secret: SecretBytes) {
    self.publicKey = publicKeyOf(secret)
    self.secret = secret
  }

  /// A fresh pair for a client that needs no name.
  package static func generate() -> CurveKeyPair {
    CurveKeyPair(secret: .random(count: Int(crypto_scalarmult_SCALARBYTES)))
  }

  /// Lends the 32 secret bytes for the length of `body`, as the transport's library asks for them.
  package func withSecret<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try secret.withBytes(body)
  }
}

extension CurveKeyPair: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "CurveKeyPair(\(publicKey))" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}

private func publicKeyOf(_ secret: SecretBytes) -> CurvePublicKey {
  var publicKey = [UInt8](repeating: 0, count: Bytes32.count)
  _ = secret.withBytes { crypto_scalarmult_base(&publicKey, $0.baseAddress!.assumingMemoryBound(to: UInt8.self)) }
  return CurvePublicKey(publicKey)!
}
