package import Primitives

/// A node's public transport key: 32 bytes of X25519, under which others dial it and it is admitted.
///
/// It gives privacy and early refusal; authority comes only from the signature inside the message (reliability R12).
package struct TransportKey: Hashable, Sendable, CustomStringConvertible {
  package let value: Bytes32

  package init(_ value: Bytes32) { self.value = value }

  /// Copies exactly 32 bytes; nil for any other length.
  package init?(_ bytes: some Collection<UInt8>) {
    guard let value = Bytes32(bytes) else { return nil }
    self.value = value
  }

  /// Parses 64 hexadecimal digits.
  package init?(hex: String) {
    guard let value = Bytes32(hex: hex) else { return nil }
    self.value = value
  }

  package var bytes: [UInt8] { value.bytes }
  package var description: String { value.hex }
}

/// A node's transport key with its secret half; only the public half is ever printed.
package struct TransportKeyPair: Sendable {
  package let publicKey: TransportKey
  /// 32 bytes of X25519 scalar.
  package let secretBytes: [UInt8]

  /// Takes a pair as it is; nil unless the secret has exactly 32 bytes.
  package init?(publicKey: TransportKey, secretBytes: [UInt8]) {
    guard secretBytes.count == Bytes32.count else { return nil }
    self.publicKey = publicKey
    self.secretBytes = secretBytes
  }
}

extension TransportKeyPair: CustomStringConvertible, CustomReflectable {
  package var description: String { "TransportKeyPair(\(publicKey))" }
  package var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}
