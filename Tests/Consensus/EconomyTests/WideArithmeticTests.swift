import Primitives
import Economy
import Testing

@Suite struct WideArithmeticTests {
  @Test func floorAndCeilingEncloseTheExactQuotient() {
    var random = SplitMix64(seed: 1)
    for _ in 0..<5_000 {
      let (a, d) = (random.next(), random.next() | 1)
      let b = random.next() % d
      let product = UInt128(a) * UInt128(b)
      let floor = UInt128(mulDivFloor(a, b, d))
      #expect(floor == product / UInt128(d))
      #expect(UInt128(mulDivCeil(a, b, d)) == floor + (product % UInt128(d) == 0 ? 0 : 1))
    }
  }

  @Test func wideQuotientsLeaveARemainderBelowTheDivisor() {
    var random = SplitMix64(seed: 2)
    for _ in 0..<5_000 {
      let a = UInt128(random.next()) << 64 | UInt128(random.next())
      let d = (UInt128(random.amount(bits: 64)) << 64 | UInt128(random.next())) | 1
      let b = (UInt128(random.next()) << 64 | UInt128(random.next())) % d
      let product = a.multipliedFullWidth(by: b)
      let floor = mulDivFloor(a, b, d)
      let back = floor.multipliedFullWidth(by: d)
      let (low, borrow) = product.low.subtractingReportingOverflow(back.low)
      #expect(product.high &- back.high &- (borrow ? 1 : 0) == 0)
      #expect(low < d)
      #expect(mulDivCeil(a, b, d) == floor + (low == 0 ? 0 : 1))
    }
  }

  @Test func portionsOfAFixedWholeAreExactFloors() {
    var random = SplitMix64(seed: 3)
    for parts: UInt64 in [0, 1, .max - 1, .max] + (0..<3_000).map({ _ in random.next() }) {
      for amount: UInt64 in [0, 1, .max - 1, .max, random.amount(bits: 64)] {
        #expect(UInt128(portion(of: amount, perM: parts)) == UInt128(amount) * UInt128(parts) / UInt128(UInt64.max))
        let small = UInt16(truncatingIfNeeded: parts)
        #expect(UInt128(portion(of: amount, per65535: small)) == UInt128(amount) * UInt128(small) / 65_535)
      }
    }
  }

  @Test func portionsByWideWeightsAreExactFloors() {
    var random = SplitMix64(seed: 4)
    for _ in 0..<20_000 {
      let high = random.amount(bits: 64)
      // Digits at the edge of what the estimate of long division gets wrong.
      let low = [0, 1, .max, random.next()].randomElement(using: &random)!
      let total = UInt128(high) << 64 | UInt128(low) | 1
      let weight = [total, total - 1, total / 3, UInt128(random.next()) % total].randomElement(using: &random)!
      let amount = [.max, 1, 1_000_000_000, random.amount(bits: 64)].randomElement(using: &random)!
      #expect(UInt128(portion(of: amount, weight: weight, total: total)) == mulDivFloor(UInt128(amount), weight, total))
    }
  }
}
