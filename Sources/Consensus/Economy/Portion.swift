/// `floor(amount × parts / 65535)`: a take, a fee or the owner's cut of an amount.
///
/// - Source: economy 1.
package func portion(of amount: UInt64, per65535 parts: UInt16) -> UInt64 {
  // amount = q × 65535 + r splits the product, so that 64 bits hold every step.
  let (whole, remainder) = amount.quotientAndRemainder(dividingBy: 65_535)
  return whole * UInt64(parts) + remainder * UInt64(parts) / 65_535
}

/// `floor(amount × parts / M)` with M = 2^64 - 1: child proportions and the weight of TAO.
///
/// - Source: economy 1.
package func portion(of amount: UInt64, perM parts: UInt64) -> UInt64 {
  // high × 2^64 + low = high × M + (high + low), and high + low < 2 M.
  let (high, low) = amount.multipliedFullWidth(by: parts)
  let (folded, carry) = high.addingReportingOverflow(low)
  return carry || folded == UInt64.max ? high + 1 : high
}

/// `floor(amount × weight / total)` for a weight out of a total, one division of 128 by 64 bits.
///
/// - Precondition: `weight <= total` and `total > 0`.
/// - Source: economy 10.3.
package func portion(of amount: UInt64, weight: UInt128, total: UInt128) -> UInt64 {
  precondition(weight <= total && total > 0, "A weight is larger than the sum it belongs to.")
  let totalHigh = UInt64(truncatingIfNeeded: total >> 64)
  if totalHigh == 0 { return mulDivFloor(amount, UInt64(weight), UInt64(total)) }

  // The 192-bit product n2:n1:n0, then one digit of long division by the two digits of `total`:
  // both are shifted so that the first digit of `total` has its top bit set.
  let lower = UInt64(truncatingIfNeeded: weight).multipliedFullWidth(by: amount)
  let upper = UInt64(truncatingIfNeeded: weight >> 64).multipliedFullWidth(by: amount)
  let tops = (UInt128(upper.high) << 64 | UInt128(upper.low)) + UInt128(lower.high)
  let shift = totalHigh.leadingZeroBitCount
  let shifted = tops << shift | UInt128(lower.low >> (64 - shift))
  let last = lower.low << shift
  let divisor = total << shift
  let first = UInt64(truncatingIfNeeded: divisor >> 64)
  let second = UInt64(truncatingIfNeeded: divisor)

  var digit: UInt64
  var remainder: UInt128
  let high = UInt64(truncatingIfNeeded: shifted >> 64)
  if high < first {
    let estimate = first.dividingFullWidth((high, UInt64(truncatingIfNeeded: shifted)))
    (digit, remainder) = (estimate.quotient, UInt128(estimate.remainder))
  } else {
    (digit, remainder) = (.max, shifted - UInt128(first) * UInt128(UInt64.max))
  }
  // The estimate is at most two too large.
  while remainder >> 64 == 0, UInt128(digit) * UInt128(second) > remainder << 64 | UInt128(last) {
    digit -= 1
    remainder += UInt128(first)
  }
  return digit
}
