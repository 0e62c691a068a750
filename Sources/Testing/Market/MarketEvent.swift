import JSONText
package import Primitives

/// One line of the script.
package struct MarketEvent: Sendable, Hashable {
  package enum Action: Sendable, Hashable {
    case create(owner: AccountID)
    case stake(who: AccountID, hotkey: Hotkey?, netuid: NetUID, amount: Rao)
    case unstake(who: AccountID, hotkey: Hotkey?, netuid: NetUID, percent: Int)
    /// Without a hotkey a new one each time.
    case register(who: AccountID, hotkey: Hotkey?, netuid: NetUID)
    case transfer(from: AccountID, to: AccountID, amount: Rao)
  }

  package let action: Action
  package let first: UInt64
  package let every: UInt64
  package let last: UInt64

  /// Whether the action happens in this block.
  package func happens(in block: UInt64) -> Bool {
    block >= first && block <= last && (block - first).isMultiple(of: every)
  }

  init(_ value: JSONValue, at place: String) throws(MarketError) {
    guard case .object = value else { throw MarketError(at: place, expected: "an object") }
    func block(_ name: String) throws(MarketError) -> UInt64? {
      guard let number = value[name] else { return nil }
      return UInt64(try MarketScenario.number(number, at: "\(place).\(name)", in: 1...Int(Int32.max)))
    }
    if let only = try block("block") {
      (first, every, last) = (only, 1, only)
    } else if let from = try block("from") {
      (first, every, last) = (from, try block("every") ?? 1, try block("until") ?? .max)
    } else {
      throw MarketError(at: place, expected: "block, or from with every and until")
    }
    action = try MarketEvent.action(value, at: place)
  }

  private static func action(_ value: JSONValue, at place: String) throws(MarketError) -> Action {
    func account(_ name: String) throws(MarketError) -> AccountID {
      guard case .text(let text)? = value[name] else { throw MarketError(at: "\(place).\(name)", expected: "a name") }
      return try marketAccount(text, at: "\(place).\(name)")
    }
    func hotkey() throws(MarketError) -> Hotkey? { value["hotkey"] == nil ? nil : Hotkey(try account("hotkey")) }
    func netuid() throws(MarketError) -> NetUID {
      NetUID(UInt16(try MarketScenario.number(value["netuid"] ?? .null, at: "\(place).netuid", in: 0...4095)))
    }
    func amount() throws(MarketError) -> Rao { try MarketScenario.tao(value["tao"] ?? .null, at: "\(place).tao") }
    switch value["do"] {
    case .text("create")?: return .create(owner: try account("who"))
    case .text("stake")?:
      return .stake(who: try account("who"), hotkey: try hotkey(), netuid: try netuid(), amount: try amount())
    case .text("unstake")?:
      let percent = try MarketScenario.number(value["percent"] ?? 100, at: "\(place).percent", in: 1...100)
      return .unstake(who: try account("who"), hotkey: try hotkey(), netuid: try netuid(), percent: percent)
    case .text("register")?:
      return .register(who: try account("who"), hotkey: try hotkey(), netuid: try netuid())
    case .text("transfer")?:
      return .transfer(from: try account("who"), to: try account("to"), amount: try amount())
    default:
      throw MarketError(at: "\(place).do", expected: "create, stake, unstake, register or transfer")
    }
  }
}
