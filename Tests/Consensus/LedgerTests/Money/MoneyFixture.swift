import Ledger
import Primitives

/// A small chain with one running subnet, for rules of money.
struct MoneyFixture {
  static let host = HostFunctions(hash: { _ in .zero }, isAcceptableKey: { _ in true }, decodeCall: { _ in nil })
  static let owner = coldkey(1)
  static let alice = coldkey(2)
  static let bob = coldkey(3)
  static let subnet = NetUID(1)

  var state: LedgerState

  /// - Parameter subnets: Each owned by `owner` under a hotkey of its own.
  init(subnets: UInt8 = 1, _ change: (inout GlobalParameters) -> Void = { _ in }) throws {
    var genesis = Genesis()
    genesis.parameters = .local
    genesis.parameters.minLockCost = .tao(1000)
    change(&genesis.parameters)
    genesis.balances = [Self.owner, Self.alice, Self.bob].map { GenesisBalance($0.account, .tao(100_000)) }
    state = LedgerState(genesis, host: Self.host)
    for number in 0..<subnets {
      _ = try state.addGenesisSubnet(owner: Self.owner, hotkey: Self.hotkey(100 + number))
    }
  }

  static func coldkey(_ number: UInt8) -> Coldkey { Coldkey(account(number)) }
  static func hotkey(_ number: UInt8) -> Hotkey { Hotkey(account(number)) }

  private static func account(_ number: UInt8) -> AccountID {
    AccountID([number &* 37, number] + Array(repeating: 1, count: 30)) ?? .zero
  }

  @discardableResult
  mutating func run(_ call: any LedgerCall, by coldkey: Coldkey) throws(LedgerError) -> [LedgerEvent] {
    try state.run(call, as: .signed(coldkey.account), with: Self.host)
  }

  /// Blocks whose epochs score the uids of every subnet as given.
  mutating func makeBlocks(_ count: Int, incentive: [UInt64] = [], dividends: [UInt64] = []) {
    let scoring = EpochScoring { state, due, _, _ in
      let uids = state.slots[due.netuid]?.count ?? 0
      func padded(_ scores: [UInt64]) -> [UInt64] {
        Array((scores + Array(repeating: 0, count: uids)).prefix(uids))
      }
      return (EpochScores(incentive: padded(incentive), dividends: padded(dividends)), [])
    }
    for _ in 0..<count { _ = state.beginBlock(with: Self.host, scoring: scoring) }
  }

  func stake(_ coldkey: Coldkey, _ hotkey: Hotkey, _ netuid: NetUID = subnet) -> UInt64 {
    state.stake(of: coldkey, on: hotkey, in: netuid)
  }
}
