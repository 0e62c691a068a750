import Primitives
import FixedPoint
import Testing
import Yuma

@Suite struct FixedPointTests {
  /// Numbers of every length, and those beside the powers of two.
  private func numbers(_ generator: inout SplitMix64, below bits: Int) -> [Int64] {
    (0..<bits).flatMap { length -> [Int64] in
      let power = Int64(1) << length
      return [power - 1, power, power + 1, Int64.random(in: power...power + (power - 1), using: &generator)]
    }
  }

  @Test func aShareIsThePlainQuotient() {
    var generator = SplitMix64(seed: 1)
    let values = numbers(&generator, below: 63).filter { $0 > 0 }
    for whole in values {
      let divisor = ShareDivisor(I32F32(bits: whole))
      var parts = values.filter { $0 <= whole } + [0, whole, whole - 1, whole / 2]
      parts += (0..<20).map { _ in Int64.random(in: 0...whole, using: &generator) }
      for part in parts {
        let plain = I32F32(bits: part).dividedTowardZeroOrZero(by: I32F32(bits: whole))
        #expect(divisor.share(of: I32F32(bits: part)) == plain, "\(part) of \(whole)")
      }
    }
  }

  @Test func aProductOfSharesIsThePlainProduct() {
    var generator = SplitMix64(seed: 5)
    let shares = numbers(&generator, below: 33).filter { (0...I32F32.one.bits).contains($0) } + [I32F32.one.bits]
    for left in shares.map(I32F32.init(bits:)) {
      for right in shares.map(I32F32.init(bits:)) {
        #expect(left.shareRoundingDown(of: right) == left.multipliedRoundingDown(by: right), "\(left) of \(right)")
      }
    }
  }

  @Test func aShareOfACountIsThePlainQuotient() {
    var generator = SplitMix64(seed: 2)
    let values = numbers(&generator, below: 40).filter { $0 > 0 }.map { UInt64($0) }
    for whole in values {
      let divisor = CountDivisor(orZeros: whole)
      let top = UInt16(clamping: whole)
      for count in [0, 1, top / 3, top / 2, top - 1, top, UInt16.random(in: 0...top, using: &generator)] {
        #expect(divisor.share(of: count).bits == Int64(UInt64(count) << 32 / whole), "\(count) of \(whole)")
      }
    }
    #expect(CountDivisor(orZeros: 0).share(of: 0) == .zero)
  }

  @Test func aShareOfStakeIsTheWideQuotientCutDown() {
    var generator = SplitMix64(seed: 3)
    for length in 1..<127 {
      for _ in 0..<20 {
        let power = Int128(1) << length
        let whole = Int128.random(in: power / 2...power - 1, using: &generator) + (length == 1 ? 1 : 0)
        let divisor = StakeDivisor(I64F64(bits: whole))
        for part in [0, 1, whole, whole - 1, Int128.random(in: 0...whole, using: &generator)] {
          let plain = I32F32(roundingDown: I64F64(bits: part).dividedTowardZeroOrZero(by: I64F64(bits: whole)))
          #expect(divisor.share(of: I64F64(bits: part)) == plain, "\(part) of \(whole)")
        }
      }
    }
  }

  /// The definition, written out once more: a division each round, one number at a time.
  private func plainExponential(_ x: I32F32) -> Int64 {
    if x == .one { return 11_674_931_200 }
    let y = UInt128(min(x.bits.magnitude, 20 << 32))
    var (term, sum) = (y, y + (1 << 32))
    for number in UInt128(2)...31 {
      term = ((term * y) >> 32) / number
      sum += term
    }
    return x.bits < 0 ? Int64((UInt128(1) << 64) / sum) : Int64(sum)
  }

  @Test(arguments: [1, 3, 4, 5, 8, 64])
  func powersTakenTogetherAreThoseTakenAlone(count: Int) {
    var generator = SplitMix64(seed: UInt64(count))
    let series = ExponentialSeries()
    for _ in 0..<50 {
      var values = (0..<count).map { _ in
        I32F32(
          bits: Int64.random(in: -(21 << 32)...(21 << 32), using: &generator)
            >> Int64.random(in: 0...34, using: &generator))
      }
      let expected = values.map(plainExponential)
      values.withUnsafeMutableBufferPointer { series.exponentiate($0) }
      #expect(values.map(\.bits) == expected)
    }
    #expect(series(.zero) == .one)
    #expect(series(I32F32(bits: .min)).bits == plainExponential(I32F32(bits: .min)))
  }

  @Test func aPartOfAnAmountNeverPassesIt() {
    #expect(I32F32.one.part(of: .max) == .max)
    #expect(I32F32(bits: I32F32.one.bits - 1).part(of: .max) < .max)
    #expect(I32F32(bits: -1).part(of: .max) == 0)
    #expect(I32F32.max.part(of: .max) == .max)
  }

  @Test func upscalingMakesTheLargestFullAndKeepsTheOrder() {
    var generator = SplitMix64(seed: 4)
    for _ in 0..<200 {
      let weights = (0..<20).map { _ in
        UInt16.random(in: 0...65535, using: &generator) >> UInt16.random(in: 0...15, using: &generator)
      }
      let stored = WeightUpscaling.largestBecomesFull(weights)
      #expect(stored.max() == (weights.max() == 0 ? 0 : 65535))
      for (left, right) in zip(weights.indices, weights.indices.dropFirst()) where weights[left] <= weights[right] {
        #expect(stored[left] <= stored[right])
      }
    }
  }
}
