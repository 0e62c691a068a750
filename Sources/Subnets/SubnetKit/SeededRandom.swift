import Primitives

/// A fast generator whose numbers follow from its seed, so that a run can be replayed.
///
/// xoshiro256**, seeded through SplitMix64. Whoever knows the seed knows the numbers: it makes tasks, never keys.
///
/// - Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018.
public struct SeededRandom: RandomNumberGenerator, Hashable, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// Starts the sequence that belongs to `seed` and `stream`.
  ///
  /// - Parameter stream: Streams of one seed are independent; the validator gives each round its own, so that a
  ///   round can be replayed without those before it.
  public init(seed: UInt64, stream: UInt64 = 0) {
    var mixer = SplitMix64(seed: seed)
    var streamMixer = SplitMix64(seed: mixer.next() ^ stream)
    // Four outputs of SplitMix64 are never all zero, the one state that xoshiro cannot leave.
    state = (streamMixer.next(), streamMixer.next(), streamMixer.next(), streamMixer.next())
  }

  /// - Precondition: Not all words are zero.
  init(state: (UInt64, UInt64, UInt64, UInt64)) {
    precondition(state != (0, 0, 0, 0), "From the all-zero state only zeros follow.")
    self.state = state
  }

  public mutating func next() -> UInt64 {
    let result = rotated(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, by: 45)
    return result
  }

  private func rotated(_ word: UInt64, by bits: UInt64) -> UInt64 { word << bits | word >> (64 - bits) }

  public static func == (left: SeededRandom, right: SeededRandom) -> Bool { left.state == right.state }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(state.0)
    hasher.combine(state.1)
    hasher.combine(state.2)
    hasher.combine(state.3)
  }
}
