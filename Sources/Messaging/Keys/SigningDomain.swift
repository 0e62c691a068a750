/// What a signature is for; its tag stands before the signed bytes, so that no signature means two things.
///
/// No tag is the beginning of another one: bytes signed in one domain can then never be read as bytes of another.
///
/// - Source: reliability R4, registry 14.
package enum SigningDomain: String, CaseIterable, Sendable {
  /// The body of an extrinsic.
  case extrinsic = "tx/1"
  /// A request envelope between nodes.
  case envelope = "envelope/1"
  /// The reply to a request envelope.
  case reply = "reply/1"
  /// A block header.
  case block = "block/1"

  /// The ASCII bytes before the message.
  package var tag: [UInt8] { Array(rawValue.utf8) }

  /// What is really signed: the tag, then the exact bytes.
  func tagged(_ bytes: [UInt8]) -> [UInt8] {
    var tagged: [UInt8] = []
    tagged.reserveCapacity(rawValue.utf8.count + bytes.count)
    tagged.append(contentsOf: rawValue.utf8)
    tagged.append(contentsOf: bytes)
    return tagged
  }
}
