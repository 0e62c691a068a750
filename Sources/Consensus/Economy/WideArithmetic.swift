/// `floor(a × b / d)` with a 128-bit product.
///
/// - Precondition: `d > 0`, and the quotient fits 64 bits; it does whenever `a <= d` or `b <= d`.
/// - Source: economy 1.
package func mulDivFloor(_ a: UInt64, _ b: UInt64, _ d: UInt64) -> UInt64 {
  let product = a.multipliedFullWidth(by: b)
  if product.high == 0 {
    precondition(d > 0, "A formula of the economy divided by zero; each states its own zero case.")
    return product.low / d
  }
  precondition(product.high < d, "A quotient of the economy passed 64 bits; the supply cap rules this out.")
  return d.dividingFullWidth(product).quotient
}

/// `ceil(a × b / d)` with a 128-bit product.
///
/// - Precondition: As for ``mulDivFloor(_:_:_:)-(UInt64,_,_)``.
/// - Source: economy 1.
package func mulDivCeil(_ a: UInt64, _ b: UInt64, _ d: UInt64) -> UInt64 {
  let product = a.multipliedFullWidth(by: b)
  precondition(product.high < d, "A quotient of the economy passed 64 bits; the supply cap rules this out.")
  let (quotient, remainder) = d.dividingFullWidth(product)
  return remainder == 0 ? quotient : sum(quotient, 1)
}

/// `floor(a × b / d)` with a 256-bit product.
///
/// - Precondition: `d > 0`, and the quotient fits 128 bits.
/// - Source: economy 1.
package func mulDivFloor(_ a: UInt128, _ b: UInt128, _ d: UInt128) -> UInt128 {
  let product = a.multipliedFullWidth(by: b)
  if product.high == 0 {
    precondition(d > 0, "A formula of the economy divided by zero; each states its own zero case.")
    return product.low / d
  }
  precondition(product.high < d, "A quotient of the economy passed 128 bits; the supply cap rules this out.")
  return d.dividingFullWidth(product).quotient
}

/// `ceil(a × b / d)` with a 256-bit product.
///
/// - Precondition: `d > 0`, and the quotient fits 128 bits.
/// - Source: economy 1.
package func mulDivCeil(_ a: UInt128, _ b: UInt128, _ d: UInt128) -> UInt128 {
  let product = a.multipliedFullWidth(by: b)
  precondition(product.high < d, "A quotient of the economy passed 128 bits; the supply cap rules this out.")
  let (quotient, remainder) =
    product.high == 0 ? product.low.quotientAndRemainder(dividingBy: d) : d.dividingFullWidth(product)
  return remainder == 0 ? quotient : quotient + 1
}

/// The sum of two amounts.
///
/// - Precondition: The sum fits 64 bits, which the supply cap of 2^55 guarantees for every amount of a valid state.
func sum(_ left: UInt64, _ right: UInt64) -> UInt64 {
  let (sum, overflow) = left.addingReportingOverflow(right)
  precondition(!overflow, "An amount passed 64 bits; the supply cap rules this out.")
  return sum
}

/// What is left of one amount after another is taken from it.
///
/// - Precondition: `taken <= amount`.
func rest(of amount: UInt64, without taken: UInt64) -> UInt64 {
  let (rest, overflow) = amount.subtractingReportingOverflow(taken)
  precondition(!overflow, "More was taken from an amount than it holds.")
  return rest
}

/// `floor(value × factor / 2^64)`, without a division.
///
/// - Precondition: The result fits 128 bits.
func highProduct(_ value: UInt128, _ factor: UInt64) -> UInt128 {
  let low = UInt64(truncatingIfNeeded: value).multipliedFullWidth(by: factor)
  return (value >> 64) * UInt128(factor) + UInt128(low.high)
}
