import Keys
package import Primitives

/// What an envelope says about the payload beside it.
package struct PayloadDigest: Hashable, Sendable {
  /// Bytes of one payload unless its message has another cap (registry 11).
  package static let byteLimit = 4 << 20

  package let digest: Hash256
  package let length: UInt64

  package init(digest: Hash256, length: UInt64) {
    self.digest = digest
    self.length = length
  }

  /// Of a payload in one piece.
  package init(of payload: [UInt8]) {
    self.init(digest: Hash256(hashing: payload), length: UInt64(payload.count))
  }

  /// Of a payload in frames, which are not joined for it.
  package init(ofFrames frames: some Collection<[UInt8]>) {
    var hasher = Blake2bHasher()
    var length: UInt64 = 0
    for frame in frames {
      hasher.update(frame)
      length += UInt64(frame.count)
    }
    self.init(digest: hasher.finish(), length: length)
  }
}
