import Primitives

extension SplitMix64 {
  /// Often an edge, sometimes anything.
  mutating func edge() -> UInt64 {
    let edges: [UInt64] = [0, 1, 2, 10, 65534, 65535, 65536, 1 << 32, 1 << 63, .max - 1, .max]
    return Bool.random(using: &self)
      ? edges.randomElement(using: &self)! : next() >> UInt64.random(in: 0...63, using: &self)
  }
}
