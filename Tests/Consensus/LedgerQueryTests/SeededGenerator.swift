/// SplitMix64: the same numbers from the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Often an edge, sometimes anything.
  mutating func edge() -> UInt64 {
    let edges: [UInt64] = [0, 1, 2, 10, 65534, 65535, 65536, 1 << 32, 1 << 63, .max - 1, .max]
    return Bool.random(using: &self)
      ? edges.randomElement(using: &self)! : next() >> UInt64.random(in: 0...63, using: &self)
  }
}
