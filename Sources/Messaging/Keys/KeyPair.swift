import CSodium
package import Primitives

/// An Ed25519 key pair: signs as one account.
///
/// The secret lives in guarded memory, is wiped with the last reference and never appears in a description.
package final class KeyPair: Sendable {
  package static let seedCount = 32

  /// The public key, by which the network knows the signer.
  package let account: AccountID
  /// The name after `//`, when the key can be derived by anybody who reads this file.
  package let developmentName: String?

  // The library's form: the seed, then the public key.
  private let secret: SecretBytes

  /// Whether anybody can derive this key; say so wherever it appears.
  package var isDevelopment: Bool { developmentName != nil }

  private init(seed: SecretBytes, developmentName: String?) {
    precondition(seed.count == KeyPair.seedCount, "an Ed25519 seed has 32 bytes")
    var publicKey = [UInt8](repeating: 0, count: Bytes32.count)
    secret = SecretBytes(count: Int(crypto_sign_SECRETKEYBYTES)) { secret in
      _ = seed.withBytes { seed in
        crypto_sign_seed_keypair(
          &publicKey, secret.baseAddress!.assumingMemoryBound(to: UInt8.self),
          seed.baseAddress!.assumingMemoryBound(to: UInt8.self))
      }
    }
    account = AccountID(publicKey)!
    self.developmentName = developmentName
  }

  /// The pair that a 32-byte seed stands for; nil for any other length.
  package convenience init?(seed: SecretBytes) {
    guard seed.count == KeyPair.seedCount else { return nil }
    self.init(seed: seed, developmentName: nil)
  }

  /// A fresh pair that nobody else can know.
  package static func generate() -> KeyPair {
    KeyPair(seed: .random(count: seedCount), developmentName: nil)
  }

  /// The pair that everybody knows as `//name`; **unsafe** outside a local network.
  ///
  /// The seed is `BLAKE2b-256("subnetkit-development-key/1" || name)`.
  package static func development(name: String) -> KeyPair {
    KeyPair(seed: developmentSeed(of: name), developmentName: name)
  }

  /// The development pair for a reference such as `//Alice`; nil unless `//` and 1 to 64 of `[A-Za-z0-9_-]` follow.
  package convenience init?(developmentReference reference: String) {
    guard reference.utf8.count <= 66, reference.hasPrefix("//") else { return nil }
    let name = reference.utf8.dropFirst(2)
    guard !name.isEmpty, name.allSatisfy(isDevelopmentNameByte) else { return nil }
    let text = String(decoding: name, as: UTF8.self)
    self.init(seed: developmentSeed(of: text), developmentName: text)
  }

  /// Signs the exact bytes in one domain.
  package func sign(_ domain: SigningDomain, _ bytes: [UInt8]) -> Signature {
    sign(untagged: domain.tagged(bytes))
  }

  /// The same without a domain, as published test vectors need it.
  func sign(untagged bytes: [UInt8]) -> Signature {
    let signature = withSecretKey { secret in
      [UInt8](unsafeUninitializedCapacity: Signature.count) { buffer, initializedCount in
        crypto_sign_detached(
          buffer.baseAddress!, nil, bytes, UInt64(bytes.count), secret.baseAddress!.assumingMemoryBound(to: UInt8.self))
        initializedCount = Signature.count
      }
    }
    return Signature(signature)!
  }

  /// A copy of the seed, for storing the key.
  package func seed() -> SecretBytes {
    withSecretKey { SecretBytes(copying: UnsafeRawBufferPointer(rebasing: $0.prefix(KeyPair.seedCount))) }
  }

  func withSecretKey<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { secret.withBytes(body) }
}

extension KeyPair: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The address, and a warning on a development key; never the secret.
  package var description: String {
    guard let developmentName else { return "KeyPair(\(account.address))" }
    return "KeyPair(\(account.address), unsafe development key //\(developmentName))"
  }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["account": account, "isDevelopment": isDevelopment]) }
}

private func developmentSeed(of name: String) -> SecretBytes {
  SecretBytes(Hash256(hashing: Array("subnetkit-development-key/1".utf8), Array(name.utf8)).bytes)
}

private func isDevelopmentNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
    true
  default: false
  }
}
