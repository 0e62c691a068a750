package import Ledger
import Primitives

/// A ledger under random operations, extremes included, with the invariants of the economy checked after each.
///
/// The same seed does the same operations on every machine, so a broken invariant is found again by its seed.
package struct RandomMarket: Sendable {
  package private(set) var state: LedgerState
  /// Operations that the ledger accepted, blocks included.
  package private(set) var accepted = 0
  package private(set) var refused = 0
  /// Blocks in which root stakers were paid: dividends sold for TAO.
  package private(set) var rootSales = 0
  private var generator: SplitMix64
  private var deepChecks = 0

  package init(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    state = LedgerState(RandomMarket.genesis(&generator), host: RandomMarket.host)
    self.generator = generator
    for index in [0, 2, 3] { found(RandomMarket.coldkey(index), RandomMarket.hotkey(of: index, 0)) }
  }

  /// A subnet of genesis, and root stake on the hotkey that owns it, as far as the means go.
  private mutating func found(_ owner: Coldkey, _ hotkey: Hotkey) {
    let share = generator.next() % 8
    do throws(LedgerError) {
      _ = try state.addGenesisSubnet(owner: owner, hotkey: hotkey)
      let stake = AddStake(hotkey: hotkey, netuid: .root, amount: Rao(state.freeBalance(of: owner) / 8 * share))
      _ = try state.run(stake, as: .signed(owner.account), with: RandomMarket.host)
    } catch {
      // A founder without means is one of the markets to try.
      refused += 1
    }
  }

  /// Does operations until one breaks an invariant.
  ///
  /// - Returns: What broke, in words; nil when nothing did.
  package mutating func run(operations: Int) -> String? {
    for index in 0..<operations {
      if let broken = step() { return "operation \(index): \(broken)" }
    }
    return state.brokenInvariant()
  }

  /// One operation and its checks.
  private mutating func step() -> String? {
    let before = state
    let watched = MarketWatch(before, &generator)
    let operation = RandomOperation(&generator, state)
    // Forgets what earlier operations wrote, so that the check of changes sees this one alone.
    _ = state.takeChangedSections()
    let earlier = state
    let outcome = apply(operation)
    switch outcome {
    case .accepted: accepted += 1
    case .refused: refused += 1
    }
    if let broken = state.brokenInvariant(since: earlier) ?? watched.broken(by: operation, in: state) {
      return "\(operation): \(broken)"
    }
    deepChecks += 1
    guard deepChecks.isMultiple(of: 16) else { return nil }
    if let broken = state.brokenInvariant() { return "\(operation): \(broken)" }
    if outcome == .refused, state.canonicalBytes != before.canonicalBytes {
      return "\(operation): it was refused and changed the state"
    }
    return nil
  }

  private enum Outcome { case accepted, refused }

  private mutating func apply(_ operation: RandomOperation) -> Outcome {
    switch operation {
    case .block(let scores):
      let rootTao = state.chain.rootTao
      _ = state.beginBlock(with: RandomMarket.host, scoring: RandomMarket.scoring(scores))
      if state.chain.rootTao > rootTao { rootSales += 1 }
    case .lend(let netuid, let parent, let child, let proportion):
      state.lend(proportion, from: parent, to: child, on: netuid)
    case .call(let call, let origin):
      do throws(LedgerError) { _ = try state.run(call, as: origin, with: RandomMarket.host) } catch { return .refused }
    }
    return .accepted
  }

  private static let host = HostFunctions(
    hash: { _ in .zero }, isAcceptableKey: { _ in true }, decodeCall: { _ in nil })

  /// Random scores: often nobody's, often one neuron's, sometimes everybody's.
  private static func scoring(_ seed: UInt64) -> EpochScoring {
    EpochScoring { state, due, _, _ in
      var generator = SplitMix64(seed: seed ^ UInt64(due.netuid.value))
      let count = state.slots[due.netuid]?.count ?? 0
      func scores() -> [UInt64] {
        let kind = generator.next() % 4
        return (0..<count).map { _ in
          switch kind {
          case 0: 0
          case 1: generator.next() % UInt64(count) == 0 ? 1 : 0
          default: generator.next() >> (12 + generator.next() % 52)
          }
        }
      }
      return (EpochScores(incentive: scores(), dividends: scores()), [])
    }
  }
}

extension RandomMarket {
  static let coldkeyCount = 8
  static let hotkeysEach = 3

  static func coldkey(_ index: Int) -> Coldkey { Coldkey(account(UInt8(index), 0)) }
  static func hotkey(of index: Int, _ number: Int) -> Hotkey { Hotkey(account(UInt8(index), UInt8(number + 1))) }

  private static func account(_ first: UInt8, _ second: UInt8) -> AccountID {
    // Spread over the buckets; never the all-zero key.
    AccountID([first &* 29 &+ second &* 91 &+ 1, first, second, 1] + Array(repeating: 7, count: 28)) ?? .zero
  }

  /// Chains from a pool of one unit to the whole supply, with every switch of the economy somewhere.
  private static func genesis(_ generator: inout SplitMix64) -> Genesis {
    var genesis = Genesis()
    genesis.parameters = .local
    genesis.parameters.minLockCost = [Rao(1), Rao(1_000_000), .tao(1), .tao(1000)].pick(&generator)
    genesis.parameters.lockReductionInterval = [1, 10, 100].pick(&generator)
    genesis.parameters.subnetLimit = 4
    genesis.parameters.networkImmunityPeriod = [0, 20, 1000].pick(&generator)
    genesis.parameters.autoStart = generator.next() % 4 != 0
    genesis.parameters.feeRate = [0, 33, 10_000].pick(&generator)
    genesis.parameters.emissionMode = [.flow, .price].pick(&generator)
    genesis.parameters.flowCutoff = [0, 0, -1000, 1000].pick(&generator)
    genesis.parameters.flowExponent = [1, 1, 2, 3].pick(&generator)
    genesis.parameters.excessMode = [.recycle, .recycle, .skip].pick(&generator)
    genesis.parameters.rootSellThreshold = [-1, 0, 1 << 64].pick(&generator)
    genesis.parameters.taoWeight = [0, 971_718_665_099_567_868, .max].pick(&generator)
    genesis.parameters.ownerCut = [0, 11_796, 65_535].pick(&generator)
    genesis.parameters.minStake = [Rao(0), Rao(2_000_000)].pick(&generator)
    genesis.parameters.txDelegateTakeRateLimit = 2
    genesis.parameters.maxEpochsPerBlock = [1, 32].pick(&generator)
    let supply = 21_000_000 * Rao.perTAO
    let total = [supply, supply - 5_000_000, supply / 2 - 100, 3_000_000 * Rao.perTAO, 10_000 * Rao.perTAO]
      .pick(&generator)
    // One account holds nearly all there is, one a speck, the others thousands of TAO.
    let each = min(total / 100, 5000 * Rao.perTAO)
    let amounts = [total - 6 * each - 500, 500] + Array(repeating: each, count: coldkeyCount - 2)
    genesis.balances = amounts.enumerated().map { GenesisBalance(coldkey($0.offset).account, Rao($0.element)) }
    return genesis
  }
}

extension Array {
  /// - Precondition: The array is not empty.
  func pick(_ generator: inout SplitMix64) -> Element { self[Int(generator.next() % UInt64(count))] }
}
