/// e to the power of a number, by a power series cut off after thirty-two terms.
///
/// Inexact for large arguments, in exactly the reference's way: the argument is clamped to -20...20; each term is the one
/// before times `y = |x|` (rounded down), divided by its number (rounded down); one itself gives a constant; a negative
/// argument gives the reciprocal, rounded toward zero.
///
/// Each round waits for the one before it, so four arguments go through the rounds side by side.
///
/// - Source: yuma 2.1.
public struct ExponentialSeries: Sendable {
  private let divisors: [TermDivisor]

  /// The terms after the first two: numbers 2 to 31.
  public init() { divisors = (2...31).map { TermDivisor(UInt64($0)) } }

  /// e to the power of one number.
  public func callAsFunction(_ exponent: I32F32) -> I32F32 {
    var values = [exponent]
    values.withUnsafeMutableBufferPointer { exponentiate($0) }
    return values[0]
  }

  /// Replaces each number by e to its power.
  public func exponentiate(_ values: UnsafeMutableBufferPointer<I32F32>) {
    var index = 0
    while index < values.count {
      let present = Swift.min(4, values.count - index)
      var (first, second) = (Lane(values[index]), Lane(present > 1 ? values[index + 1] : .zero))
      var (third, fourth) = (
        Lane(present > 2 ? values[index + 2] : .zero), Lane(present > 3 ? values[index + 3] : .zero)
      )
      for divisor in divisors {
        first.add(divisor)
        second.add(divisor)
        third.add(divisor)
        fourth.add(divisor)
        // Once a term is zero all later ones are.
        if first.term | second.term | third.term | fourth.term == 0 { break }
      }
      values[index] = first.result(for: values[index])
      if present > 1 { values[index + 1] = second.result(for: values[index + 1]) }
      if present > 2 { values[index + 2] = third.result(for: values[index + 2]) }
      if present > 3 { values[index + 3] = fourth.result(for: values[index + 3]) }
      index += 4
    }
  }

  /// One argument on its way through the rounds.
  private struct Lane {
    let magnitude: UInt64
    var term: UInt64
    var sum: UInt64

    @inline(__always)
    init(_ exponent: I32F32) {
      magnitude = Swift.min(exponent.bits.magnitude, 20 << 32)
      term = magnitude
      sum = magnitude &+ 1 << 32
    }

    /// Terms stay below 20^20 / 20! < 2^26, so 58 bits; their sum stays below e^20 < 2^29, so 61 bits.
    @inline(__always)
    mutating func add(_ divisor: TermDivisor) {
      let (high, low) = term.multipliedFullWidth(by: magnitude)
      term = divisor.quotient(of: high << 32 | low >> 32)
      sum &+= term
    }

    @inline(__always)
    func result(for exponent: I32F32) -> I32F32 {
      // e cut to 23 fraction bits: what the reference answers for exactly one.
      if exponent == .one { return I32F32(bits: 11_674_931_200) }
      let power = I32F32(bits: Int64(bitPattern: sum))
      return exponent < .zero ? power.reciprocalTowardZero : power
    }
  }

  /// Divides numbers below 2^63 by a number of 2 to 31, exactly: the reciprocal, rounded up, is wrong by less than one part in
  /// 2^63.
  private struct TermDivisor: Sendable {
    let reciprocal: UInt64
    let shift: UInt64

    init(_ number: UInt64) {
      // With 2^(length - 1) < number <= 2^length the reciprocal 2^(63 + length) / number lies in 2^63 ..< 2^64.
      let length = UInt64(UInt64.bitWidth - (number - 1).leadingZeroBitCount)
      reciprocal = UInt64((UInt128(1) << UInt128(63 + length) + UInt128(number - 1)) / UInt128(number))
      shift = length - 1
    }

    @inline(__always)
    func quotient(of value: UInt64) -> UInt64 {
      value.multipliedFullWidth(by: reciprocal).high &>> shift
    }
  }
}

extension I32F32 {
  /// `1 / x`, rounded toward zero.
  ///
  /// - Precondition: the value is at least `2 / 2^32`, as a sum that contains one always is.
  @inlinable @inline(__always)
  public var reciprocalTowardZero: I32F32 {
    precondition(bits > 1, "The reciprocal of this value does not fit.")
    // 2^64 / bits, from the 2^64 - 1 that fits.
    let (quotient, remainder) = UInt64.max.quotientAndRemainder(dividingBy: UInt64(bitPattern: bits))
    return I32F32(bits: Int64(bitPattern: remainder == UInt64(bitPattern: bits) &- 1 ? quotient &+ 1 : quotient))
  }
}
