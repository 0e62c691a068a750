import Economy
import Primitives

/// What consensus says each uid earned, as weights in any common scale. Shape of both: `[uids]`.
package struct EpochScores: Sendable, Hashable {
  package var incentive: [UInt64]
  package var dividends: [UInt64]

  package init(incentive: [UInt64], dividends: [UInt64]) {
    self.incentive = incentive
    self.dividends = dividends
  }
}

// Paying an epoch, phases A to D. Source: economy 11.3, 11.4.
extension LedgerState {
  /// A hotkey that receives dividends: the uids in order, then parents without a uid by ascending hotkey.
  private struct DividendRow {
    let hotkey: Hotkey
    var dividend: UInt64
  }

  /// Divides the pots by the scores and pays everybody, from the state before the payment.
  mutating func pay(_ pots: EpochPots, of netuid: NetUID, by scores: EpochScores) {
    let hotkeys = slots[netuid]?.hotkeys ?? []
    // Phase A.
    let division = EpochDivision(pots: pots, incentive: scores.incentive, dividends: scores.dividends)
    let rows = sharedWithParents(division.dividends, of: hotkeys, on: netuid)
    let payments = divide(division, among: rows, on: netuid)
    subnets.modify(netuid) {
      $0.pendingValidator += division.carriedValidator
      $0.pendingRoot += division.carriedRoot
    }
    // Phase B.
    for (row, payment) in zip(rows, payments) { addToAll(payment.alphaRest, on: row.hotkey, in: netuid) }
    // Phase C.
    for (index, row) in rows.enumerated() {
      if index < hotkeys.count { payIncentive(division.incentives[index], to: row.hotkey, on: netuid) }
      if let owner = owner(of: row.hotkey) {
        creditStake(payments[index].alphaTake + payments[index].rootTake, to: owner, on: row.hotkey, in: netuid)
      }
    }
    payOwner(pots.owner, of: netuid)
    // Phase D.
    sellRootDividends(zip(rows, payments).map { ($0.hotkey, $1.rootRest) }, of: netuid)
    let dividends = payments.prefix(hotkeys.count).map { $0.alpha + $0.rootTake }
    slots.modify(netuid) {
      $0.paidIncentive = division.incentives
      $0.paidDividends = dividends
    }
  }

  /// Dividends after children have shared theirs with the parents whose stake they carried.
  private func sharedWithParents(_ dividends: [UInt64], of hotkeys: [Hotkey], on netuid: NetUID) -> [DividendRow] {
    var rows = zip(hotkeys, dividends).map { DividendRow(hotkey: $0, dividend: $1) }
    var outside: [Hotkey: UInt64] = [:]
    let slots = slots[netuid] ?? NeuronSlots()
    for (index, hotkey) in hotkeys.enumerated() where dividends[index] > 0 {
      guard let relations = relations[HotkeyOnSubnet(netuid, hotkey)], !relations.parents.isEmpty else { continue }
      let shared = ChildDividends(
        dividend: dividends[index], alpha: poolValue(of: hotkey, on: netuid), root: poolValue(of: hotkey, on: .root),
        childProportions: relations.children.map(\.proportion),
        parents: relations.parents.map { parent in
          ChildDividends.Parent(
            alpha: poolValue(of: parent.hotkey, on: netuid), root: poolValue(of: parent.hotkey, on: .root),
            proportion: parent.proportion, sameOwner: owner(of: parent.hotkey) == owner(of: hotkey))
        },
        childTake: childkeyTake(of: hotkey, on: netuid), taoWeight: chain.parameters.taoWeight)
      rows[index].dividend -= dividends[index] - shared.kept
      for (parent, amount) in zip(relations.parents, shared.amounts) where amount > 0 {
        if let uid = slots.uid(of: parent.hotkey) {
          rows[uid.index].dividend += amount
        } else {
          outside[parent.hotkey, default: 0] += amount
        }
      }
    }
    return rows + outside.keys.sorted().map { DividendRow(hotkey: $0, dividend: outside[$0]!) }
  }

  private func divide(_ division: EpochDivision, among rows: [DividendRow], on netuid: NetUID) -> [DividendPayment] {
    DividendPayment.divide(
      validatorPot: division.validatorPot, rootPot: division.rootPot,
      rows: rows.map { row in
        DividendPayment.Row(
          dividend: row.dividend, alpha: poolValue(of: row.hotkey, on: netuid),
          root: poolValue(of: row.hotkey, on: .root), take: delegateTake(of: row.hotkey))
      },
      taoWeight: chain.parameters.taoWeight)
  }

  /// A miner's incentive; that of the subnet owner's own hotkeys is withheld.
  private mutating func payIncentive(_ amount: UInt64, to hotkey: Hotkey, on netuid: NetUID) {
    guard amount > 0, let owner = owner(of: hotkey), let subnet = subnets[netuid] else { return }
    guard owner == subnet.owner else { return creditStake(amount, to: owner, on: hotkey, in: netuid) }
    switch subnet.parameters.recycleOrBurn {
    case .burn: subnets.modify(netuid) { $0.alphaBurned += amount }
    case .recycle: subnets.modify(netuid) { $0.alphaOut -= amount }
    case .pay: creditStake(amount, to: owner, on: hotkey, in: netuid)
    }
  }

  private mutating func payOwner(_ amount: UInt64, of netuid: NetUID) {
    guard let subnet = subnets[netuid] else { return }
    creditStake(amount, to: subnet.owner, on: subnet.ownerHotkey, in: netuid)
  }

  /// Sells the stakers' part of root dividends in one trade without a fee; a refused sale waits for the next epoch.
  private mutating func sellRootDividends(_ rests: [(hotkey: Hotkey, alpha: UInt64)], of netuid: NetUID) {
    let total = rests.reduce(UInt64(0)) { $0 + $1.alpha }
    guard total > 0 else { return }
    var pool = pool(of: netuid)
    guard let trade = try? pool.trade(.sell, total, terms: tradeTerms.withoutFee),
      let parts = splitExact(trade.output, by: rests.map(\.alpha))
    else {
      subnets.modify(netuid) { $0.pendingRoot += total }
      return
    }
    let settled = pool
    subnets.modify(netuid) {
      $0.taoReserve = settled.tao
      $0.alphaIn = settled.alpha
      $0.alphaOut -= total
    }
    for (rest, tao) in zip(rests, parts) { addToAll(tao, on: rest.hotkey, in: .root) }
    chain.rootTao += trade.output
  }
}
