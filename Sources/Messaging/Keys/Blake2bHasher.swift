import CSodium
package import Primitives

/// BLAKE2b-256 of bytes that arrive in pieces.
///
/// Where the pieces are cut does not change the digest.
package struct Blake2bHasher: ~Copyable {
  // The library asks for an address that is a multiple of 64, which a stored Swift property does not promise.
  private let state: UnsafeMutableRawPointer
  private let digestCount: Int

  package init() { self.init(digestCount: Bytes32.count) }

  init(digestCount: Int) {
    Sodium.start()
    self.digestCount = digestCount
    state = .allocate(byteCount: crypto_generichash_statebytes(), alignment: 64)
    crypto_generichash_init(opaque(state), nil, 0, digestCount)
  }

  deinit {
    // Secrets pass through here too, when a key file is hashed.
    sodium_memzero(state, crypto_generichash_statebytes())
    state.deallocate()
  }

  /// Adds bytes to the end of what is hashed.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    crypto_generichash_update(opaque(state), base.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
  }

  /// Adds bytes to the end of what is hashed.
  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Ends the hash; the hasher is gone afterwards.
  package consuming func finish() -> Hash256 {
    Hash256(finishBytes())!
  }

  consuming func finishBytes() -> [UInt8] {
    let count = digestCount
    let state = opaque(state)
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      crypto_generichash_final(state, buffer.baseAddress!, count)
      initializedCount = count
    }
  }
}

private func opaque(_ state: UnsafeMutableRawPointer) -> OpaquePointer { OpaquePointer(state) }

extension Hash256 {
  /// The BLAKE2b-256 digest of the pieces, one after the other.
  package init(hashing pieces: [UInt8]...) {
    var hasher = Blake2bHasher()
    for piece in pieces { hasher.update(piece) }
    self = hasher.finish()
  }

  /// The BLAKE2b-256 digest of one piece, the quickest form.
  package init(hashing bytes: [UInt8]) {
    self = bytes.withUnsafeBytes { Hash256(hashing: $0) }
  }

  /// The BLAKE2b-256 digest of bytes that are not in an array.
  package init(hashing bytes: UnsafeRawBufferPointer) {
    Sodium.start()
    self = withUnsafeTemporaryAllocation(byteCount: Bytes32.count, alignment: 8) { digest in
      let input = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      let output = digest.baseAddress!.assumingMemoryBound(to: UInt8.self)
      crypto_generichash(output, Bytes32.count, input, UInt64(bytes.count), nil, 0)
      return Hash256(Bytes32(UnsafeRawBufferPointer(digest))!)
    }
  }
}
