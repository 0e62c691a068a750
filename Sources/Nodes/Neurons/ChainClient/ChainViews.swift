package import Primitives
import Wire

/// The state of the chain's node at one moment.
package struct ChainStatusView: Hashable, Sendable {
  package let chainID: Hash256
  package let name: String
  package let software: String
  package let specVersion: UInt32
  package let height: BlockNumber
  package let headHash: Hash256
  package let stateRoot: Hash256
  package let timestampMilliseconds: UInt64
  package let blockTime: Duration
  package let isSyncing: Bool
  package let isPaused: Bool
  package let isProducer: Bool
  /// Extrinsics that wait in the pool.
  package let pooled: UInt32
  package let issuance: Rao
  package let oldestBlock: BlockNumber

  init(_ fields: Fields) throws(WireError) {
    chainID = try fields.hash("chain_id")
    name = try fields.text("name")
    software = try fields.text("software")
    specVersion = try fields.number("spec_version", as: UInt32.self)
    height = BlockNumber(try fields.number("height"))
    headHash = try fields.hash("head_hash")
    stateRoot = try fields.hash("state_root")
    timestampMilliseconds = try fields.number("timestamp_ms")
    blockTime = .milliseconds(Int64(try fields.number("block_time_ms", as: UInt32.self)))
    isSyncing = try fields.flag("syncing")
    isPaused = try fields.flag("paused")
    isProducer = try fields.flag("is_producer")
    pooled = try fields.number("pooled", as: UInt32.self)
    issuance = Rao(try fields.number("issuance"))
    oldestBlock = BlockNumber(try fields.number("oldest_block"))
  }
}

/// One account at one block.
package struct AccountView: Hashable, Sendable {
  /// The block that this describes.
  package let block: BlockNumber
  package let nonce: UInt64
  package let free: Rao
  package let reserved: Rao
  /// The first nonce that neither the state nor the pool holds.
  package let nextNonce: UInt64

  init(_ fields: Fields, at block: BlockNumber) throws(WireError) {
    self.block = block
    nonce = try fields.number("nonce")
    free = Rao(try fields.number("free"))
    reserved = Rao(try fields.number("reserved"))
    nextNonce = try fields.number("next_nonce")
  }
}

/// A subnet's epochs as they are due.
package struct EpochScheduleView: Hashable, Sendable {
  /// Nil when the tempo is 0.
  package let nextEpochBlock: BlockNumber?
  package let blocksUntilEpoch: UInt64
  package let epochIndex: UInt64
  package let tempo: UInt16
  package let lastEpochBlock: BlockNumber
  package let blocksSinceLastStep: UInt64
  /// Owners' changes are refused now.
  package let isFrozen: Bool

  init(_ fields: Fields) throws(WireError) {
    nextEpochBlock = try fields.optionalNumber("next_epoch_block").map { BlockNumber($0) }
    blocksUntilEpoch = try fields.number("blocks_until_epoch")
    epochIndex = try fields.number("epoch_index")
    tempo = try fields.number("tempo", as: UInt16.self)
    lastEpochBlock = BlockNumber(try fields.number("last_epoch_block"))
    blocksSinceLastStep = try fields.number("blocks_since_last_step")
    isFrozen = try fields.flag("frozen")
  }
}

/// A promise of weights that waits for its reveal, as the chain holds it.
package struct WeightCommitView: Hashable, Sendable {
  package let hash: Hash256
  package let epoch: UInt64
  package let block: BlockNumber
  /// The blocks in which it may be revealed, as far as they are known.
  package let revealFrom: BlockNumber
  package let revealUntil: BlockNumber

  init(_ fields: Fields) throws(WireError) {
    hash = try fields.hash("hash")
    epoch = try fields.number("epoch")
    block = BlockNumber(try fields.number("block"))
    revealFrom = BlockNumber(try fields.number("reveal_from_block"))
    revealUntil = BlockNumber(try fields.number("reveal_until_block"))
  }
}

/// One block as the chain announced it.
package struct BlockHead: Hashable, Sendable {
  package let number: BlockNumber
  package let hash: Hash256
  /// Nil for genesis, which nobody signed.
  package let header: BlockHeader?
  /// `Event` messages of the block; empty when they are too many to announce.
  package let events: [Fields]
  /// How many events the block has.
  package let eventCount: UInt32

  /// Reads a `BlockAnnouncement`.
  init(announcement bytes: [UInt8]) throws(WireError) {
    let fields = try WireCodec.decode(bytes, as: .blockAnnouncement)
    let header = try BlockHeader(decoding: try fields.bytes("header"))
    var events: [Fields] = []
    for event in try fields.byteStrings("events") { events.append(try WireCodec.decode(event, as: .event)) }
    try self.init(
      number: header.number, hash: try fields.hash("hash"), header: header, events: events,
      eventCount: try fields.number("event_count", as: UInt32.self))
  }

  /// Reads a `ChainHead`, which tells no events.
  init(chainHead fields: Fields) throws(WireError) {
    let bytes = try fields.bytes("header")
    try self.init(
      number: BlockNumber(try fields.number("number")), hash: try fields.hash("hash"),
      header: bytes.isEmpty ? nil : try BlockHeader(decoding: bytes), events: [], eventCount: 0)
  }

  private init(
    number: BlockNumber, hash: Hash256, header: BlockHeader?, events: [Fields], eventCount: UInt32
  ) throws(WireError) {
    if let header {
      guard header.hash == hash, header.number == number else { throw .outOfRange(field: "hash") }
    }
    self.number = number
    self.hash = hash
    self.header = header
    self.events = events
    self.eventCount = eventCount
  }
}

extension Fields {
  /// Bytes as text; foreign, so escape it before it is shown.
  func text(_ name: String) throws(WireError) -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// An account that may be absent.
  func optionalAccount(_ name: String) throws(WireError) -> AccountID? {
    try bytes(name).isEmpty ? nil : try account(name)
  }
}
