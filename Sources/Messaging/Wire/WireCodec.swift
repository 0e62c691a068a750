import CProtobufC
import CWireMessages
import Glibc
package import Primitives

/// Bytes to named values and back, for every message of `Proto/`.
///
/// What is plainly canonical is read and written here; the C library does the rest. Both go by the descriptors of its
/// structs, so a new message needs no code. Nothing points into C memory afterwards.
package enum WireCodec {
  /// The one encoding of `fields` as this message.
  ///
  /// Fields that are not given have their default. Entries may stand in any order.
  ///
  /// - Throws: `WireError` when a name, kind or width does not fit, or the result is over the message's limit.
  package static func encode(_ fields: Fields, as message: MessageName) throws(WireError) -> [UInt8] {
    let limit = message.limits.bytes
    var quick = CanonicalMessageWriter(limits: message.limits)
    if quick.write(fields, as: message.shape), quick.bytes.count <= limit { return quick.bytes }
    return try encodeByLibrary(fields, as: message)
  }

  /// The same by the C library alone, which takes the fields in any order and names what does not fit.
  package static func encodeByLibrary(_ fields: Fields, as message: MessageName) throws(WireError) -> [UInt8] {
    let limit = message.limits.bytes
    var writer = MessageWriter(limits: message.limits)
    let bytes = try writer.encoded(fields, as: message.shape)
    guard bytes.count <= limit else {
      throw .tooLarge(message: message.text, count: bytes.count, limit: limit)
    }
    return bytes
  }

  /// The values that `bytes` hold as this message.
  ///
  /// Every number, flag, byte string and list of the message is in the result, defaults included, in order of
  /// definition; a sub-message and a member of a oneof only when present.
  ///
  /// - Throws: `WireError`; bytes that are not the one encoding of their values are refused too, unless the limits
  ///   allow unknown fields.
  /// - Complexity: O(bytes), in time and memory, with all counts checked on the way.
  package static func decode(
    _ bytes: [UInt8], as message: MessageName, limits: WireLimits? = nil
  ) throws(WireError) -> Fields {
    let limits = limits ?? message.limits
    if bytes.count <= limits.bytes {
      var reader = CanonicalMessageReader(limits: limits)
      if let fields = bytes.withUnsafeBytes({ reader.read($0, as: message.shape) }) { return fields }
    }
    return try decodeByLibrary(bytes, as: message, limits: limits)
  }

  /// The same by the C library alone, which reads whatever is well-formed and names what is not allowed.
  package static func decodeByLibrary(
    _ bytes: [UInt8], as message: MessageName, limits: WireLimits? = nil
  ) throws(WireError) -> Fields {
    let limits = limits ?? message.limits
    guard bytes.count <= limits.bytes else {
      throw .tooLarge(message: message.text, count: bytes.count, limit: limits.bytes)
    }
    var memory = ParseMemory(byteCount: limits.arenaBytes(for: bytes.count, of: message.shape))
    return try memory.parse(bytes, as: message.shape, limits: limits)
  }
}

/// The memory of one parsed message, freed at the end of its scope.
private struct ParseMemory: ~Copyable {
  private let base: UnsafeMutableRawPointer
  private let byteCount: Int

  init(byteCount: Int) {
    self.byteCount = byteCount
    base = .allocate(byteCount: byteCount, alignment: 16)
  }

  deinit { base.deallocate() }

  /// Parses, checks that the bytes are canonical, and copies the values out.
  mutating func parse(
    _ bytes: [UInt8], as shape: MessageShape, limits: WireLimits
  ) throws(WireError) -> Fields {
    var arena = CWireArena()
    return try withUnsafeMutablePointer(to: &arena) { arena throws(WireError) in
      cwire_arena_init(arena, base, byteCount)
      let structure = bytes.withUnsafeBufferPointer { buffer in
        protobuf_c_message_unpack(shape.descriptor, &arena.pointee.allocator, buffer.count, buffer.baseAddress)
      }
      guard let structure else {
        throw arena.pointee.refused != 0 ? .tooComplex(message: shape.name) : .malformed(message: shape.name)
      }
      var reader = MessageReader(limits: limits, message: shape.name)
      let fields = try reader.read(UnsafeRawPointer(structure), as: shape)
      guard limits.skipsUnknownFields || isCanonical(structure, bytes) else {
        throw .notCanonical(message: shape.name)
      }
      return fields
    }
  }

  /// Whether packing the parsed message gives the same bytes again.
  private func isCanonical(_ structure: UnsafeMutablePointer<ProtobufCMessage>, _ bytes: [UInt8]) -> Bool {
    let size = protobuf_c_message_get_packed_size(structure)
    guard size == bytes.count else { return false }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(size, 1)) { again in
      protobuf_c_message_pack(structure, again.baseAddress) == size && memcmp(again.baseAddress!, bytes, size) == 0
    }
  }
}
