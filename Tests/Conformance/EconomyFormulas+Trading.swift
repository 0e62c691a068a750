import Economy
import JSONText

// Trades and the prices they make.
extension EconomyFormulas {
  @Sendable static func swap(_ input: JSONValue) throws -> JSONValue {
    var pool = ConstantProductPool(tao: try input("tao"), alpha: try input("alpha"))
    let before = pool
    let side = try side(input)
    let amount: UInt64 = try input("amount")
    let terms = TradeTerms(feeRate: try input("feeRate"))
    do throws(TradeRefusal) {
      let trade = try pool.trade(side, amount, terms: terms)
      return .record([
        "out": .number(trade.output), "fee": .number(trade.fee), "taoAfter": .number(pool.tao),
        "alphaAfter": .number(pool.alpha), "priceAfter": .number(pool.displayPrice),
      ])
    } catch {
      return refusal(error, unchanged: pool == before)
    }
  }

  @Sendable static func limit(_ input: JSONValue) throws -> JSONValue {
    let pool = ConstantProductPool(tao: try input("tao"), alpha: try input("alpha"))
    let side = try side(input)
    let limit: UInt64 = try input("limit")
    let terms = TradeTerms(feeRate: try input("feeRate"))
    do throws(TradeRefusal) {
      return .record(["max": .number(try pool.maxInput(side, limit: limit, terms: terms))])
    } catch {
      return refusal(error, unchanged: true)
    }
  }

  @Sendable static func priceAverage(_ input: JSONValue) throws -> JSONValue {
    let pool = ConstantProductPool(tao: try input("tao"), alpha: try input("alpha"))
    let terms = MovingPrice.Terms(
      numerator: try input("num"), denominator: try input("den"), halving: try input("halving"))
    let single = input["steps"] == nil
    let first: UInt64 = try input(single ? "blocksSinceStart" : "firstBlock")
    let steps: UInt64 = single ? 1 : try input("steps")
    var average: UInt128 = try input("emaQ64")
    for block in first..<first + steps {
      average = MovingPrice.next(average, pool: pool, blocksSinceStart: block, terms: terms)
    }
    return .record(["emaQ64": .number(average)])
  }

  private static func side(_ input: JSONValue) throws -> TradeSide {
    switch try input.member("side").string() {
    case "buy": .buy
    case "sell": .sell
    case let other: throw UnknownVariant(name: other)
    }
  }

  private static func refusal(_ refusal: TradeRefusal, unchanged: Bool) -> JSONValue {
    guard unchanged else { return .text("a refused trade has moved the reserves") }
    let name =
      switch refusal {
      case .reservesTooLow: "ReservesTooLow"
      case .swapInputTooLarge: "SwapInputTooLarge"
      case .amountTooLow: "AmountTooLow"
      case .priceLimitExceeded: "PriceLimitExceeded"
      case .slippageTooHigh: "SlippageTooHigh"
      }
    return .record(["error": .text(name)])
  }
}
