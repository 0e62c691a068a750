/// A request or response in the author's own form, such as a protobuf message: it travels as the bytes that it gives.
///
/// Two lines make a generated message one of them:
///
/// ```swift
/// extension Question: ByteMessage {
///   public init(messageBytes: [UInt8]) throws { try self.init(serializedBytes: messageBytes) }
///   public func messageBytes() throws -> [UInt8] { try serializedBytes() }
/// }
/// ```
public protocol ByteMessage: Codable, Sendable {
  /// Reads a stranger's bytes; it throws for what is no message, and must not trap.
  init(messageBytes: [UInt8]) throws

  /// The bytes to send.
  func messageBytes() throws -> [UInt8]
}

extension ByteMessage {
  public init(from decoder: any Decoder) throws {
    try self.init(messageBytes: try decoder.singleValueContainer().decode([UInt8].self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(try messageBytes())
  }
}
