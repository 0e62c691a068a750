package import Economy
package import Primitives

// Staking and unstaking through the pool of a subnet; root trades nothing. Source: economy 9, 13.
extension LedgerState {
  package var tradeTerms: TradeTerms {
    TradeTerms(
      feeRate: UInt16(clamping: chain.parameters.feeRate), minReserve: chain.parameters.minReserve.value,
      maxInputMultiple: UInt32(clamping: chain.parameters.maxInputMult))
  }

  /// A limit order's limit and whether a part of it is welcome.
  package struct PriceLimit: Sendable, Hashable {
    package let price: Rao
    package let allowPartial: Bool

    package init(price: Rao, allowPartial: Bool) {
      self.price = price
      self.allowPartial = allowPartial
    }
  }

  /// The part of an order that its limit allows; all of it without one.
  func executable(
    _ side: TradeSide, _ amount: UInt64, in netuid: NetUID, within limit: PriceLimit?
  ) throws(LedgerError) -> UInt64 {
    guard let limit else { return amount }
    do throws(TradeRefusal) {
      if netuid == .root {
        return try RootPrice.executable(side, amount, limit: limit.price.value, allowPartial: limit.allowPartial)
      }
      return try pool(of: netuid).executable(
        side, amount, limit: limit.price.value, allowPartial: limit.allowPartial, terms: tradeTerms)
    } catch {
      throw LedgerError(error).with("limit_price", limit.price)
    }
  }

  /// What a trade would give; root gives one for one.
  func quote(_ side: TradeSide, _ amount: UInt64, in netuid: NetUID, terms: TradeTerms) throws(LedgerError) -> Trade {
    do throws(TradeRefusal) {
      if netuid == .root { return .oneForOne(side, amount) }
      return try pool(of: netuid).quote(side, amount, terms: terms)
    } catch {
      throw LedgerError(error).with("amount", amount).with("netuid", netuid)
    }
  }

  package func pool(of netuid: NetUID) -> ConstantProductPool {
    let subnet = subnets[netuid]
    return ConstantProductPool(tao: subnet?.taoReserve ?? 0, alpha: subnet?.alphaIn ?? 0)
  }

  /// Moves reserves and counters by a trade of a user: alpha leaves to, or comes from, stakes.
  mutating func settle(_ trade: Trade, in netuid: NetUID) {
    if netuid == .root {
      switch trade.side {
      case .buy: chain.rootTao += trade.output
      case .sell: chain.rootTao -= trade.input
      }
      return
    }
    var pool = pool(of: netuid)
    pool.apply(trade)
    let settled = pool
    subnets.modify(netuid) { subnet in
      subnet.taoReserve = settled.tao
      subnet.alphaIn = settled.alpha
      switch trade.side {
      case .buy:
        subnet.alphaOut += trade.output
        subnet.flow += Int64(clamping: trade.input)
        subnet.volume += UInt128(trade.input)
      case .sell:
        subnet.alphaOut -= trade.input
        subnet.flow -= Int64(clamping: trade.output)
        subnet.volume += UInt128(trade.output)
      }
    }
  }
}

extension LedgerError {
  init(_ refusal: TradeRefusal) {
    switch refusal {
    case .reservesTooLow: self.init(LedgerErrorCode.reservesTooLow)
    case .swapInputTooLarge: self.init(LedgerErrorCode.swapInputTooLarge)
    case .amountTooLow: self.init(LedgerErrorCode.amountTooLow)
    case .priceLimitExceeded: self.init(LedgerErrorCode.priceLimitExceeded)
    case .slippageTooHigh: self.init(LedgerErrorCode.slippageTooHigh)
    }
  }
}
