/// One message as it travels: the signed envelope, then the payload in chunks; all of it opaque here.
///
/// A value of this type is within every cap, so nothing behind it counts again.
/// - Source: registry 11; reliability R7, R10.
package struct MessageFrames: Hashable, Sendable {
  /// Bytes of the largest frame, envelope or chunk: 256 KiB.
  package static let frameByteLimit = 256 * 1024
  /// The most payload chunks of one message.
  package static let chunkLimit = 16
  /// Bytes of the largest payload: 4 MiB.
  package static let payloadByteLimit = frameByteLimit * chunkLimit

  package let envelope: [UInt8]
  package let chunks: [[UInt8]]

  /// Takes frames as they are.
  ///
  /// - Throws: `.tooManyChunks` or `.frameTooLarge`; the count is checked first.
  package init(envelope: [UInt8], chunks: [[UInt8]] = []) throws(FrameError) {
    guard chunks.count <= MessageFrames.chunkLimit else { throw .tooManyChunks(count: chunks.count) }
    guard envelope.count <= MessageFrames.frameByteLimit else { throw .frameTooLarge(bytes: envelope.count) }
    for chunk in chunks where chunk.count > MessageFrames.frameByteLimit {
      throw .frameTooLarge(bytes: chunk.count)
    }
    self.envelope = envelope
    self.chunks = chunks
  }

  /// Cuts a payload into chunks of the largest size; an empty payload has no chunk.
  ///
  /// - Throws: `.payloadTooLarge` or `.frameTooLarge`.
  package init(envelope: [UInt8], payload: [UInt8]) throws(FrameError) {
    guard payload.count <= MessageFrames.payloadByteLimit else { throw .payloadTooLarge(bytes: payload.count) }
    let starts = stride(from: 0, to: payload.count, by: MessageFrames.frameByteLimit)
    let chunks = starts.map { start in
      Array(payload[start..<min(start + MessageFrames.frameByteLimit, payload.count)])
    }
    try self.init(envelope: envelope, chunks: chunks)
  }

  /// The chunks in order, as one array.
  package var payload: [UInt8] {
    guard var bytes = chunks.first else { return [] }
    bytes.reserveCapacity(chunks.reduce(0) { $0 + $1.count })
    for chunk in chunks.dropFirst() { bytes += chunk }
    return bytes
  }
}

/// Why frames are not a message.
package enum FrameError: Error, Hashable, Sendable {
  case frameTooLarge(bytes: Int)
  case tooManyChunks(count: Int)
  case payloadTooLarge(bytes: Int)
}
