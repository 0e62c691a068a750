package import Primitives

/// What a commit hides: everything that goes under its hash.
///
/// Source: registry 8.1; vectors `registry/commit_reveal`, kind `hash`.
package struct WeightsCommitment: Hashable, Sendable {
  /// Bytes of salt that a reveal may carry.
  package static let saltLengths = 8...64

  package let hotkey: Hotkey
  package let netuid: NetUID
  package let weights: SubmittedWeights
  package let salt: [UInt8]

  /// - Throws: `invalidSaltLength`; `malformed` when a list is longer than its 16-bit count can say.
  package init(hotkey: Hotkey, netuid: NetUID, weights: SubmittedWeights, salt: [UInt8]) throws(LedgerError) {
    guard WeightsCommitment.saltLengths.contains(salt.count) else { throw .invalidSaltLength.with("salt", salt.count) }
    guard weights.uids.count <= UInt16.max, weights.values.count <= UInt16.max else { throw .malformed }
    self.hotkey = hotkey
    self.netuid = netuid
    self.weights = weights
    self.salt = salt
  }

  /// The bytes under the hash, little-endian, every list after its count.
  package var preimage: [UInt8] {
    var bytes = Array("weights-commit/1".utf8)
    bytes += hotkey.bytes
    bytes.append(littleEndian: netuid.value)
    bytes.append(weights.mechid.value)
    for list in [weights.uids, weights.values] {
      bytes.append(littleEndian: UInt16(list.count))
      for element in list { bytes.append(littleEndian: element) }
    }
    bytes.append(littleEndian: UInt16(salt.count))
    bytes += salt
    bytes.append(littleEndian: weights.versionKey)
    return bytes
  }

  /// The commit's hash; `digest` is BLAKE2b-256, which lives above this floor.
  package func hash(by digest: ([UInt8]) -> Hash256) -> Hash256 { digest(preimage) }
}

extension [UInt8] {
  fileprivate mutating func append(littleEndian value: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: 0, to: type(of: value).bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}
