import Primitives

extension StoredBlock {
  /// The digest that chains this block, with all of its rows, to everything before it.
  ///
  /// Over the previous digest and every stored column, each with its length or presence in front, so that no two blocks
  /// give the same bytes.
  ///
  /// - Parameter previous: The digest of the block before; the genesis hash for the first.
  func digest(after previous: Hash256, hash: BlockHash) -> Hash256 {
    var memory: [UInt8] = []
    return digest(after: previous, hash: hash, gathering: &memory)
  }

  /// The same with memory from the block before.
  func digest(after previous: Hash256, hash: BlockHash, gathering memory: inout [UInt8]) -> Hash256 {
    var taken: [UInt8] = []
    swap(&taken, &memory)
    var bytes = CanonicalBytes("block/1", byteCount: digestedBytes, consume taken)
    defer { memory = bytes.bytes }
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
      bytes.append(UInt64(Bytes32.count))
      bytes.append(extrinsic.signer.key)
      bytes.append(extrinsic.nonce)
      bytes.append(extrinsic.call)
      bytes.append(UInt64(extrinsic.failure?.code ?? 0))
      bytes.append(extrinsic.failure?.name ?? "")
      bytes.append(extrinsic.failure?.path ?? "")
      bytes.append(extrinsic.fee.value)
    }
    bytes.append(UInt64(events.count))
    for event in events {
      bytes.append(event.extrinsicIndex.map { UInt64($0) + 1 } ?? 0)
      bytes.append(event.name)
      bytes.append(event.netuid.map { UInt64($0.value) + 1 } ?? 0)
      bytes.append(event.json)
      bytes.append(event.encoded)
    }
    return hash(bytes.bytes)
  }

  /// About the bytes that the digest covers, so that they are gathered without moving them.
  private var digestedBytes: Int {
    var count = 512 + header.count + body.count + 160 * extrinsics.count + 40 * events.count
    for event in events { count += event.name.utf8.count + event.json.utf8.count + event.encoded.count }
    return count
  }
}

extension StoredSnapshot {
  /// The digest that a snapshot is kept with.
  func digest(hash: BlockHash) -> Hash256 {
    var bytes = CanonicalBytes("snapshot/1", byteCount: 128 + body.count)
    bytes.append(height.value)
    bytes.append(stateRoot)
    bytes.append(body)
    return hash(bytes.bytes)
  }
}

/// Values one after the other, such that different values never give the same bytes.
private struct CanonicalBytes {
  private(set) var bytes: [UInt8]

  init(_ domain: String, byteCount: Int, _ memory: consuming [UInt8] = []) {
    bytes = memory
    bytes.removeAll(keepingCapacity: bytes.capacity <= 2 * byteCount)
    bytes.reserveCapacity(byteCount)
    bytes += domain.utf8
  }

  mutating func append(_ number: UInt64) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
  mutating func append(_ value: Bytes32) { value.withBytes { bytes += $0 } }
  mutating func append(_ hash: Hash256) { append(hash.value) }

  mutating func append(_ blob: [UInt8]) {
    append(UInt64(blob.count))
    bytes += blob
  }

  mutating func append(_ text: String) {
    var text = text
    append(UInt64(text.utf8.count))
    text.withUTF8 { bytes += $0 }
  }
}
