import Economy
import JSONText

// Who owns stake, what it weighs and what it earns.
extension EconomyFormulas {
  @Sendable static func exactSplit(_ input: JSONValue) throws -> JSONValue {
    let weights: [UInt64] = try input.list("weights")
    let parts = splitExact(try input("total"), by: weights)
    return .record(["parts": parts.map { .numbers($0) } ?? .null])
  }

  @Sendable static func stakeWeight(_ input: JSONValue) throws -> JSONValue {
    guard input["own"] != nil else {
      let weight = StakeWeight.weight(
        alpha: try input("alpha"), root: try input("tao"), taoWeight: try input("taoWeight"))
      return .record(["weight": .number(weight)])
    }
    let parents = try input.member("parents").elements().map { parent in
      StakeWeight.Loan(stake: try parent("stake"), proportion: try parent("proportion"))
    }
    let inherited = StakeWeight.inherited(
      own: try input("own"), childProportions: try input.list("childProportions"), parents: parents)
    return .record(["inherited": .number(inherited)])
  }

  @Sendable static func parentChild(_ input: JSONValue) throws -> JSONValue {
    let parents = try input.member("parents").elements()
    let dividends = ChildDividends(
      dividend: try input("dividend"), alpha: try input("alpha"), root: try input("root"),
      childProportions: try input.list("childProportions"),
      parents: try parents.map { parent in
        ChildDividends.Parent(
          alpha: try parent("alpha"), root: try parent("root"), proportion: try parent("proportion"),
          sameOwner: try parent.member("same_owner").bool())
      },
      childTake: try input("childTake"), taoWeight: try input("taoWeight"))
    let rows = try zip(parents, dividends.amounts).map { parent, amount in
      JSONValue.record(["id": try parent.member("id"), "amount": .number(amount)])
    }
    return .record(["parents": .list(rows), "kept": .number(dividends.kept)])
  }

  @Sendable static func dividendSplit(_ input: JSONValue) throws -> JSONValue {
    let rows = try input.member("rows").elements()
    let payments = DividendPayment.divide(
      validatorPot: try input("validatorPot"), rootPot: try input("rootPot"),
      rows: try rows.map { row in
        DividendPayment.Row(
          dividend: try row("dividend"), alpha: try row("alpha"), root: try row("root"), take: try row("take"))
      },
      taoWeight: try input("taoWeight"))
    let paid = try zip(rows, payments).map { row, payment in
      JSONValue.record([
        "id": try row.member("id"), "alpha": .number(payment.alpha), "root": .number(payment.root),
        "alphaTake": .number(payment.alphaTake), "alphaRest": .number(payment.alphaRest),
        "rootTake": .number(payment.rootTake), "rootRest": .number(payment.rootRest),
      ])
    }
    return .record(["rows": .list(paid)])
  }

  @Sendable static func sharePool(_ input: JSONValue) throws -> JSONValue {
    var pool = SharePool()
    var shares: [String: UInt128] = [:]
    let trace = try input.member("script").elements().map { step -> JSONValue in
      let step = try step.elements()
      let operation = try step[0].string()
      let holder = operation == "all" ? "owner" : try step[1].string()
      let amount: UInt64 = try step[step.count - 1].integer()
      var failure: String?
      do throws(SharePoolRefusal) {
        switch operation {
        case "deposit": shares[holder, default: 0] += try pool.deposit(amount)
        case "withdraw":
          let burned = try pool.withdraw(amount, holderShares: shares[holder] ?? 0)
          shares[holder, default: 0] -= burned
        case "credit": shares[holder, default: 0] += pool.credit(amount)
        case "all": shares[holder, default: 0] += pool.addToAll(amount)
        default: failure = "unknown step \(operation)"
        }
      } catch {
        failure = error == .amountTooLow ? "AmountTooLow" : "NotEnoughStakeToWithdraw"
      }
      shares = shares.filter { $0.value > 0 }
      let entry = JSONValue.record([
        "value": .number(pool.value), "totalShares": .number(pool.total),
        "holders": .byName(shares.mapValues { pool.stake(ofShares: $0) }),
      ])
      guard let failure else { return entry }
      return .object(try entry.members() + [JSONMember("error", .text(failure))])
    }
    return .record(["trace": .list(trace)])
  }

  @Sendable static func rootClaim(_ input: JSONValue) throws -> JSONValue {
    var claim = RootClaim()
    var stakes: [String: UInt64] = [:]
    var debts: [String: Int128] = [:]
    let trace = try input.member("script").elements().map { step -> JSONValue in
      let step = try step.elements()
      let operation = try step[0].string()
      let holder = operation == "accrue" ? "" : try step[1].string()
      var result = JSONValue.null
      switch operation {
      case "add":
        let amount: UInt64 = try step[2].integer()
        debts[holder, default: 0] += claim.debtOfAdding(amount)
        stakes[holder, default: 0] += amount
      case "remove":
        let amount: UInt64 = try step[2].integer()
        debts[holder, default: 0] -= claim.debtOfRemoving(amount)
        stakes[holder, default: 0] -= amount
      case "accrue":
        result = .flag(claim.accrue(try step[1].integer(), rootStake: stakes.values.reduce(0, +)))
      case "claim":
        let paid = claim.claim(rootStake: stakes[holder] ?? 0, debt: debts[holder] ?? 0, threshold: 0)
        if paid > 0 { debts[holder, default: 0] += Int128(paid) }
        result = .number(paid)
      default: throw UnknownVariant(name: operation)
      }
      let owed = stakes.map { ($0, claim.owed(rootStake: $1, debt: debts[$0] ?? 0)) }
      return .record([
        "result": result, "reserve": .number(claim.reserve),
        "owed": .byName(Dictionary(uniqueKeysWithValues: owed)),
      ])
    }
    return .record(["trace": .list(trace)])
  }
}
