/// Turns `Codable` values into bytes and back: each value has one encoding, and no bytes can do harm.
///
/// The format is CBOR (RFC 8949) in its core deterministic form: shortest integers, lengths and floating-point
/// numbers, definite lengths, map keys in the order of their bytes. Properties become a map with text keys, `[UInt8]`
/// a byte string, other sequences an array. A reader refuses everything else: tags, indefinite lengths, `undefined`,
/// NaN and the infinities, duplicate or unordered keys, bytes after the value. Unknown keys are skipped, as `Codable`
/// does; a whole number is taken for a `Double` when nothing is lost.
///
/// A `Set` has no order to write, so equal sets may give different bytes: send a sorted array.
public struct MessageCoder: Hashable, Sendable {
  /// The longest message, in bytes.
  public var sizeLimit: Int
  /// The most arrays and maps within each other.
  public var depthLimit: Int

  public init(sizeLimit: Int = 256 * 1024, depthLimit: Int = 32) {
    self.sizeLimit = sizeLimit
    self.depthLimit = depthLimit
  }

  /// For requests: what a miner's socket takes (reliability R10).
  public static let requests = MessageCoder(sizeLimit: 256 * 1024)
  /// For responses: what a validator takes as a reply (reliability R10).
  public static let responses = MessageCoder(sizeLimit: 1024 * 1024)
  /// For what a validator keeps about a task; it is part of the saved state while its answers wait.
  public static let challenges = MessageCoder(sizeLimit: 1024 * 1024)

  /// For what a mechanism remembers; the whole of it is saved after each round.
  public static let memories = MessageCoder(sizeLimit: 1024 * 1024)

  /// The one encoding of a value.
  ///
  /// - Throws: `.tooLarge`, `.tooDeep`, `.unsupported` for NaN and infinities, `.mismatch` when the type throws.
  public func encode<Value: Encodable>(_ value: Value) throws(MessageError) -> [UInt8] {
    let tree: MessageValue
    do {
      let draft = Draft(depth: 0, depthLimit: depthLimit)
      try draft.fill(with: value, path: [])
      tree = draft.finished
    } catch let error as MessageError {
      throw error
    } catch {
      throw MessageError(.mismatch, "\(Value.self) refused to encode")
    }
    var writer = MessageWriter(sizeLimit: sizeLimit)
    try writer.write(tree)
    return writer.bytes
  }

  /// Reads a value from bytes that may be anybody's.
  ///
  /// - Throws: A `MessageError`; never traps, and never allocates more than a fixed multiple of `bytes.count`.
  public func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(MessageError) -> Value {
    guard bytes.count <= sizeLimit else {
      throw MessageError(.tooLarge, "\(bytes.count) bytes, limit \(sizeLimit)")
    }
    var reader = MessageReader(bytes, depthLimit: depthLimit)
    let tree = try reader.readMessage()
    do {
      return try decoded(type, from: tree, path: [])
    } catch let error as MessageError {
      throw error
    } catch let error as DecodingError {
      throw MessageError(.mismatch, "at \(pathText(error.codingPath))")
    } catch {
      throw MessageError(.mismatch, "\(Value.self) refused the value")
    }
  }
}

extension DecodingError {
  fileprivate var codingPath: [any CodingKey] {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
      .dataCorrupted(let context):
      context.codingPath
    @unknown default: []
    }
  }
}

/// A place in a message for a log line; keys of a stranger's dictionary may be part of it.
func pathText(_ path: [any CodingKey]) -> String {
  guard !path.isEmpty else { return "the top" }
  return path.map { key in key.intValue.map(String.init) ?? quoted(key.stringValue) }.joined(separator: ".")
}
