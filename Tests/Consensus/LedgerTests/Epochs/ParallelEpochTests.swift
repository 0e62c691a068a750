import Dispatch
import Ledger
import Primitives
import Synchronization
import Testing

/// Epochs of several subnets in one block, on one core and on all.
@Suite struct ParallelEpochTests {
  private final class Results: Sendable {
    private let cells: Mutex<[(any Sendable)?]>
    init(count: Int) { cells = Mutex(Array(repeating: nil, count: count)) }
    func store(_ result: any Sendable, at index: Int) { cells.withLock { $0[index] = result } }
    var all: [any Sendable] { cells.withLock { $0.map { $0! } } }
  }

  private static func host(onAllCores: Bool) -> HostFunctions {
    HostFunctions(
      hash: { bytes in
        Hash256(Bytes32(Array((bytes.reversed() + Array(repeating: 0, count: 32)).prefix(32)))!)
      }, isAcceptableKey: { _ in true }, decodeCall: { _ in nil },
      runTogether: { work in
        guard onAllCores else { return work.map { $0() } }
        let results = Results(count: work.count)
        DispatchQueue.concurrentPerform(iterations: work.count) { results.store(work[$0](), at: $0) }
        return results.all
      })
  }

  private static func account(_ number: UInt8) -> AccountID { AccountID([number] + Array(repeating: 7, count: 31))! }

  /// Four subnets of equal tempo: a validator with root stake and three miners each, weights set, root dividends paid.
  private static func chain(_ host: HostFunctions, blocks: Int) throws -> LedgerState {
    var genesis = Genesis()
    genesis.parameters = .local
    genesis.balances = (1...20).map { GenesisBalance(account($0), .tao(10_000)) }
    var state = LedgerState(genesis, host: host)
    for subnet in UInt8(1)...4 {
      _ = try state.addGenesisSubnet(owner: Coldkey(account(subnet)), hotkey: Hotkey(account(subnet)))
    }
    _ = state.beginBlock(with: host)
    let validator = Hotkey(account(10))
    for number in UInt16(1)...4 {
      for key in UInt8(10)...13 {
        let call = RegisterNeuron(netuid: NetUID(number), hotkey: Hotkey(account(key)))
        _ = try state.run(call, as: .signed(account(key)), with: host)
      }
      let stake = AddStake(hotkey: validator, netuid: NetUID(number), amount: .tao(1))
      _ = try state.run(stake, as: .signed(account(10)), with: host)
      // Equal clocks: all four are due in the same block.
      state.subnets.modify(NetUID(number)) { $0.clock.restart(at: BlockNumber(1)) }
    }
    let root = AddStake(hotkey: validator, netuid: .root, amount: .tao(500))
    _ = try state.run(root, as: .signed(account(10)), with: host)
    for block in 0..<blocks {
      _ = state.beginBlock(with: host)
      guard block % 10 == 9 else { continue }
      for number in UInt16(1)...4 {
        let weights = SetWeights(netuid: NetUID(number), uids: [2, 3], values: [UInt16(block + 1), 100])
        _ = try? state.run(weights, as: .signed(account(10)), with: host)
      }
    }
    #expect(state.brokenInvariant() == nil)
    return state
  }

  @Test func manyCoresGiveTheStateThatOneGives() throws {
    let alone = try Self.chain(Self.host(onAllCores: false), blocks: 60)
    let together = try Self.chain(Self.host(onAllCores: true), blocks: 60)
    #expect(alone.canonicalBytes == together.canonicalBytes)
    #expect(alone.chain.rootTao > 500 * Rao.perTAO, "root dividends were paid, so later epochs saw more root stake")
    #expect(alone.slots[NetUID(3)]!.emission.contains { $0 > 0 })
  }

  @Test func aForecastChangesNothing() throws {
    let host = Self.host(onAllCores: true)
    var forecast = try Self.chain(host, blocks: 55)
    var stepwise = forecast
    let plain = EpochScoring(EpochScoring.yuma.scores)
    for _ in 0..<25 {
      _ = forecast.beginBlock(with: host)
      _ = stepwise.beginBlock(with: host, scoring: plain)
    }
    #expect(forecast.canonicalBytes == stepwise.canonicalBytes)
  }
}
