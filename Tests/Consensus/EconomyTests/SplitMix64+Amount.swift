import Primitives

extension SplitMix64 {
  /// A number of up to `bits` bits, small ones as likely as large ones.
  mutating func amount(bits: Int) -> UInt64 {
    next() >> (64 - Int.random(in: 1...bits, using: &self))
  }
}
