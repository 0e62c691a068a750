import SubnetKit

/// Real text, split into what models learn from and what they are tested on.
///
/// Files are cut into blocks of 1024 bytes, and the hash of a block alone decides its side. So the split is the same
/// for everybody, whatever else is in the folder, and copies of a file never stand on both sides.
struct Corpus: Sendable {
  /// Seven of eight blocks, in order; a zero byte marks where text is left out and where a file ends.
  private(set) var training: [UInt8] = []
  /// One of eight blocks, each longer than a context.
  private(set) var heldOut: [[UInt8]] = []

  static let blockLength = 1024

  /// Reads a folder of text files with enough text for the role: a miner learns, a validator tests.
  ///
  /// - Throws: `.missingInput` with a sentence that asks for a corpus.
  init(folder: String, for role: MechanismRole) throws(MechanismError) {
    self.init(files: try filesOfText(in: folder))
    let part = role == .miner ? [training] : heldOut
    guard part.contains(where: { !$0.isEmpty }) else {
      throw MechanismError(
        .missingInput,
        "There is too little text in \(folder): name a folder with 64 KiB of text files or more with --corpus DIR.")
    }
  }

  init(files: [[UInt8]]) {
    for file in files {
      for start in stride(from: 0, to: file.count, by: Corpus.blockLength) {
        let block = file[start..<min(start + Corpus.blockLength, file.count)]
        if block.count > Text.contextLengthLimit, isHeldOut(block) {
          heldOut.append(Array(block))
          separate()
        } else {
          training += block
        }
      }
      separate()
    }
  }

  private mutating func separate() {
    if let last = training.last, last != 0 { training.append(0) }
  }
}

/// Whether a block belongs to the test: one of eight by FNV-1a, folded so that all of its bits count.
private func isHeldOut(_ block: ArraySlice<UInt8>) -> Bool {
  let hash = block.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  return (hash ^ hash >> 32) % 8 == 0
}
