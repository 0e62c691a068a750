import CProtobufC
import CWireMessages

/// Every message of `Proto/`, found by walking the compiled descriptors from the roots.
struct MessageSchema: Sendable {
  static let compiled = MessageSchema()

  /// By name, without the package.
  let shapes: [String: MessageShape]
  /// Names of the messages that travel or are stored by themselves.
  let roots: [String]

  /// Types inside types, the outermost included, that a message may have (reliability R7).
  static let depthLimit = 16

  private init() {
    var reader = DescriptorReader()
    var roots: [String] = []
    while let root = cwire_root(roots.count) {
      roots.append(reader.shape(of: root, depth: 1).name)
    }
    self.roots = roots
    shapes = reader.shapes
  }
}

/// Turns descriptors into shapes. A schema that the codec cannot carry stops the program at its first message: it is
/// ours, compiled in, and the tests have read it whole.
private struct DescriptorReader {
  var shapes: [String: MessageShape] = [:]

  mutating func shape(of descriptor: UnsafePointer<ProtobufCMessageDescriptor>, depth: Int) -> MessageShape {
    precondition(depth <= MessageSchema.depthLimit, "A message type is recursive or nested too deeply.")
    let package = String(cString: descriptor.pointee.package_name)
    let name = String(String(cString: descriptor.pointee.name).dropFirst(package.utf8.count + 1))
    if let known = shapes[name] { return known }
    precondition(descriptor.pointee.n_fields <= MessageShape.fieldLimit, "Message \(name) has too many fields.")
    var fields: [FieldShape] = []
    for index in 0..<Int(descriptor.pointee.n_fields) {
      fields.append(field(descriptor.pointee.fields[index], depth: depth))
    }
    let shape = MessageShape(descriptor, name: name, fields: fields)
    shapes[name] = shape
    return shape
  }

  private mutating func field(_ field: ProtobufCFieldDescriptor, depth: Int) -> FieldShape {
    precondition(
      field.label == PROTOBUF_C_LABEL_NONE || field.label == PROTOBUF_C_LABEL_REPEATED,
      "A field is neither proto3 singular nor repeated.")
    return FieldShape(
      name: String(cString: field.name), number: field.id, kind: kind(of: field, depth: depth),
      isRepeated: field.label == PROTOBUF_C_LABEL_REPEATED,
      isOneof: field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue != 0,
      isPacked: field.flags & PROTOBUF_C_FIELD_FLAG_PACKED.rawValue != 0,
      offset: Int(field.offset), quantifierOffset: Int(field.quantifier_offset))
  }

  private mutating func kind(of field: ProtobufCFieldDescriptor, depth: Int) -> FieldShape.Kind {
    switch field.type {
    case PROTOBUF_C_TYPE_UINT32: return .unsigned32
    case PROTOBUF_C_TYPE_UINT64: return .unsigned64
    case PROTOBUF_C_TYPE_SINT64: return .signed64
    case PROTOBUF_C_TYPE_BOOL: return .flag
    case PROTOBUF_C_TYPE_BYTES: return .bytes
    case PROTOBUF_C_TYPE_ENUM:
      let descriptor = field.descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self)
      let numbers = (0..<Int(descriptor.pointee.n_values)).map { descriptor.pointee.values[$0].value }
      return .enumeration(Set(numbers))
    case PROTOBUF_C_TYPE_MESSAGE:
      let descriptor = field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
      return .message(shape(of: descriptor, depth: depth + 1))
    default:
      preconditionFailure("Field \(String(cString: field.name)) has a type that this project does not use.")
    }
  }
}
