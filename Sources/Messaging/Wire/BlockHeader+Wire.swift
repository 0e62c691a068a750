package import Keys
package import Primitives

extension BlockHeader {
  /// The bytes that are hashed and signed.
  package var encoded: [UInt8] {
    do throws(WireError) {
      return try WireCodec.encode(
        [
          "number": .unsigned(number.value), "parent": .bytes(parent.bytes),
          "timestamp_ms": .unsigned(timestampMilliseconds), "author": .bytes(author.bytes),
          "extrinsics_root": .bytes(extrinsicsRoot.bytes), "state_root": .bytes(stateRoot.bytes),
          "events_root": .bytes(eventsRoot.bytes),
        ], as: .blockHeader)
    } catch {
      preconditionFailure("Every header has an encoding: \(error)")
    }
  }

  /// The hash of a block with this header.
  package var hash: Hash256 { Hash256(hashing: encoded) }

  package init(decoding bytes: [UInt8]) throws(WireError) {
    let fields = try WireCodec.decode(bytes, as: .blockHeader)
    self.init(
      number: BlockNumber(try fields.number("number")), parent: try fields.hash("parent"),
      timestampMilliseconds: try fields.number("timestamp_ms"), author: try fields.account("author"),
      extrinsicsRoot: try fields.hash("extrinsics_root"), stateRoot: try fields.hash("state_root"),
      eventsRoot: try fields.hash("events_root"))
  }
}

/// A block as it is stored and sent: a signed header and the extrinsics' bytes.
package struct SealedBlock: Hashable, Sendable {
  package let header: BlockHeader
  /// Exactly as they were signed.
  package let headerBytes: [UInt8]
  /// BLAKE2b-256 of `headerBytes`.
  package let hash: Hash256
  /// The author's 64 bytes over `"block/1" || genesis hash || headerBytes`.
  package let signature: [UInt8]
  /// Encoded `SignedExtrinsic` messages in block order.
  package let extrinsics: [[UInt8]]

  private init(header: BlockHeader, headerBytes: [UInt8], signature: [UInt8], extrinsics: [[UInt8]]) {
    self.header = header
    self.headerBytes = headerBytes
    self.hash = Hash256(hashing: headerBytes)
    self.signature = signature
    self.extrinsics = extrinsics
  }

  /// Signs a header for one chain and joins its extrinsics to it.
  ///
  /// - Precondition: The key is the header's author.
  package init(sealing header: BlockHeader, extrinsics: [[UInt8]], chainID: Hash256, with key: KeyPair) {
    precondition(key.account == header.author, "A block is signed by the author that it names.")
    let bytes = header.encoded
    self.init(
      header: header, headerBytes: bytes, signature: key.sign(.block, chainID.bytes + bytes).bytes,
      extrinsics: extrinsics)
  }

  /// Reads a sealed block; its extrinsics stay bytes and the signature is not verified yet.
  package init(decoding bytes: [UInt8]) throws(WireError) {
    let fields = try WireCodec.decode(bytes, as: .sealedBlock)
    let headerBytes = try fields.bytes("header")
    let signature = try fields.bytes("signature")
    guard signature.count == Signature.count else {
      throw .wrongLength(field: "signature", count: signature.count, expected: Signature.count)
    }
    self.init(
      header: try BlockHeader(decoding: headerBytes), headerBytes: headerBytes, signature: signature,
      extrinsics: try fields.byteStrings("extrinsics"))
  }

  /// The one encoding of this block: what the block log keeps and nodes exchange.
  ///
  /// - Throws: `WireError.tooLarge` above 5 MiB, `tooManyItems` above 5000 extrinsics.
  package func encoded() throws(WireError) -> [UInt8] {
    try WireCodec.encode(
      ["header": .bytes(headerBytes), "signature": .bytes(signature), "extrinsics": .bytesList(extrinsics)],
      as: .sealedBlock)
  }

  /// Whether the author named in the header signed it for this chain. Whether it may make blocks is for the chain.
  package func hasValidSignature(chainID: Hash256) -> Bool {
    Signature(signature)?.verifies(.block, chainID.bytes + headerBytes, by: header.author) ?? false
  }
}
