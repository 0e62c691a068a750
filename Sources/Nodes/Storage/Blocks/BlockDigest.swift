import Primitives

extension StoredBlock {
  /// The digest that chains this block, with all of its rows, to everything before it.
  ///
  /// Over the previous digest and every stored column, each with its length or presence in front, so that no two blocks
  /// give the same bytes.
  ///
  /// - Parameter previous: The digest of the block before; the genesis hash for the first.
  func digest(after previous: Hash256, hash: BlockHash) -> Hash256 {
    var bytes = CanonicalBytes("block/1")
    bytes.append(previous)
    bytes.append(height.value)
    bytes.append(self.hash)
    bytes.append(parent)
    bytes.append(timestampMilliseconds)
    bytes.append(stateRoot)
    bytes.append(header)
    bytes.append(body)
    bytes.append(UInt64(extrinsics.count))
    for extrinsic in extrinsics {
      bytes.append(extrinsic.id)
      bytes.append(Array(extrinsic.signer.bytes))
      bytes.append(extrinsic.nonce)
      bytes.append(Array(extrinsic.call.utf8))
      bytes.append(UInt64(extrinsic.failure?.code ?? 0))
      bytes.append(Array((extrinsic.failure?.name ?? "").utf8))
      bytes.append(Array((extrinsic.failure?.path ?? "").utf8))
      bytes.append(extrinsic.fee.value)
    }
    bytes.append(UInt64(events.count))
    for event in events {
      bytes.append(event.extrinsicIndex.map { UInt64($0) + 1 } ?? 0)
      bytes.append(Array(event.name.utf8))
      bytes.append(event.netuid.map { UInt64($0.value) + 1 } ?? 0)
      bytes.append(Array(event.json.utf8))
      bytes.append(event.encoded)
    }
    return hash(bytes.bytes)
  }
}

extension StoredSnapshot {
  /// The digest that a snapshot is kept with.
  func digest(hash: BlockHash) -> Hash256 {
    var bytes = CanonicalBytes("snapshot/1")
    bytes.append(height.value)
    bytes.append(stateRoot)
    bytes.append(body)
    return hash(bytes.bytes)
  }
}

/// Values one after the other, such that different values never give the same bytes.
private struct CanonicalBytes {
  private(set) var bytes: [UInt8]

  init(_ domain: String) { bytes = Array(domain.utf8) }

  mutating func append(_ number: UInt64) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
  mutating func append(_ hash: Hash256) { bytes += hash.bytes }
  mutating func append(_ blob: [UInt8]) {
    append(UInt64(blob.count))
    bytes += blob
  }
}
