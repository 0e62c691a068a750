import Economy
import Ledger
import Primitives

/// Something that may happen to a market: a block, a loan of stake, or a call.
enum RandomOperation {
  case block(scores: UInt64)
  case lend(NetUID, parent: Hotkey, child: Hotkey, proportion: UInt64)
  case call(any LedgerCall, Origin)

  init(_ generator: inout SplitMix64, _ state: LedgerState) {
    let kind = generator.next() % 100
    if kind < 22 {
      self = .block(scores: generator.next())
    } else if kind < 24, let netuid = state.chain.netuids.last, netuid != .root {
      self = .lend(
        netuid, parent: Self.hotkey(&generator), child: Self.hotkey(&generator),
        proportion: [0, 1, .max / 2, .max].pick(&generator))
    } else if kind < 25 {
      self = .call(DissolveSubnet(netuid: Self.netuid(&generator)), .root)
    } else {
      let index = Int(generator.next() % UInt64(RandomMarket.coldkeyCount))
      let signer = RandomMarket.coldkey(index)
      self = .call(Self.call(kind, of: signer, index, &generator, state), .signed(signer.account))
    }
  }

  private static func call(
    _ kind: UInt64, of signer: Coldkey, _ index: Int, _ generator: inout SplitMix64, _ state: LedgerState
  ) -> any LedgerCall {
    let own = RandomMarket.hotkey(of: index, Int(generator.next() % UInt64(RandomMarket.hotkeysEach)))
    let netuid = netuid(&generator)
    let other = Self.netuid(&generator)
    let hotkey = generator.next() % 2 == 0 ? held(by: signer, own, &generator, state) : Self.hotkey(&generator)
    let free = state.freeBalance(of: signer)
    let stake = state.stake(of: signer, on: hotkey, in: netuid)
    switch kind {
    case ..<28: return RegisterSubnet(hotkey: own)
    case ..<32: return RegisterNeuron(netuid: netuid, hotkey: own)
    case ..<34: return RootRegister(hotkey: own)
    case ..<35: return StartSubnet(netuid: netuid)
    case ..<42:
      let burns = generator.next() % 8 == 0
      let receiver = RandomMarket.coldkey(Int(generator.next() % UInt64(RandomMarket.coldkeyCount))).account
      return Transfer(to: burns ? state.chain.burnAccount : receiver, amount: amount(of: free, &generator))
    case ..<60:
      return AddStake(
        hotkey: hotkey, netuid: netuid, amount: amount(of: free, &generator),
        limitPrice: limit(on: netuid, &generator, state), allowPartial: generator.next() % 2 == 0)
    case ..<74:
      return RemoveStake(
        hotkey: hotkey, netuid: netuid, amount: amount(of: stake, &generator),
        limitPrice: limit(on: netuid, &generator, state), allowPartial: generator.next() % 2 == 0)
    case ..<78:
      return RemoveStakeFull(hotkey: hotkey, netuid: netuid, limitPrice: limit(on: netuid, &generator, state))
    case ..<80: return UnstakeAll(hotkey: hotkey)
    case ..<88:
      return MoveStake(
        hotkey: hotkey, netuid: netuid, toHotkey: Self.hotkey(&generator), toNetuid: other,
        amount: amount(of: stake, &generator))
    case ..<94:
      return SwapStake(hotkey: hotkey, netuid: netuid, toNetuid: other, amount: amount(of: stake, &generator))
    case ..<96: return IncreaseTake(hotkey: own, take: UInt16(generator.next() % 13_000))
    case ..<98: return DecreaseTake(hotkey: own, take: UInt16(generator.next() % 13_000))
    default: return AssociateHotkey(hotkey: own)
    }
  }

  private static func hotkey(_ generator: inout SplitMix64) -> Hotkey {
    let index = Int(generator.next() % UInt64(RandomMarket.coldkeyCount))
    return RandomMarket.hotkey(of: index, Int(generator.next() % UInt64(RandomMarket.hotkeysEach)))
  }

  /// One that the coldkey has staked on, so that withdrawals often find something.
  private static func held(
    by coldkey: Coldkey, _ own: Hotkey, _ generator: inout SplitMix64, _ state: LedgerState
  ) -> Hotkey {
    let hotkeys = state.coldkeys[coldkey].map { Array($0.stakingHotkeys) } ?? []
    return hotkeys.isEmpty ? own : hotkeys.pick(&generator)
  }

  private static func netuid(_ generator: inout SplitMix64) -> NetUID { NetUID(UInt16(generator.next() % 5)) }

  /// Often an edge of what there is, sometimes anything.
  private static func amount(of whole: UInt64, _ generator: inout SplitMix64) -> Rao {
    let edges = [
      0, 1, whole, whole &+ 1, whole == 0 ? 0 : whole - 1, whole > 499 ? whole - 499 : 0, whole / 2, 2_000_000, .max,
    ]
    if generator.next() % 3 == 0 { return Rao(edges.pick(&generator)) }
    let some = generator.next() >> (generator.next() % 64)
    return Rao(whole == 0 || generator.next() % 8 == 0 ? some : some % whole)
  }

  private static func limit(on netuid: NetUID, _ generator: inout SplitMix64, _ state: LedgerState) -> Rao? {
    guard generator.next() % 3 == 0 else { return nil }
    let price = UInt64(clamping: state.pool(of: netuid).displayPrice)
    let near = UInt64(clamping: UInt128(price) / 1000 * UInt128(900 + generator.next() % 200))
    return Rao([0, 1, price, near, near, near, .max].pick(&generator))
  }
}

extension RandomOperation: CustomStringConvertible {
  var description: String {
    switch self {
    case .block: "a block"
    case .lend(let netuid, _, _, let proportion): "a loan of \(proportion) on subnet \(netuid)"
    case .call(let call, let origin): "\(call) by \(origin)"
    }
  }
}

extension LedgerState {
  /// Lends part of a hotkey's stake weight to one other, in place of what it lent before.
  mutating func lend(_ proportion: UInt64, from parent: Hotkey, to child: Hotkey, on netuid: NetUID) {
    let (lender, borrower) = (HotkeyOnSubnet(netuid, parent), HotkeyOnSubnet(netuid, child))
    let isParentOfLender = relations[lender]?.parents.contains { $0.hotkey == child } == true
    guard parent != child, !isParentOfLender, subnets.contains(netuid) else { return }
    for old in relations[lender]?.children ?? [] {
      _ = relations.modify(HotkeyOnSubnet(netuid, old.hotkey)) { $0.parents.removeAll { $0.hotkey == parent } }
    }
    var lent = relations[lender] ?? Relations()
    lent.children = proportion == 0 ? [] : [Relation(child, proportion)]
    relations[lender] = lent
    guard proportion > 0 else { return }
    var borrowed = relations[borrower] ?? Relations()
    borrowed.parents.append(Relation(parent, proportion))
    borrowed.parents.sort { $0.hotkey < $1.hotkey }
    relations[borrower] = borrowed
  }
}
