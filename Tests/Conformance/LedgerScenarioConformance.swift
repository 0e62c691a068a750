import Economy
import JSONText
import Keys
import Ledger
import Primitives
import Testing
import VectorFiles

/// The whole ledger against the scripted markets of the golden vectors, block by block.
@Suite struct LedgerScenarioConformance {
  static let files = VectorLibrary.files(topic: "economy")

  @Test(arguments: files)
  func everyScriptedMarketEndsAsExpected(file: VectorFile) throws {
    let document = try file.json()
    guard EconomyFormulas.ofTheLedger.contains(try document.member("topic").string()) else { return }
    for vector in try document.member("cases").elements() {
      let name = try vector.member("id").string()
      var market = try ScriptedMarket(vector.member("in"))
      let steps = try vector.member("in").member("ops").elements()
      let results = try vector.member("out").member("results").elements()
      #expect(steps.count == results.count, "\(name)")
      for (index, (step, expected)) in zip(steps, results).enumerated() {
        let result = try market.run(step)
        #expect(result.ordered == expected.ordered, "\(name), step \(index): \(result.compactText)")
        #expect(market.state.brokenInvariant() == nil, "\(name), step \(index)")
      }
      let end = try market.end().ordered
      let expected = try vector.member("out").member("final").ordered
      #expect(end == expected, "\(name): \(end.compactText) instead of \(expected.compactText)")
    }
  }
}

/// A ledger whose accounts carry the names of a script.
struct ScriptedMarket {
  var state: LedgerState
  let host = HostFunctions(hash: { Hash256(hashing: $0) }, isAcceptableKey: { _ in true }, decodeCall: { _ in nil })

  init(_ input: JSONValue) throws {
    var genesis = Genesis()
    genesis.parameters = try Self.parameters(input["profile"]?.string() ?? "local")
    genesis.balances = try input.member("balances").members().map {
      GenesisBalance(Self.account($0.name), Rao(try $0.value.integer()))
    }
    state = LedgerState(genesis, host: host)
  }

  private static func parameters(_ profile: String) throws -> GlobalParameters {
    switch profile {
    case "local": .local
    case "main", "default": .main
    default: throw UnknownVariant(name: profile)
    }
  }

  /// A name as an account: its text, so that accounts sort as names do.
  static func account(_ name: String) -> AccountID {
    let text = Array(name.utf8.prefix(Bytes32.count))
    return AccountID(text + Array(repeating: 0, count: Bytes32.count - text.count))!
  }

