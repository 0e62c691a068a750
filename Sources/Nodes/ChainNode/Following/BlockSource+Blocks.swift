import Keys
import Primitives
import Wire

// What a follower reads of its source's chain. Nil where there is no usable answer now.
extension BlockSource {
  /// Chunks of one block, at most: a block of the largest size in chunks of a kilobyte is no reason to ask for ever.
  private static let chunkLimit: UInt64 = 5_000

  /// The source's head, as soon as it is above `block`, at the latest after `wait`.
  func head(after block: BlockNumber, wait: Duration) async throws -> BlockNumber? {
    let milliseconds = UInt64(max(0, wait / .milliseconds(1)))
    let outcome = try await ask(
      "heads_after", ["block": .unsigned(block.value), "wait_ms": .unsigned(milliseconds), "limit": .unsigned(1)],
      within: wait + BlockSource.answerTime)
    guard case .answered(let fields) = outcome, fields.group("error") == nil,
      case .unsigned(let number)? = fields["at_block"]
    else { return nil }
    return BlockNumber(number)
  }

  /// The hash of a block; nil also when the source does not have it.
  func hash(of block: BlockNumber) async throws -> Hash256? {
    try await member("block_at", ["number": .unsigned(block.value)]).flatMap { Hash256($0.byteString("hash")) }
  }

  /// What came of the question for a block.
  enum BlockAnswer: Sendable {
    case block([UInt8])
    /// The source says that it does not hold this block.
    case absent
    case silent
  }

  /// The encoded block, put together from its chunks.
  func block(_ number: BlockNumber) async throws -> BlockAnswer {
    var bytes: [UInt8] = []
    var chunk: UInt64 = 0
    while bytes.count <= WireLimits.blockBytes, chunk < BlockSource.chunkLimit {
      let outcome = try await ask("block_at", ["number": .unsigned(number.value), "chunk": .unsigned(chunk)])
      guard case .answered(let fields) = outcome else { return .silent }
      guard let piece = fields.group("block_at") else { return .absent }
      bytes += piece.byteString("data")
      chunk += 1
      if chunk >= piece.unsigned("chunk_count") { return .block(bytes) }
    }
    return .silent
  }

  /// The manifest of the newest snapshot, decoded; nil also when there is none yet.
  func snapshotManifest() async throws -> Fields? {
    guard let answer = try await member("snapshot", [:]) else { return nil }
    do throws(WireError) {
      return try WireCodec.decode(answer.byteString("manifest"), as: .snapshotManifest)
    } catch {
      return nil
    }
  }

  /// A chunk of the snapshot of one block; nil also when a newer snapshot has taken its place.
  func snapshotChunk(_ chunk: UInt64, of number: UInt64) async throws -> [UInt8]? {
    try await member(
      "snapshot", ["number": .unsigned(number), "chunk": .unsigned(chunk), "has_chunk": .flag(true)]
    )?.byteString("data")
  }

  /// The member of the reply that answers the query.
  private func member(_ query: String, _ arguments: Fields) async throws -> Fields? {
    guard case .answered(let fields) = try await ask(query, arguments) else { return nil }
    return fields.group(query)
  }
}
