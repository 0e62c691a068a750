import Keys
import Primitives

/// The two lists that a header commits to beside the state.
enum BlockRoots {
  /// `BLAKE2b("extrinsics/1" || BLAKE2b(encoded extrinsic) ...)` in block order; signatures are covered.
  static func extrinsicsRoot(_ extrinsics: some Collection<[UInt8]>) -> Hash256 {
    var bytes = Array("extrinsics/1".utf8)
    bytes.reserveCapacity(bytes.count + extrinsics.count * Bytes32.count)
    for extrinsic in extrinsics { Hash256(hashing: extrinsic).value.withBytes { bytes += $0 } }
    return Hash256(hashing: bytes)
  }

  /// `BLAKE2b("events/1" || (cause LE32 || BLAKE2b(encoded event)) ...)` in order; the cause is the place of the
  /// extrinsic plus one, 0 for the block step.
  static func eventsRoot(_ events: [BlockEvent]) -> Hash256 {
    var bytes = Array("events/1".utf8)
    bytes.reserveCapacity(bytes.count + events.count * (4 + Bytes32.count))
    for event in events {
      bytes.append(littleEndian: event.extrinsicIndex.map { $0 + 1 } ?? 0)
      Hash256(hashing: event.encoded).value.withBytes { bytes += $0 }
    }
    return Hash256(hashing: bytes)
  }
}
