package import JSONText
package import Ledger
import Primitives

/// A scripted market: who holds what at genesis, and who does what at which block.
///
/// The format, with every part but `events` optional:
/// ```
/// { "profile": "main",                       // or "local"
///   "parameters": { "min_lock_cost": "1000000000000" },
///   "balances": { "alice": "1000000" },      // TAO at genesis
///   "subnets": 8,                            // at genesis, owned by owner-1, owner-2, …
///   "events": [
///     { "block": 10, "do": "stake", "who": "alice", "netuid": 1, "tao": "500" },
///     { "from": 100, "every": 50, "until": 5000, "do": "unstake", "who": "alice", "netuid": 1, "percent": 10 } ] }
/// ```
/// `do` is `create`, `stake`, `unstake`, `register` or `transfer`. Stake goes to the owner's hotkey of the subnet
/// unless `hotkey` names another, and a registration without one brings a new hotkey; names stand for accounts and
/// hotkeys.
package struct MarketScenario: Sendable {
  package var genesis = Genesis()
  package var subnetCount = 0
  package var events: [MarketEvent] = []

  package init() { genesis.parameters = .main }

  /// - Throws: `MarketError` with the place in the document and what was expected there.
  package init(_ document: JSONValue) throws(MarketError) {
    self.init()
    guard case .object(let members) = document else { throw MarketError(at: "the document", expected: "an object") }
    let known = ["profile", "parameters", "balances", "subnets", "events"]
    for member in members where !known.contains(member.name) {
      throw MarketError(at: member.name, expected: "one of \(known.joined(separator: ", "))")
    }
    genesis.parameters = try MarketScenario.profile(document["profile"])
    try readParameters(document["parameters"])
    try readBalances(document["balances"])
    subnetCount = try MarketScenario.number(document["subnets"] ?? 0, at: "subnets", in: 0...128)
    guard case .list(let events)? = document["events"] ?? .list([]) else {
      throw MarketError(at: "events", expected: "a list")
    }
    for (index, event) in events.enumerated() { self.events.append(try MarketEvent(event, at: "events[\(index)]")) }
  }

  private static func profile(_ value: JSONValue?) throws(MarketError) -> GlobalParameters {
    switch value {
    case nil, .text("main")?: .main
    case .text("local")?: .local
    default: throw MarketError(at: "profile", expected: "main or local")
    }
  }

  private mutating func readParameters(_ value: JSONValue?) throws(MarketError) {
    guard let value else { return }
    guard case .object(let members) = value else { throw MarketError(at: "parameters", expected: "an object") }
    for member in members {
      let place = "parameters.\(member.name)"
      guard let row = GlobalParameters.row(named: member.name) else {
        throw MarketError(at: place, expected: "the name of a parameter of the chain")
      }
      guard let parsed = row.field.form.value(parsing: text(of: member.value)),
        row.field.store(parsed, in: &genesis.parameters)
      else { throw MarketError(at: place, expected: "a value of its form") }
    }
    if let broken = genesis.parameters.firstOutOfBounds {
      throw MarketError(at: "parameters.\(broken)", expected: "a value within its bounds")
    }
  }

  private mutating func readBalances(_ value: JSONValue?) throws(MarketError) {
    guard let value else { return }
    guard case .object(let members) = value else { throw MarketError(at: "balances", expected: "an object") }
    for member in members {
      let place = "balances.\(member.name)"
      let amount = try MarketScenario.tao(member.value, at: place)
      genesis.balances.append(GenesisBalance(try marketAccount(member.name, at: place), amount))
    }
    let total = genesis.balances.reduce(UInt128(0)) { $0 + UInt128($1.amount) }
    guard total <= 21_000_000 * UInt128(Rao.perTAO) else {
      throw MarketError(at: "balances", expected: "at most 21,000,000 TAO in all")
    }
  }

  /// Whole TAO with up to nine fraction digits, as a number or a text.
  static func tao(_ value: JSONValue, at place: String) throws(MarketError) -> Rao {
    guard let amount = Rao(tao: text(of: value)) else {
      throw MarketError(at: place, expected: "an amount of TAO such as 12 or \"0.5\"")
    }
    return amount
  }

  static func number(_ value: JSONValue, at place: String, in range: ClosedRange<Int>) throws(MarketError) -> Int {
    guard let number = Int(text(of: value)), range.contains(number) else {
      throw MarketError(at: place, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}

/// What in a scenario cannot be read.
package struct MarketError: Error, Hashable, Sendable, CustomStringConvertible {
  package let place: String
  package let expected: String

  init(at place: String, expected: String) {
    self.place = place
    self.expected = expected
  }

  package var description: String { "the scenario has no usable \(place): expected \(expected)" }
}

/// A name as an account: its text, padded with zeros.
func marketAccount(_ name: String, at place: String) throws(MarketError) -> AccountID {
  let text = Array(name.utf8)
  guard (1...32).contains(text.count), let account = AccountID(text + Array(repeating: 0, count: 32 - text.count))
  else { throw MarketError(at: place, expected: "a name of 1 to 32 bytes") }
  return account
}

private func text(of value: JSONValue) -> String {
  switch value {
  case .integer(let number): String(number)
  case .decimal(let text), .text(let text): text
  case .flag(let flag): String(flag)
  default: ""
  }
}
