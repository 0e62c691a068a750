import Primitives
import SubnetKit

/// The bytes that one miner holds for one validator, made from the validator's secret a block at a time.
///
/// To a miner they are noise: it cannot make them, shrink them or guess one block from the others. To the validator
/// they are a function, so it keeps no file and makes only the blocks that it asks for. A subnet that stores what
/// users bring would keep the root of a hash tree in the secret's place; questions and scores would be the same.
struct HeldFile: Sendable {
  private let start: SHA256

  /// The bytes of a block: what one question asks for.
  static let blockLength = SHA256.digestLength
  /// The blocks of a piece.
  static let blocksPerPiece = 64
  /// The bytes of a piece: what is sent at once.
  static let pieceLength = blockLength * blocksPerPiece
  /// The most pieces of a file.
  static let pieceLimit = 64

  /// - Parameters:
  ///   - holder: The guard against shared copies: no two hotkeys are ever given the same bytes.
  ///   - number: Counts the files that this miner was given; a lost one is never given again.
  init(of secret: TaskSecret, holder: Hotkey, number: UInt64) {
    // Two digests fill one block of the hash, so that each block of the file costs one more and no other.
    var start = SHA256()
    start.update(secret.digest(for: "storage file", holder.bytes).bytes)
    start.update(secret.digest(for: "storage number", bytes(of: number)).bytes)
    self.start = start
  }

  /// The 32 bytes at a place.
  func block(at place: BlockPlace) -> [UInt8] {
    var hash = start
    hash.update(bytes(of: UInt64(place.piece)) + bytes(of: UInt64(place.block)))
    return hash.digest.bytes
  }

  /// A whole piece.
  func piece(_ piece: Int) -> [UInt8] {
    (0..<HeldFile.blocksPerPiece).flatMap { block(at: BlockPlace(piece: piece, block: $0)) }
  }
}

/// Where a block stands in a file.
struct BlockPlace: Hashable, Sendable {
  let piece: Int
  let block: Int

  /// The places that one round asks of a miner: anywhere in all that it holds.
  ///
  /// The guard against answers made beforehand: which blocks are asked for follows from a number that is new in each
  /// round, so nothing smaller than the file answers every question.
  ///
  /// - Parameter nonce: The round's, 32 bytes that nobody could foresee.
  /// - Returns: `count` places, or none of a file without pieces.
  static func asked(of holder: Hotkey, pieceCount: Int, count: Int, nonce: [UInt8]) -> [BlockPlace] {
    guard pieceCount > 0 else { return [] }
    var stream = DigestStream(SHA256.digest(of: nonce, holder.bytes))
    return (0..<count).map { _ in
      BlockPlace(
        piece: Int.random(in: 0..<pieceCount, using: &stream),
        block: Int.random(in: 0..<HeldFile.blocksPerPiece, using: &stream))
    }
  }
}
