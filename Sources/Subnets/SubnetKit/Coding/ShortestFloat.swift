/// The shortest of the three IEEE 754 widths that holds a number without loss.
///
/// - Source: RFC 8949 4.2.1 and appendix D.
enum ShortestFloat: Hashable {
  case half(UInt16)
  case single(UInt32)
  case double(UInt64)

  init(_ number: Double) {
    let single = Float(number)
    guard Double(single) == number else {
      self = .double(number.bitPattern)
      return
    }
    if let half = halfBits(of: single) {
      self = .half(half)
    } else {
      self = .single(single.bitPattern)
    }
  }
}

/// The bits of a finite number as binary16, or nil when it does not fit exactly.
private func halfBits(of number: Float) -> UInt16? {
  let sign = UInt16(number.bitPattern >> 31) << 15
  guard number != 0 else { return sign }
  let exponent = Int(number.bitPattern >> 23 & 0xff) - 127
  let fraction = number.bitPattern & 0x7f_ffff
  switch exponent {
  case -14...15:
    guard fraction & 0x1fff == 0 else { return nil }
    return sign | UInt16(exponent + 15) << 10 | UInt16(fraction >> 13)
  case -24 ... -15:
    // Below the smallest normal half the leading one becomes part of the fraction.
    let shift = 13 + (-14 - exponent)
    let significand = fraction | 0x80_0000
    guard significand & (1 << shift - 1) == 0 else { return nil }
    return sign | UInt16(significand >> shift)
  default:
    return nil
  }
}

/// The number that binary16 bits stand for; infinite or NaN for the exponent of all ones.
func doubleValue(ofHalf bits: UInt16) -> Double {
  let exponent = Int(bits >> 10 & 0x1f)
  let fraction = Double(bits & 0x3ff)
  let sign: FloatingPointSign = bits >> 15 == 0 ? .plus : .minus
  switch exponent {
  case 0: return Double(sign: sign, exponent: -24, significand: fraction)
  case 31: return fraction == 0 ? Double(sign: sign, exponent: 0, significand: .infinity) : .nan
  default: return Double(sign: sign, exponent: exponent - 15, significand: 1 + fraction / 1024)
  }
}
