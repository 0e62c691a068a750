/// Why a trade is refused.
package enum TradeRefusal: Error, Hashable, Sendable {
  /// The input side is empty or the output side is below the least reserve.
  case reservesTooLow
  /// The input is too many times its reserve.
  case swapInputTooLarge
  /// The input is worth less than one unit.
  case amountTooLow
  /// The price is already past the limit.
  case priceLimitExceeded
  /// The limit allows only a part, and a part is not wanted.
  case slippageTooHigh
}

/// Which way a trade goes: `buy` gives TAO for alpha, `sell` gives alpha for TAO.
package enum TradeSide: Hashable, Sendable {
  case buy
  case sell
}

/// The rules of trading, the same for every pool.
package struct TradeTerms: Hashable, Sendable {
  /// Over 65,535; at most 10,000.
  package var feeRate: UInt16
  /// The least output reserve a trade needs, in base units.
  package var minReserve: UInt64
  /// The input may be this many times its reserve.
  package var maxInputMultiple: UInt32

  package init(feeRate: UInt16 = 33, minReserve: UInt64 = 1_000_000, maxInputMultiple: UInt32 = 1_000) {
    self.feeRate = feeRate
    self.minReserve = minReserve
    self.maxInputMultiple = maxInputMultiple
  }

  /// The same rules for the protocol's own trades.
  package var withoutFee: TradeTerms {
    TradeTerms(feeRate: 0, minReserve: minReserve, maxInputMultiple: maxInputMultiple)
  }
}

/// One trade as quoted: what goes in, what of it is the fee, what comes out.
package struct Trade: Hashable, Sendable {
  package let side: TradeSide
  /// What the trader gives, fee included, in base units.
  package let input: UInt64
  /// The part of `input` that buys nothing; it stays in the pool.
  package let fee: UInt64
  /// What the trader receives, in base units.
  package let output: UInt64

  /// On root nothing is traded: one TAO is one TAO, free of fee.
  package static func oneForOne(_ side: TradeSide, _ amount: UInt64) -> Trade {
    Trade(side: side, input: amount, fee: 0, output: amount)
  }
}

/// The reserves of a subnet, traded at a constant product with the fee kept inside.
///
/// The product of the reserves never falls, so buying and selling again never returns more than was put in.
///
/// - Source: economy 9.1.
package struct ConstantProductPool: Hashable, Sendable {
  /// In rao.
  package var tao: UInt64
  /// In base units of alpha (`alphaIn`).
  package var alpha: UInt64

  package init(tao: UInt64, alpha: UInt64) {
    self.tao = tao
    self.alpha = alpha
  }

  /// What a trade of `input`, fee included, would give; the pool is not changed.
  ///
  /// - Throws: `.reservesTooLow`, `.swapInputTooLarge` or `.amountTooLow`, checked in this order.
  package func quote(
    _ side: TradeSide, _ input: UInt64, terms: TradeTerms
  ) throws(TradeRefusal) -> Trade {
    let (reserveIn, reserveOut) = reserves(for: side)
    guard reserveIn > 0, reserveOut >= terms.minReserve else { throw .reservesTooLow }
    let fee = portion(of: input, per65535: terms.feeRate)
    let net = input - fee
    // A reserve above 64 bits is out of reach of any balance; a quote may still be asked for one.
    guard UInt128(net) <= UInt128(reserveIn) * UInt128(terms.maxInputMultiple),
      !reserveIn.addingReportingOverflow(input).overflow
    else { throw .swapInputTooLarge }
    let output = mulDivFloor(reserveOut, net, reserveIn + net)
    guard output > 0 || input == 0 else { throw .amountTooLow }
    return Trade(side: side, input: input, fee: fee, output: output)
  }

  /// Moves the reserves by a trade that this pool has quoted.
  package mutating func apply(_ trade: Trade) {
    switch trade.side {
    case .buy:
      tao = sum(tao, trade.input)
      alpha = rest(of: alpha, without: trade.output)
    case .sell:
      alpha = sum(alpha, trade.input)
      tao = rest(of: tao, without: trade.output)
    }
  }

  /// Quotes and applies a trade.
  ///
  /// - Throws: As ``quote(_:_:terms:)``; the pool is unchanged.
  package mutating func trade(
    _ side: TradeSide, _ input: UInt64, terms: TradeTerms
  ) throws(TradeRefusal) -> Trade {
    let trade = try quote(side, input, terms: terms)
    apply(trade)
    return trade
  }

  /// Rao per one whole alpha, rounded down, for display; zero without alpha. It may pass 64 bits.
  package var displayPrice: UInt128 {
    alpha == 0 ? 0 : UInt128(tao) * 1_000_000_000 / UInt128(alpha)
  }

  /// What an amount of alpha is worth at the present price, in rao, rounded down; zero without alpha in the pool.
  ///
  /// - Source: economy 12, the stake a hotkey needs to name children.
  package func worth(ofAlpha amount: UInt64) -> UInt128 {
    alpha == 0 ? 0 : UInt128(amount) * UInt128(tao) / UInt128(alpha)
  }

  /// The reserve that a trade adds to and the one it takes from.
  func reserves(for side: TradeSide) -> (input: UInt64, output: UInt64) {
    switch side {
    case .buy: (tao, alpha)
    case .sell: (alpha, tao)
    }
  }
}
