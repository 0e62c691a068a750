import Primitives
import SubnetKit

/// What a validator draws and never sends: whatever miners must not foresee follows from it.
///
/// The generator of a round makes good numbers and poor secrets: a few of its outputs give away its state, and that the
/// validator's seed. So nothing that a miner sees is an output of the generator itself, only a digest of some.
/// The secret is as hard to guess as the validator's seed, a number of 64 bits.
struct TaskSecret: Hashable, Sendable {
  let key: Bytes32

  /// Draws four words.
  init(drawnFrom random: inout SeededRandom) {
    var words: [UInt8] = []
    for _ in 0..<4 { words += bytes(of: random.next()) }
    key = SHA256.digest(of: words)
  }

  init(key: Bytes32) { self.key = key }

  /// A digest for one purpose; without the key it says nothing about those for others.
  ///
  /// - Parameter details: The caller gives each purpose details of one length, so two can never run together.
  func digest(for purpose: String, _ details: [UInt8] = []) -> Bytes32 {
    let inner = SHA256.digest(of: key.bytes, Array(purpose.utf8), [0], details)
    // The second turn keeps anybody from going on where a digest stopped.
    return SHA256.digest(of: key.bytes, inner.bytes)
  }
}

/// A sequence of numbers that follows from a digest; nobody who lacks the digest can foresee the next one.
struct DigestStream: RandomNumberGenerator, Sendable {
  private let start: SHA256
  private var counter: UInt64 = 0
  private var words: [UInt64] = []

  init(_ seed: Bytes32) {
    var start = SHA256()
    start.update(seed.bytes)
    self.start = start
  }

  mutating func next() -> UInt64 {
    if words.isEmpty { refill() }
    return words.removeLast()
  }

  private mutating func refill() {
    var hash = start
    hash.update(bytes(of: counter))
    counter += 1
    words = numbers(in: hash.digest)
  }
}

/// Eight bytes, the highest first.
func bytes(of number: UInt64) -> [UInt8] {
  stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
}

/// The four numbers that a digest consists of. Shape: `[4]`.
func numbers(in digest: Bytes32) -> [UInt64] {
  let bytes = digest.bytes
  return (0..<4).map { word in bytes[word * 8..<word * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) } }
}
