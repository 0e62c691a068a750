import Keys
import Ledger
import Primitives
import Storage
import Wire

/// Fetches the newest snapshot of the followed node, so that a fresh follower need not execute the chain from genesis.
///
/// Nothing of it is believed before all of it is checked: each chunk against the manifest, the bytes against its digest,
/// the state's root against the header of its block, and that header's signature against an authority of the genesis or
/// the account that the operator named. Source: reliability 3.3, 3.6.
struct SnapshotDownload: Sendable {
  /// Bytes of a snapshot that a follower takes; what is larger is replayed from genesis.
  static let byteLimit: UInt64 = 1 << 30
  /// Bytes of one chunk.
  static let chunkByteLimit: UInt64 = 1 << 20

  /// A state with the block that proves it.
  struct Downloaded: Sendable {
    let block: KeptBlock
    /// The encoded `SealedBlock`.
    let sealed: [UInt8]
    let snapshot: StoredSnapshot
  }

  private struct Manifest {
    let number: BlockNumber
    let blockHash: Hash256
    let stateRoot: Hash256
    let length: UInt64
    let digest: Hash256
    let chunks: [Hash256]
  }

  let source: BlockSource
  let genesis: ChainGenesis

  /// - Returns: Nil when there is no snapshot, none of a usable size, or no answer: then blocks are fetched one by one.
  /// - Throws: `ChainNodeError.diverged` for what is not as it was signed; `CancellationError`.
  func run() async throws -> Downloaded? {
    guard let fields = try await source.snapshotManifest(), let manifest = try read(fields),
      let bytes = try await bytes(of: manifest), case .block(let encoded) = try await source.block(manifest.number)
    else { return nil }
    func require(_ holds: Bool, _ what: String) throws(ChainNodeError) {
      guard holds else { throw .diverged("its snapshot there \(what)", height: manifest.number) }
    }
    try require(Hash256(hashing: bytes) == manifest.digest, "has another digest than its manifest says")
    let sealed: SealedBlock
    do throws(WireError) {
      sealed = try SealedBlock(decoding: encoded)
    } catch {
      throw ChainNodeError.diverged("its block cannot be read: \(error)", height: manifest.number)
    }
    try require(
      sealed.header.number == manifest.number && sealed.hash == manifest.blockHash, "belongs to another block")
    try require(sealed.hasValidSignature(chainID: genesis.chainID), "has a header that its author did not sign")
    try require(isTrusted(sealed.header.author), "has a header by an account that is no authority")
    guard var state = LedgerState(canonicalBytes: bytes) else {
      throw ChainNodeError.diverged("its snapshot is no state", height: manifest.number)
    }
    let root = StateRoot(takingChangesOf: &state)
    try require(state.block == manifest.number && root.hash == sealed.header.stateRoot, "has another state root")
    return Downloaded(
      block: KeptBlock(state: state, root: root, header: sealed.header), sealed: encoded,
      snapshot: StoredSnapshot(height: manifest.number, stateRoot: root.hash, body: bytes))
  }

  /// The state names authorities too, but a forged state would name forged ones.
  private func isTrusted(_ author: AccountID) -> Bool {
    author == source.account || genesis.genesis.authorities.contains(author)
  }

  /// Nil for a snapshot that this program does not take: too large, or of other rules.
  private func read(_ fields: Fields) throws -> Manifest? {
    let number = BlockNumber(fields.unsigned("number"))
    guard Hash256(fields.byteString("chain_id")) == genesis.chainID else {
      throw ChainNodeError.diverged("its snapshot there is of another network", height: number)
    }
    let (length, chunkLength) = (fields.unsigned("length"), fields.unsigned("chunk_length"))
    guard case .bytesList(let digests)? = fields["chunk_digests"],
      let blockHash = Hash256(fields.byteString("block_hash")),
      let stateRoot = Hash256(fields.byteString("state_root")), let digest = Hash256(fields.byteString("digest")),
      fields.unsigned("spec_version") == UInt64(TransactionLimits.specVersion), number > .genesis,
      (1...SnapshotDownload.byteLimit).contains(length), (1...SnapshotDownload.chunkByteLimit).contains(chunkLength),
      UInt64(digests.count) == (length + chunkLength - 1) / chunkLength
    else { return nil }
    let chunks = digests.compactMap { Hash256($0) }
    guard chunks.count == digests.count else { return nil }
    return Manifest(
      number: number, blockHash: blockHash, stateRoot: stateRoot, length: length, digest: digest, chunks: chunks)
  }

  private func bytes(of manifest: Manifest) async throws -> [UInt8]? {
    var bytes: [UInt8] = []
    for (place, digest) in manifest.chunks.enumerated() {
      guard let chunk = try await source.snapshotChunk(UInt64(place), of: manifest.number.value) else { return nil }
      guard Hash256(hashing: chunk) == digest else {
        throw ChainNodeError.diverged(
          "chunk \(place) of its snapshot is not what it announced", height: manifest.number)
      }
      bytes += chunk
      guard UInt64(bytes.count) <= manifest.length else { return nil }
    }
    return bytes
  }
}