  static func name(_ account: AccountID) -> String {
    String(decoding: account.bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  // MARK: Steps

  mutating func run(_ step: JSONValue) throws -> JSONValue {
    let operation = try step.member("op").string()
    if operation == "blocks" { return try makeBlocks(step) }
    do {
      return try call(operation, step)
    } catch let error as LedgerError {
      return ["error": JSONValue(error.code.name)]
    }
  }

  private mutating func call(_ operation: String, _ step: JSONValue) throws -> JSONValue {
    switch operation {
    case "registerNetwork":
      let events = try run(RegisterSubnet(hotkey: hotkey(step, "hot")), step)
      return ["netuid": JSONValue(String(try value(of: "netuid", in: events.first { $0.name == "NetworkAdded" })))]
    case "registerNeuron":
      try run(RegisterNeuron(netuid: netuid(step, "netuid"), hotkey: hotkey(step, "hot")), step)
      return [:]
    case "addStake":
      let call = AddStake(
        hotkey: try hotkey(step, "hot"), netuid: try netuid(step, "netuid"), amount: Rao(try number(step, "amount")),
        limitPrice: try limit(step), allowPartial: try partial(step))
      return ["alpha": try traded(call, step, "amount_alpha")]
    case "removeStake":
      let call = RemoveStake(
        hotkey: try hotkey(step, "hot"), netuid: try netuid(step, "netuid"), amount: Rao(try number(step, "alpha")),
        limitPrice: try limit(step), allowPartial: try partial(step))
      return ["tao": try traded(call, step, "amount_rao")]
    case "moveStake":
      return try moveStake(step)
    case "transfer":
      let call = Transfer(to: Self.account(try step.member("to").string()), amount: Rao(try number(step, "amount")))
      try run(call, as: step.member("from").string())
      return [:]
    case "setTake":
      let take = UInt16(try number(step, "take"))
      state.hotkeys.modify(try hotkey(step, "hot")) { $0.take = take }
      return [:]
    case "dissolve":
      _ = try state.run(DissolveSubnet(netuid: netuid(step, "netuid")), as: .root, with: host)
      return [:]
    default:
      throw UnknownVariant(name: operation)
    }
  }

  private mutating func moveStake(_ step: JSONValue) throws -> JSONValue {
    let (from, to) = (try hotkey(step, "hot"), try hotkey(step, "toHot"))
    let (origin, destination) = (try netuid(step, "from"), try netuid(step, "to"))
    let alpha = try number(step, "alpha")
    let before = stakedTotal(destination)
    let call = MoveStake(hotkey: from, netuid: origin, toHotkey: to, toNetuid: destination, amount: Rao(alpha))
    try run(call, step)
    // What the destination was given, as a purchase says it: a holder's stake may show a unit less (economy 5).
    return ["amount": JSONValue(String(origin == destination ? alpha : stakedTotal(destination) - before))]
  }

  private func stakedTotal(_ netuid: NetUID) -> UInt64 {
    netuid == .root ? state.chain.rootTao : state.subnets[netuid]?.alphaOut ?? 0
  }

  @discardableResult
  private mutating func run(_ call: any LedgerCall, _ step: JSONValue) throws -> [LedgerEvent] {
    try run(call, as: step.member("cold").string())
  }

  @discardableResult
  private mutating func run(_ call: any LedgerCall, as name: String) throws -> [LedgerEvent] {
    try state.run(call, as: .signed(Self.account(name)), with: host)
  }

  private mutating func traded(_ call: any LedgerCall, _ step: JSONValue, _ field: String) throws -> JSONValue {
    JSONValue(String(try value(of: field, in: try run(call, step).first)))
  }

  private func value(of field: String, in event: LedgerEvent?) throws -> UInt64 {
    guard case .unsigned(let amount)? = event?.fields[field] else { throw UnknownVariant(name: field) }
    return amount
  }

  private mutating func makeBlocks(_ step: JSONValue) throws -> JSONValue {
    var rows: [NetUID: [Hotkey: (incentive: UInt64, dividends: UInt64)]] = [:]
    for subnet in try given("scores", in: step)?.members() ?? [] {
      guard let number = UInt16(subnet.name) else { throw UnknownVariant(name: subnet.name) }
      let netuid = NetUID(number)
      for row in try subnet.value.elements() {
        let cells = try row.elements()
        rows[netuid, default: [:]][Hotkey(Self.account(try cells[0].string()))] = (
          try cells[1].integer(), try cells[2].integer()
        )
      }
    }
    let scripted = rows
    let scoring = EpochScoring { state, due, _, _ in
      let netuid = due.netuid
      let hotkeys = state.slots[netuid]?.hotkeys ?? []
      let scores = EpochScores(
        incentive: hotkeys.map { scripted[netuid]?[$0]?.incentive ?? 0 },
        dividends: hotkeys.map { scripted[netuid]?[$0]?.dividends ?? 0 })
      return (scores, [])
    }
    for _ in 0..<(try number(step, "count")) {
      _ = state.beginBlock(with: host, scoring: scoring)
      if let broken = state.brokenInvariant() { throw BrokenInvariant(words: broken) }
    }
    return [:]
  }

  // MARK: Reading

  private struct BrokenInvariant: Error { let words: String }

  /// A field that may be missing, or `null`.
  private func given(_ name: String, in step: JSONValue) -> JSONValue? {
    guard let value = step[name], !value.isNull else { return .none }
    return value
  }

  private func number(_ step: JSONValue, _ name: String) throws -> UInt64 { try step.member(name).integer() }
  private func netuid(_ step: JSONValue, _ name: String) throws -> NetUID { NetUID(try step.member(name).integer()) }
  private func hotkey(_ step: JSONValue, _ name: String) throws -> Hotkey {
    Hotkey(Self.account(try step.member(name).string()))
  }
  private func limit(_ step: JSONValue) throws -> Rao? { try given("limit", in: step).map { Rao(try $0.integer()) } }
  private func partial(_ step: JSONValue) throws -> Bool { try given("partial", in: step)?.bool() ?? false }

  // MARK: The end

  func end() throws -> JSONValue {
    let balances = state.accounts.sortedKeys.compactMap { account -> JSONMember? in
      let balance = state.account(account).balance
      return balance == 0 ? nil : JSONMember(Self.name(account), JSONValue(String(balance)))
    }
    let subnets = state.chain.netuids.filter { $0 != .root }.map { JSONMember(String($0.value), subnet($0)) }
    return [
      "block": text(state.block.value), "issuance": text(state.chain.issuance), "minted": text(state.chain.minted),
      "recycled": text(state.chain.recycled), "balances": .object(balances),
      "root": ["tao": text(state.chain.rootTao), "stake": stakes(.root)], "subnets": .object(subnets),
    ]
  }

  private func subnet(_ netuid: NetUID) -> JSONValue {
    let subnet = state.subnets[netuid]!
    return [
      "tao": text(subnet.taoReserve), "alphaIn": text(subnet.alphaIn), "alphaOut": text(subnet.alphaOut),
      "alphaBurned": text(subnet.alphaBurned), "pendingServer": text(subnet.pendingServer),
      "pendingValidator": text(subnet.pendingValidator), "pendingRoot": text(subnet.pendingRoot),
      "pendingOwner": text(subnet.pendingOwner), "emaPriceQ64": text(subnet.emaPrice), "flow": text(subnet.flow),
      "flowEmaQ64": text(subnet.flowEma), "burn": text(subnet.burn), "stake": stakes(netuid),
    ]
  }

  private func stakes(_ netuid: NetUID) -> JSONValue {
    var byHotkey: [(Hotkey, [JSONMember])] = []
    for key in HotkeyOnSubnet.buckets(of: netuid).flatMap({ state.shares.keys(inBucket: $0) }).sorted() {
      let stake = state.stake(of: key.coldkey, on: key.hotkey, in: netuid)
      guard stake > 0 else { continue }
      let member = JSONMember(Self.name(key.coldkey.account), text(stake))
      if byHotkey.last?.0 == key.hotkey {
        byHotkey[byHotkey.count - 1].1.append(member)
      } else {
        byHotkey.append((key.hotkey, [member]))
      }
    }
    return .object(byHotkey.map { JSONMember(Self.name($0.0.account), .object($0.1)) })
  }

  private func text(_ number: some BinaryInteger) -> JSONValue { JSONValue(String(number)) }
}
