/// Which message some bytes are: a type of `Proto/`, by its name without the package.
///
/// Nested types are written with their parent, `Call.Transfer`.
package struct MessageName: Hashable, Sendable, CustomStringConvertible {
  let shape: MessageShape

  /// The message of this name; nil when the schema has none.
  package init?(_ text: String) {
    guard let shape = MessageSchema.compiled.shapes[text] else { return nil }
    self.shape = shape
  }

  init(shape: MessageShape) { self.shape = shape }

  private init(root: StaticString) {
    guard let shape = MessageSchema.compiled.shapes[root.description] else {
      preconditionFailure("The schema has no message \(root).")
    }
    self.shape = shape
  }

  package static let blockAnnouncement = MessageName(root: "BlockAnnouncement")
  package static let blockHeader = MessageName(root: "BlockHeader")
  package static let call = MessageName(root: "Call")
  package static let envelope = MessageName(root: "Envelope")
  package static let event = MessageName(root: "Event")
  package static let extrinsicBody = MessageName(root: "ExtrinsicBody")
  package static let genesis = MessageName(root: "Genesis")
  package static let parameterValue = MessageName(root: "ParameterValue")
  package static let pluginReply = MessageName(root: "PluginReply")
  package static let pluginRequest = MessageName(root: "PluginRequest")
  package static let queryReply = MessageName(root: "QueryReply")
  package static let queryRequest = MessageName(root: "QueryRequest")
  package static let receipt = MessageName(root: "Receipt")
  package static let sealedBlock = MessageName(root: "SealedBlock")
  package static let signedEnvelope = MessageName(root: "SignedEnvelope")
  package static let signedExtrinsic = MessageName(root: "SignedExtrinsic")
  package static let snapshotManifest = MessageName(root: "SnapshotManifest")

  /// The messages that travel or are stored by themselves, sorted by name.
  package static var roots: [MessageName] {
    MessageSchema.compiled.roots.sorted().compactMap { MessageName($0) }
  }

  /// Every message of the schema, sorted by name.
  package static var all: [MessageName] {
    MessageSchema.compiled.shapes.keys.sorted().compactMap { MessageName($0) }
  }

  package var text: String { shape.name }
  package var description: String { text }

  package static func == (left: MessageName, right: MessageName) -> Bool { left.shape === right.shape }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(shape)) }
}

/// What the schema says about one field of a message.
package struct MessageField: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// `uint32`; u8 and u16 travel as this too.
    case unsigned32
    /// `uint64`.
    case unsigned64
    /// `sint64`.
    case signed64
    /// `bool`.
    case flag
    /// An enumerator by its number.
    case enumeration
    /// `bytes`.
    case bytes
    /// A sub-message of this type.
    case message(MessageName)
  }

  package let name: String
  package let number: UInt32
  package let kind: Kind
  package let isRepeated: Bool
  /// Whether this is one of several members of which a message holds at most one.
  package let isOneof: Bool
  /// The numbers that an `enumeration` may have, ascending.
  package let enumerators: [UInt64]
}

extension MessageName {
  /// The fields of this message, in order of definition.
  package var fields: [MessageField] {
    shape.fields.map { field in
      var enumerators: [UInt64] = []
      let kind: MessageField.Kind
      switch field.kind {
      case .unsigned32: kind = .unsigned32
      case .unsigned64: kind = .unsigned64
      case .signed64: kind = .signed64
      case .flag: kind = .flag
      case .enumeration(let numbers):
        kind = .enumeration
        enumerators = numbers.map { UInt64($0) }.sorted()
      case .bytes: kind = .bytes
      case .message(let shape): kind = .message(MessageName(shape: shape))
      }
      return MessageField(
        name: field.name, number: field.number, kind: kind, isRepeated: field.isRepeated, isOneof: field.isOneof,
        enumerators: enumerators)
    }
  }
}
