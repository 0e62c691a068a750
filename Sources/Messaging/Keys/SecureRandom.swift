import CSodium

/// Bytes nobody can guess, from the system's generator.
package enum SecureRandom {
  /// Fresh random bytes for ids, nonces and salts; use `SecretBytes.random` for anything secret.
  package static func bytes(count: Int) -> [UInt8] {
    Sodium.start()
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      if let base = buffer.baseAddress { randombytes_buf(base, count) }
      initializedCount = count
    }
  }

  /// A fresh random number, as request ids need it.
  package static func number() -> UInt64 {
    bytes(count: 8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
