/// What a signer puts under the signature; the bytes themselves travel beside it and are what is verified.
///
/// Source: registry 14.
public struct ExtrinsicBody: Hashable, Sendable {
  /// Genesis hash of the chain that this is for.
  public var chainID: Hash256
  public var specVersion: UInt32
  public var signer: AccountID
  public var nonce: UInt64
  /// With `period`, the blocks in which this is valid: `birth < block <= birth + period`.
  public var birth: BlockNumber
  /// 0 (immortal) or a power of two, 4 to 4096.
  public var period: UInt32
  public var tip: Rao
  /// The encoded `Call` message.
  public var call: [UInt8]

  public init(
    chainID: Hash256, specVersion: UInt32, signer: AccountID, nonce: UInt64, birth: BlockNumber, period: UInt32,
    tip: Rao, call: [UInt8]
  ) {
    self.chainID = chainID
    self.specVersion = specVersion
    self.signer = signer
    self.nonce = nonce
    self.birth = birth
    self.period = period
    self.tip = tip
    self.call = call
  }
}

/// A body exactly as it was sent, its signature, and what both say.
public struct Extrinsic: Hashable, Sendable {
  /// BLAKE2b-256 of `bodyBytes`; the signature is not part of it.
  public let id: Hash256
  public let body: ExtrinsicBody
  public let bodyBytes: [UInt8]
  /// 64 bytes over `"tx/1" || bodyBytes`.
  public let signature: [UInt8]

  public init(id: Hash256, body: ExtrinsicBody, bodyBytes: [UInt8], signature: [UInt8]) {
    self.id = id
    self.body = body
    self.bodyBytes = bodyBytes
    self.signature = signature
  }
}

/// The part of a block that is hashed, signed by its author and chained.
public struct BlockHeader: Hashable, Sendable {
  public var number: BlockNumber
  public var parent: Hash256
  /// Milliseconds since 1970, at least one more than the parent's; no rule reads it.
  public var timestampMilliseconds: UInt64
  /// The authority that made the block.
  public var author: AccountID
  public var extrinsicsRoot: Hash256
  public var stateRoot: Hash256
  public var eventsRoot: Hash256

  public init(
    number: BlockNumber, parent: Hash256, timestampMilliseconds: UInt64, author: AccountID, extrinsicsRoot: Hash256,
    stateRoot: Hash256, eventsRoot: Hash256
  ) {
    self.number = number
    self.parent = parent
    self.timestampMilliseconds = timestampMilliseconds
    self.author = author
    self.extrinsicsRoot = extrinsicsRoot
    self.stateRoot = stateRoot
    self.eventsRoot = eventsRoot
  }
}
