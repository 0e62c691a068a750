import CProtobufC
import CWireMessages
import Primitives

/// Builds the C struct of a message from named values and packs it; the struct lives as long as the writer.
struct MessageWriter: ~Copyable {
  private var memory = StructMemory()
  private let limits: WireLimits
  private var groupsLeft: Int

  init(limits: WireLimits) {
    self.limits = limits
    groupsLeft = limits.groups
  }

  /// The encoding of these values.
  mutating func encoded(_ fields: Fields, as shape: MessageShape) throws(WireError) -> [UInt8] {
    let message = try write(fields, as: shape).assumingMemoryBound(to: ProtobufCMessage.self)
    let size = protobuf_c_message_get_packed_size(message)
    guard size > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = protobuf_c_message_pack(message, buffer.baseAddress)
    }
  }

  private mutating func write(
    _ fields: Fields, as shape: MessageShape
  ) throws(WireError) -> UnsafeMutableRawPointer {
    let structure = memory.zeroed(shape.structSize)
    structure.assumingMemoryBound(to: ProtobufCMessage.self).pointee.descriptor = shape.descriptor
    var given: UInt128 = 0
    for entry in fields.entries {
      guard let index = shape.index(named: entry.name) else {
        throw .noSuchField(message: shape.name, field: entry.name)
      }
      let field = shape.fields[index]
      if field.isOneof {
        guard structure.load(fromByteOffset: field.quantifierOffset, as: UInt32.self) == 0 else {
          throw .givenTwice(message: shape.name, field: entry.name)
        }
        structure.storeBytes(of: field.number, toByteOffset: field.quantifierOffset, as: UInt32.self)
      } else {
        guard given & (1 << index) == 0 else { throw .givenTwice(message: shape.name, field: entry.name) }
        given |= 1 << index
      }
      let fits =
        field.isRepeated
        ? try writeList(entry.value, field, into: structure)
        : try writeSingle(entry.value, field, into: structure)
      guard fits else { throw .unfitValue(message: shape.name, field: entry.name) }
    }
    return structure
  }

  /// False when the value is of another kind or too wide.
  private mutating func writeSingle(
    _ value: FieldValue, _ field: FieldShape, into structure: UnsafeMutableRawPointer
  ) throws(WireError) -> Bool {
    switch (field.kind, value) {
    case (.unsigned32, .unsigned(let number)):
      guard let narrow = UInt32(exactly: number) else { return false }
      structure.storeBytes(of: narrow, toByteOffset: field.offset, as: UInt32.self)
    case (.unsigned64, .unsigned(let number)):
      structure.storeBytes(of: number, toByteOffset: field.offset, as: UInt64.self)
    case (.signed64, .signed(let number)):
      structure.storeBytes(of: number, toByteOffset: field.offset, as: Int64.self)
    case (.flag, .flag(let flag)):
      structure.storeBytes(of: flag ? 1 : 0, toByteOffset: field.offset, as: protobuf_c_boolean.self)
    case (.enumeration(let numbers), .unsigned(let number)):
      guard let narrow = Int32(exactly: number), numbers.contains(narrow) else { return false }
      structure.storeBytes(of: narrow, toByteOffset: field.offset, as: Int32.self)
    case (.bytes, .bytes(let bytes)):
      structure.storeBytes(of: memory.copied(bytes), toByteOffset: field.offset, as: ProtobufCBinaryData.self)
    case (.message(let shape), .group(let fields)):
      let inner = try writeGroup(fields, as: shape)
      structure.storeBytes(of: inner, toByteOffset: field.offset, as: UnsafeMutableRawPointer.self)
    default:
      return false
    }
    return true
  }

  private mutating func writeList(
    _ value: FieldValue, _ field: FieldShape, into structure: UnsafeMutableRawPointer
  ) throws(WireError) -> Bool {
    let count: Int
    let items: UnsafeMutableRawPointer
    switch (field.kind, value) {
    case (.unsigned32, .unsignedList(let numbers)):
      count = numbers.count
      items = memory.zeroed(count * MemoryLayout<UInt32>.stride)
      for (index, number) in numbers.enumerated() {
        guard let narrow = UInt32(exactly: number) else { return false }
        items.storeBytes(of: narrow, toByteOffset: index * 4, as: UInt32.self)
      }
    case (.unsigned64, .unsignedList(let numbers)):
      count = numbers.count
      items = memory.zeroed(count * MemoryLayout<UInt64>.stride)
      for (index, number) in numbers.enumerated() {
        items.storeBytes(of: number, toByteOffset: index * 8, as: UInt64.self)
      }
    case (.bytes, .bytesList(let strings)):
      count = strings.count
      let stride = MemoryLayout<ProtobufCBinaryData>.stride
      items = memory.zeroed(count * stride)
      for (index, string) in strings.enumerated() {
        items.storeBytes(of: memory.copied(string), toByteOffset: index * stride, as: ProtobufCBinaryData.self)
      }
    case (.message(let shape), .groupList(let groups)):
      count = groups.count
      let stride = MemoryLayout<UnsafeMutableRawPointer>.stride
      items = memory.zeroed(count * stride)
      for (index, group) in groups.enumerated() {
        let inner = try writeGroup(group, as: shape)
        items.storeBytes(of: inner, toByteOffset: index * stride, as: UnsafeMutableRawPointer.self)
      }
    default:
      return false
    }
    guard count <= limits.items else { throw .tooManyItems(field: field.name, count: count, limit: limits.items) }
    structure.storeBytes(of: count, toByteOffset: field.quantifierOffset, as: Int.self)
    if count > 0 { structure.storeBytes(of: items, toByteOffset: field.offset, as: UnsafeMutableRawPointer.self) }
    return true
  }

  private mutating func writeGroup(
    _ fields: Fields, as shape: MessageShape
  ) throws(WireError) -> UnsafeMutableRawPointer {
    guard groupsLeft > 0 else { throw .tooManyGroups(message: shape.name, limit: limits.groups) }
    groupsLeft -= 1
    return try write(fields, as: shape)
  }
}

/// Zeroed pieces of memory, cut from larger blocks and freed together.
private struct StructMemory: ~Copyable {
  private static let blockBytes = 4096
  private var blocks: [UnsafeMutableRawPointer] = []
  private var next: UnsafeMutableRawPointer?
  private var left = 0

  deinit {
    for block in blocks { block.deallocate() }
  }

  mutating func zeroed(_ count: Int) -> UnsafeMutableRawPointer {
    let size = (max(count, 1) + 15) & ~15
    if size > left {
      left = max(size, StructMemory.blockBytes)
      let block = UnsafeMutableRawPointer.allocate(byteCount: left, alignment: 16)
      blocks.append(block)
      next = block
    }
    guard let piece = next else { preconditionFailure("A block was just made.") }
    next = piece + size
    left -= size
    piece.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    return piece
  }

  mutating func copied(_ bytes: [UInt8]) -> ProtobufCBinaryData {
    guard !bytes.isEmpty else { return ProtobufCBinaryData(len: 0, data: nil) }
    let piece = zeroed(bytes.count)
    bytes.withUnsafeBytes { piece.copyMemory(from: $0.baseAddress!, byteCount: bytes.count) }
    return ProtobufCBinaryData(len: bytes.count, data: piece.assumingMemoryBound(to: UInt8.self))
  }
}
