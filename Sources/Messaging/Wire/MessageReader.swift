import CProtobufC
import CWireMessages
import Primitives

/// Copies the values of a parsed message out of its C struct.
struct MessageReader {
  private let limits: WireLimits
  private let message: String
  private var groupsLeft: Int

  init(limits: WireLimits, message: String) {
    self.limits = limits
    self.message = message
    groupsLeft = limits.groups
  }

  mutating func read(_ structure: UnsafeRawPointer, as shape: MessageShape) throws(WireError) -> Fields {
    let base = structure.assumingMemoryBound(to: ProtobufCMessage.self)
    if base.pointee.n_unknown_fields != 0, !limits.skipsUnknownFields {
      throw .unknownField(message: shape.name, number: base.pointee.unknown_fields[0].tag)
    }
    var fields = Fields()
    fields.entries.reserveCapacity(shape.steps.count)
    for step in shape.steps {
      let field: FieldShape
      switch step {
      case .field(let index):
        field = shape.fields[index]
      case .oneof(let oneof):
        let number = structure.load(fromByteOffset: oneof.caseOffset, as: UInt32.self)
        guard let index = oneof.index(of: number) else { continue }
        field = shape.fields[index]
      }
      guard let value = try field.isRepeated ? list(field, in: structure) : single(field, in: structure) else {
        continue
      }
      fields.append(field.name, value)
    }
    return fields
  }

  /// The value of a singular field; nil for a sub-message that is not there.
  private mutating func single(
    _ field: FieldShape, in structure: UnsafeRawPointer
  ) throws(WireError) -> FieldValue? {
    switch field.kind {
    case .unsigned32:
      return .unsigned(UInt64(structure.load(fromByteOffset: field.offset, as: UInt32.self)))
    case .unsigned64:
      return .unsigned(structure.load(fromByteOffset: field.offset, as: UInt64.self))
    case .signed64:
      return .signed(structure.load(fromByteOffset: field.offset, as: Int64.self))
    case .flag:
      return .flag(structure.load(fromByteOffset: field.offset, as: protobuf_c_boolean.self) != 0)
    case .enumeration(let numbers):
      let number = structure.load(fromByteOffset: field.offset, as: Int32.self)
      guard numbers.contains(number) else { throw .unknownEnumerator(field: field.name, number: Int64(number)) }
      return .unsigned(UInt64(number))
    case .bytes:
      return .bytes(copy(structure.load(fromByteOffset: field.offset, as: ProtobufCBinaryData.self)))
    case .message(let shape):
      guard let inner = structure.load(fromByteOffset: field.offset, as: UnsafeRawPointer?.self) else { return nil }
      return .group(try group(inner, as: shape))
    }
  }

  private mutating func list(_ field: FieldShape, in structure: UnsafeRawPointer) throws(WireError) -> FieldValue {
    let count = structure.load(fromByteOffset: field.quantifierOffset, as: Int.self)
    guard count <= limits.items else { throw .tooManyItems(field: field.name, count: count, limit: limits.items) }
    let items = structure.load(fromByteOffset: field.offset, as: UnsafeRawPointer?.self)
    switch field.kind {
    case .unsigned32:
      let numbers = UnsafeBufferPointer(start: items?.assumingMemoryBound(to: UInt32.self), count: count)
      return .unsignedList(numbers.map { UInt64($0) })
    case .unsigned64:
      let numbers = UnsafeBufferPointer(start: items?.assumingMemoryBound(to: UInt64.self), count: count)
      return .unsignedList(Array(numbers))
    case .bytes:
      let strings = UnsafeBufferPointer(start: items?.assumingMemoryBound(to: ProtobufCBinaryData.self), count: count)
      return .bytesList(strings.map(copy))
    case .message(let shape):
      let inner = UnsafeBufferPointer(start: items?.assumingMemoryBound(to: UnsafeRawPointer.self), count: count)
      guard count <= groupsLeft else { throw .tooManyGroups(message: message, limit: limits.groups) }
      var groups: [Fields] = []
      groups.reserveCapacity(count)
      for item in inner { groups.append(try group(item, as: shape)) }
      return .groupList(groups)
    case .signed64, .flag, .enumeration:
      preconditionFailure("Field \(field.name) repeats a kind that lists do not have.")
    }
  }

  private mutating func group(_ structure: UnsafeRawPointer, as shape: MessageShape) throws(WireError) -> Fields {
    guard groupsLeft > 0 else { throw .tooManyGroups(message: message, limit: limits.groups) }
    groupsLeft -= 1
    return try read(structure, as: shape)
  }

  private func copy(_ data: ProtobufCBinaryData) -> [UInt8] {
    Array(UnsafeBufferPointer(start: data.data, count: data.len))
  }
}
