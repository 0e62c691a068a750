package import Primitives

/// The hash function of the chain, handed in because this room knows no cryptography.
package typealias BlockHash = @Sendable ([UInt8]) -> Hash256

/// A block as it is kept: its bytes, and the rows that make its history searchable.
package struct StoredBlock: Hashable, Sendable {
  package let height: BlockNumber
  package let hash: Hash256
  package let parent: Hash256
  package let timestampMilliseconds: UInt64
  package let stateRoot: Hash256
  /// The encoded header, as it was hashed and signed.
  package let header: [UInt8]
  /// The encoded body.
  package let body: [UInt8]
  /// In the order of the block; the place is the extrinsic's index.
  package let extrinsics: [StoredExtrinsic]
  /// In the order of the block; the place is the event's index.
  package let events: [StoredEvent]

  package init(
    height: BlockNumber, hash: Hash256, parent: Hash256, timestampMilliseconds: UInt64, stateRoot: Hash256,
    header: [UInt8], body: [UInt8], extrinsics: [StoredExtrinsic], events: [StoredEvent]
  ) {
    self.height = height
    self.hash = hash
    self.parent = parent
    self.timestampMilliseconds = timestampMilliseconds
    self.stateRoot = stateRoot
    self.header = header
    self.body = body
    self.extrinsics = extrinsics
    self.events = events
  }
}

/// An extrinsic's row and receipt; the signed bytes are in the block's body.
package struct StoredExtrinsic: Hashable, Sendable {
  /// Why it failed.
  package struct Failure: Hashable, Sendable {
    /// The number of the error, never 0.
    package let code: UInt32
    package let name: String
    /// Places of the nested calls that lead to the failed one, such as `0.2`; empty for the call itself.
    package let path: String

    package init(code: UInt32, name: String, path: String = "") {
      self.code = code
      self.name = name
      self.path = path
    }
  }

  package let id: Hash256
  package let signer: AccountID
  package let nonce: UInt64
  /// The name of the call: `AddStake`.
  package let call: String
  /// Nil for success.
  package let failure: Failure?
  package let fee: Rao

  package init(id: Hash256, signer: AccountID, nonce: UInt64, call: String, failure: Failure?, fee: Rao) {
    self.id = id
    self.signer = signer
    self.nonce = nonce
    self.call = call
    self.failure = failure
    self.fee = fee
  }
}

/// An event's row.
package struct StoredEvent: Hashable, Sendable {
  /// The place of the extrinsic that caused it; nil for the block step itself.
  package let extrinsicIndex: UInt32?
  package let name: String
  package let netuid: NetUID?
  /// The event's fields as one JSON object, for people and for `json_extract`; see `Fields.json`.
  package let json: String
  /// The same in the network's encoding, for nodes.
  package let encoded: [UInt8]

  package init(extrinsicIndex: UInt32?, name: String, netuid: NetUID?, json: String, encoded: [UInt8]) {
    self.extrinsicIndex = extrinsicIndex
    self.name = name
    self.netuid = netuid
    self.json = json
    self.encoded = encoded
  }
}

/// Where an extrinsic went and what became of it.
package struct StoredReceipt: Hashable, Sendable {
  package let height: BlockNumber
  package let index: UInt32
  package let extrinsic: StoredExtrinsic

  package init(height: BlockNumber, index: UInt32, extrinsic: StoredExtrinsic) {
    self.height = height
    self.index = index
    self.extrinsic = extrinsic
  }
}

/// The newest block of a store.
package struct StoredHead: Hashable, Sendable {
  package let height: BlockNumber
  package let hash: Hash256
  package let stateRoot: Hash256
  package let timestampMilliseconds: UInt64
  /// Digest of this block and, through the chain of digests, of all before it.
  package let digest: Hash256
}

/// The whole state after a block, from which a restart replays only a tail.
package struct StoredSnapshot: Hashable, Sendable {
  package let height: BlockNumber
  package let stateRoot: Hash256
  package let body: [UInt8]

  package init(height: BlockNumber, stateRoot: Hash256, body: [UInt8]) {
    self.height = height
    self.stateRoot = stateRoot
    self.body = body
  }
}
