import Keys
import Ledger
import Primitives
import Storage
import Wire

extension QueryDesk {
  /// The newest snapshot's manifest, or with it a chunk of its bytes.
  func snapshot(_ arguments: Fields) async throws -> ChainReply {
    guard let snapshot = try await shelf.newest(of: producer) else { throw QueryError.notFound("a snapshot") }
    let wanted = arguments.unsigned("number")
    guard wanted == 0 || wanted == snapshot.height.value else { throw QueryError.notFound("snapshot \(wanted)") }
    var fields: Fields = ["manifest": .bytes(snapshot.manifest)]
    if arguments["has_chunk"] == .flag(true) {
      let chunk = arguments.unsigned("chunk")
      guard chunk < UInt64(snapshot.chunkCount) else {
        throw QueryError.notFound("chunk \(chunk) of \(snapshot.chunkCount)")
      }
      fields.append("chunk", .unsigned(chunk))
      fields.append("data", .bytes(snapshot.chunk(Int(chunk))))
    }
    return ChainReply(at: snapshot.height, fields: fields)
  }
}

/// Holds the snapshot that was asked for last: it is read and hashed once, not once for each of its chunks.
actor SnapshotShelf {
  /// A snapshot as it is given to other nodes.
  struct Shelved: Sendable {
    let height: BlockNumber
    /// The encoded `SnapshotManifest`.
    let manifest: [UInt8]
    fileprivate let body: [UInt8]

    var chunkCount: Int { (body.count + QueryDesk.chunkBytes - 1) / QueryDesk.chunkBytes }

    func chunk(_ place: Int) -> [UInt8] {
      let start = place * QueryDesk.chunkBytes
      return Array(body[start..<min(start + QueryDesk.chunkBytes, body.count)])
    }
  }

  private var shelved: Shelved?

  /// The newest snapshot of a node's log; nil while it has none.
  func newest(of producer: BlockProducer) async throws -> Shelved? {
    if let shelved, shelved.height == producer.metrics.snapshotHeight { return shelved }
    let read = try await SnapshotShelf.read(from: producer)
    shelved = read
    return read
  }

  private static func read(from producer: BlockProducer) async throws -> Shelved? {
    guard let snapshot = try await producer.log.latestSnapshot() else { return nil }
    let hash: Hash256
    if let block = try await producer.log.block(at: snapshot.height) {
      hash = block.hash
    } else if let bytes = try await producer.log.beginning() {
      hash = try SealedBlock(decoding: bytes).hash
    } else {
      return nil
    }
    let body = snapshot.body
    let digests = stride(from: 0, to: body.count, by: QueryDesk.chunkBytes).map { start in
      Hash256(hashing: Array(body[start..<min(start + QueryDesk.chunkBytes, body.count)])).bytes
    }
    let manifest = try WireCodec.encode(
      [
        "chain_id": .bytes(producer.genesis.chainID.bytes), "number": .unsigned(snapshot.height.value),
        "block_hash": .bytes(hash.bytes), "state_root": .bytes(snapshot.stateRoot.bytes),
        "spec_version": .unsigned(UInt64(TransactionLimits.specVersion)), "length": .unsigned(UInt64(body.count)),
        "digest": .bytes(Hash256(hashing: body).bytes), "chunk_length": .unsigned(UInt64(QueryDesk.chunkBytes)),
        "chunk_digests": .bytesList(digests),
      ], as: .snapshotManifest)
    return Shelved(height: snapshot.height, manifest: manifest, body: body)
  }
}
