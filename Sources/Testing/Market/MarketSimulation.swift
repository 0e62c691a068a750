import JSONText
package import Ledger
import Primitives

/// The ledger alone, run over a scripted market at full speed.
package struct MarketSimulation: Sendable {
  package private(set) var state: LedgerState
  package private(set) var samples: [MarketSample] = []
  /// Actions of the script that the ledger refused, by error name.
  package private(set) var refusals: [String: Int] = [:]
  private let script: MarketScript
  private let host: HostFunctions

  package init(_ scenario: MarketScenario, host: HostFunctions) {
    var genesis = scenario.genesis
    for number in 0..<scenario.subnetCount {
      genesis.balances.append(GenesisBalance(Self.owner(number), genesis.parameters.minLockCost))
    }
    script = MarketScript(scenario.events)
    self.host = host
    state = LedgerState(genesis, host: host)
    for number in 0..<scenario.subnetCount {
      let owner = Self.owner(number)
      do throws(LedgerError) {
        _ = try state.addGenesisSubnet(owner: Coldkey(owner), hotkey: Hotkey(owner))
      } catch {
        preconditionFailure("an owner of genesis holds the price of its subnet: \(error)")
      }
    }
  }

  /// Runs blocks and keeps a sample of every `interval`-th and of the last one.
  package mutating func run(blocks: UInt64, sampling interval: UInt64) {
    var taken: [MarketSample] = []
    run(blocks: blocks, sampling: interval) { taken.append($0) }
    samples += taken
  }

  /// Runs blocks and hands on a sample of every `interval`-th and of the last one.
  ///
  /// - Parameter progress: Told the blocks done, some two hundred times in all; return false to stop early.
  package mutating func run(
    blocks: UInt64, sampling interval: UInt64, progress: (UInt64) -> Bool = { _ in true },
    each: (MarketSample) throws -> Void
  ) rethrows {
    let step = max(blocks / 200, 1)
    let interval = max(interval, 1)
    var done: UInt64 = 0
    while done < blocks {
      makeBlock()
      done += 1
      let goesOn = !done.isMultiple(of: step) || progress(done)
      if done.isMultiple(of: interval) || done == blocks || !goesOn { try each(MarketSample(state)) }
      if !goesOn { return }
    }
  }

  /// One block: the block step, then the script.
  package mutating func makeBlock() {
    _ = state.beginBlock(with: host)
    for event in script.events(in: state.block.value) { apply(event.action) }
  }

  private static func owner(_ number: Int) -> AccountID {
    let text = Array("owner-\(number + 1)".utf8)
    return AccountID(text + Array(repeating: 0, count: 32 - text.count)) ?? .zero
  }

  private mutating func apply(_ action: MarketEvent.Action) {
    do throws(LedgerError) {
      let (call, signer) = try call(of: action)
      _ = try state.run(call, as: .signed(signer), with: host)
      // Trading opens at once, whatever the profile says: a script has no use for waiting.
      if case .create(let owner) = action, let netuid = state.chain.netuids.last,
        state.subnets[netuid]?.isStarted == false
      {
        _ = try state.run(StartSubnet(netuid: netuid), as: .signed(owner), with: host)
      }
    } catch {
      refusals[error.code.name, default: 0] += 1
    }
  }

  private func call(of action: MarketEvent.Action) throws(LedgerError) -> (any LedgerCall, AccountID) {
    switch action {
    case .create(let owner):
      return (RegisterSubnet(hotkey: Hotkey(owner)), owner)
    case .stake(let who, let hotkey, let netuid, let amount):
      return (AddStake(hotkey: try self.hotkey(hotkey, on: netuid), netuid: netuid, amount: amount), who)
    case .unstake(let who, let hotkey, let netuid, let percent):
      let target = try self.hotkey(hotkey, on: netuid)
      let held = state.stake(of: Coldkey(who), on: target, in: netuid)
      let amount = Rao(UInt64(UInt128(held) * UInt128(percent) / 100))
      return (RemoveStake(hotkey: target, netuid: netuid, amount: amount), who)
    case .register(let who, let hotkey, let netuid):
      return (RegisterNeuron(netuid: netuid, hotkey: hotkey ?? newHotkey(of: who)), who)
    case .transfer(let from, let to, let amount):
      return (Transfer(to: to, amount: amount), from)
    }
  }

  /// The named hotkey, or the owner's of the subnet.
  private func hotkey(_ named: Hotkey?, on netuid: NetUID) throws(LedgerError) -> Hotkey {
    if let named { return named }
    guard let subnet = state.subnets[netuid] else { throw .subnetNotExists.with("netuid", netuid) }
    return subnet.ownerHotkey
  }

  /// A hotkey that nobody had before: the block and the beginning of the coldkey's name.
  private func newHotkey(of who: AccountID) -> Hotkey {
    let text = Array("\(state.block.value)-".utf8) + who.bytes
    return Hotkey(AccountID(Array(text.prefix(32))) ?? who)
  }
}
