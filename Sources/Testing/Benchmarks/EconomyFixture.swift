import Ledger
import Primitives

/// A ledger with full subnets: 256 neurons each, 64 of them validators with stake who rate all others.
enum EconomyFixture {
  static let host = HostFunctions(hash: { _ in .zero }, isAcceptableKey: { _ in true }, decodeCall: { _ in nil })
  /// Holds whatever the measured transactions spend.
  static let trader = account(of: "trader", 0)
  static let friend = account(of: "friend", 0)

  static func state(subnets: Int) -> LedgerState {
    var genesis = Genesis()
    genesis.parameters = .main
    genesis.balances = [GenesisBalance(trader, .tao(5_000_000)), GenesisBalance(friend, .tao(1))]
    let owners = (0..<subnets).map { account(of: "owner", $0) }
    genesis.balances += owners.map { GenesisBalance($0, .tao(40_000)) }
    var state = LedgerState(genesis, host: host)
    for owner in owners {
      perform { () throws(LedgerError) in
        let netuid = try state.addGenesisSubnet(owner: Coldkey(owner), hotkey: Hotkey(owner))
        try fill(netuid, of: owner, in: &state)
      }
    }
    return state
  }

  private static func fill(_ netuid: NetUID, of owner: AccountID, in state: inout LedgerState) throws(LedgerError) {
    for index in 1..<256 {
      let hotkey = Hotkey(account(of: "neuron", Int(netuid.value) << 8 | index))
      _ = try state.run(RegisterNeuron(netuid: netuid, hotkey: hotkey), as: .signed(owner), with: host)
      guard index < 64 else { continue }
      let stake = AddStake(hotkey: hotkey, netuid: netuid, amount: .tao(20 + UInt64(index)))
      _ = try state.run(stake, as: .signed(trader), with: host)
    }
    var generator = SplitMix64(seed: UInt64(netuid.value))
    state.slots.modify(netuid) { slots in
      for index in 0..<64 { slots.validatorPermit[index] = true }
    }
    state.mechanisms.modify(MechanismKey(netuid, .main)) { mechanism in
      for index in 0..<64 {
        mechanism.weights[index] = ScoreRow(
          uids: (64..<256).map { UInt16($0) },
          values: (64..<256).map { _ in UInt16(20_000 + generator.next(below: 40_000)) })
      }
    }
  }

  /// Runs what a fixture has the means for.
  static func perform<Result>(_ body: () throws(LedgerError) -> Result) -> Result {
    do throws(LedgerError) { return try body() } catch {
      preconditionFailure("the fixture of the benchmark has the means for all it does: \(error)")
    }
  }

  /// An account by a word and a number, spread over the buckets of the state like the hash of a key.
  private static func account(of word: String, _ number: Int) -> AccountID {
    var generator = SplitMix64(seed: UInt64(number) &* 0x2545_F491_4F6C_DD1D)
    let head = (0..<8).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    let text = head + Array("\(word)-\(number)".utf8)
    return AccountID(text + Array(repeating: 0, count: 32 - text.count)) ?? .zero
  }
}
