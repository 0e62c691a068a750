/// How much of a message is read before it is refused.
package struct WireLimits: Hashable, Sendable {
  /// Bytes of the encoded message.
  package var bytes: Int
  /// Items of one repeated field.
  package var items: Int
  /// Sub-messages in the whole message.
  package var groups: Int
  /// Whether fields unknown to this version are skipped, and with them the demand for canonical bytes.
  ///
  /// Only in what no signature or hash covers.
  package var skipsUnknownFields: Bool

  package init(bytes: Int, items: Int, groups: Int, skipsUnknownFields: Bool = false) {
    self.bytes = bytes
    self.items = items
    self.groups = groups
    self.skipsUnknownFields = skipsUnknownFields
  }

  /// Bytes of one transaction with its signature (registry 14).
  package static let extrinsicBytes = 64 << 10
  /// Bytes of one sealed block (registry 14), with its header.
  package static let blockBytes = (5 << 20) + 4096
  /// Transactions of one block (registry 14).
  package static let blockExtrinsics = 5000
  /// Bytes of an envelope with its signature.
  package static let envelopeBytes = 4096
  /// Bytes of a request to the chain.
  package static let queryRequestBytes = 256 << 10
  /// Bytes of one reply of the chain, and of any message without a limit of its own.
  package static let replyBytes = 1 << 20
  /// Bytes of what a plugin program says: a request, its challenge and what names them.
  package static let pluginReplyBytes = (1 << 20) + (512 << 10)
  /// Bytes of what a plugin program is asked: all answers of a round, and what names them.
  package static let pluginRequestBytes = 34 << 20
  /// Rows of one page of a query.
  package static let pageRows = 256

  /// Memory that the parsed form of `count` bytes may take: what the densest honest message of this type needs.
  ///
  /// The parser notes up to 80 bytes for each field it meets, a field has two bytes at least, and an empty
  /// sub-message of two bytes takes its whole struct. Large messages are never that dense throughout.
  func arenaBytes(for count: Int, of shape: MessageShape) -> Int {
    let densest = 8192 + 64 * count + min(groups, count / 2) * (shape.largestItemSize + 32)
    return min(densest, (16 << 20) + 4 * count)
  }
}

extension MessageName {
  /// The limits that a decoder applies unless told otherwise.
  package var limits: WireLimits {
    switch self {
    case .call, .extrinsicBody, .signedExtrinsic, .event:
      WireLimits(bytes: WireLimits.extrinsicBytes, items: 4096, groups: 4096)
    case .envelope, .signedEnvelope:
      WireLimits(bytes: WireLimits.envelopeBytes, items: 0, groups: 0)
    case .blockHeader:
      WireLimits(bytes: 1024, items: 0, groups: 0)
    case .sealedBlock:
      WireLimits(bytes: WireLimits.blockBytes, items: WireLimits.blockExtrinsics, groups: 0)
    case .queryRequest:
      WireLimits(bytes: WireLimits.queryRequestBytes, items: 256, groups: 256)
    case .queryReply:
      WireLimits(bytes: WireLimits.replyBytes, items: 4096, groups: 8192, skipsUnknownFields: true)
    case .pluginReply:
      WireLimits(bytes: WireLimits.pluginReplyBytes, items: 1024, groups: 1026, skipsUnknownFields: true)
    case .pluginRequest:
      WireLimits(bytes: WireLimits.pluginRequestBytes, items: 1024, groups: 1030, skipsUnknownFields: true)
    default:
      WireLimits(bytes: WireLimits.replyBytes, items: 8192, groups: 8192)
    }
  }
}
