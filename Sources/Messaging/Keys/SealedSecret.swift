import CSodium

/// Why a secret could not be sealed or opened.
package enum SealedSecretError: Error, Hashable {
  /// An empty password protects nothing.
  case emptyPassword
  /// The password is wrong, or the sealed bytes, the salt, the cost or the header were altered.
  case wrongPasswordOrAltered
  /// The system did not give the memory that a guess costs.
  case outOfMemory(bytes: UInt64)
}

/// A secret under a password: argon2id makes the key, XChaCha20-Poly1305 seals.
///
/// The header, the cost and the salt are authenticated with the secret, so none can be exchanged.
package struct SealedSecret: Hashable, Sendable {
  package static let saltCount = 16
  package static let nonceCount = 24
  /// Bytes that sealing adds to a secret.
  package static let tagCount = 16

  package let cost: PasswordCost
  package let salt: [UInt8]
  package let nonce: [UInt8]
  /// The secret sealed, with its tag at the end.
  package let ciphertext: [UInt8]

  /// Puts stored parts together; nil when a part has the wrong length.
  package init?(cost: PasswordCost, salt: [UInt8], nonce: [UInt8], ciphertext: [UInt8]) {
    guard
      salt.count == SealedSecret.saltCount, nonce.count == SealedSecret.nonceCount,
      ciphertext.count >= SealedSecret.tagCount
    else { return nil }
    self.cost = cost
    self.salt = salt
    self.nonce = nonce
    self.ciphertext = ciphertext
  }

  /// Seals a secret with fresh salt and nonce.
  ///
  /// - Parameter header: Public bytes that must be the same at opening; nothing of them is stored here.
  package init(
    sealing secret: SecretBytes, password: SecretBytes, header: [UInt8], cost: PasswordCost = .moderate
  ) throws(SealedSecretError) {
    let salt = SecureRandom.bytes(count: SealedSecret.saltCount)
    let nonce = SecureRandom.bytes(count: SealedSecret.nonceCount)
    let key = try stretch(password, cost: cost, salt: salt)
    let associated = associatedData(cost: cost, salt: salt, header: header)
    var ciphertext = [UInt8](repeating: 0, count: secret.count + SealedSecret.tagCount)
    secret.withBytes { secret in
      key.withBytes { key in
        _ = crypto_aead_xchacha20poly1305_ietf_encrypt(
          &ciphertext, nil, secret.baseAddress!.assumingMemoryBound(to: UInt8.self), UInt64(secret.count),
          associated, UInt64(associated.count), nil, nonce, key.baseAddress!.assumingMemoryBound(to: UInt8.self))
      }
    }
    self.cost = cost
    self.salt = salt
    self.nonce = nonce
    self.ciphertext = ciphertext
  }

  /// Gives the secret back.
  ///
  /// - Complexity: what one guess costs; about a third of a second and 256 MiB by default.
  package func open(password: SecretBytes, header: [UInt8]) throws(SealedSecretError) -> SecretBytes {
    let key = try stretch(password, cost: cost, salt: salt)
    let associated = associatedData(cost: cost, salt: salt, header: header)
    var isAuthentic = false
    let secret = SecretBytes(count: ciphertext.count - SealedSecret.tagCount) { secret in
      isAuthentic = key.withBytes { key in
        crypto_aead_xchacha20poly1305_ietf_decrypt(
          secret.baseAddress!.assumingMemoryBound(to: UInt8.self), nil, nil, ciphertext, UInt64(ciphertext.count),
          associated, UInt64(associated.count), nonce, key.baseAddress!.assumingMemoryBound(to: UInt8.self)) == 0
      }
    }
    guard isAuthentic else { throw .wrongPasswordOrAltered }
    return secret
  }
}

/// The key that a password stands for.
private func stretch(
  _ password: SecretBytes, cost: PasswordCost, salt: [UInt8]
) throws(SealedSecretError) -> SecretBytes {
  guard password.count > 0 else { throw .emptyPassword }
  var code: Int32 = -1
  let key = SecretBytes(count: Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES)) { key in
    code = password.withBytes { password in
      crypto_pwhash(
        key.baseAddress!.assumingMemoryBound(to: UInt8.self), UInt64(key.count),
        password.baseAddress!.assumingMemoryBound(to: CChar.self), UInt64(password.count), salt, cost.passes,
        Int(cost.memoryBytes), crypto_pwhash_ALG_ARGON2ID13)
    }
  }
  // The bounds of the cost and the length of the password leave one reason to fail.
  guard code == 0 else { throw .outOfMemory(bytes: cost.memoryBytes) }
  return key
}

/// Fixed lengths before the header, so that no two inputs give the same bytes.
private func associatedData(cost: PasswordCost, salt: [UInt8], header: [UInt8]) -> [UInt8] {
  var data = Array("subnetkit-sealed-secret/1".utf8)
  for number in [cost.passes, cost.memoryBytes] {
    for shift in stride(from: 0, to: 64, by: 8) { data.append(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
  }
  return data + salt + header
}
