import Economy
import Primitives

/// Reads delegates; the holders of a subnet are grouped once for all of them.
struct DelegateReader {
  private let state: LedgerState
  private var holders: [StakeHolders]
  private static let dayMilliseconds: UInt64 = 86_400_000

  init(_ state: LedgerState) {
    self.state = state
    holders = state.chain.netuids.map { StakeHolders(state, on: $0) }
  }

  /// - Returns: Nil for a hotkey that nobody owns.
  mutating func delegate(_ hotkey: Hotkey, nominators request: PageRequest) throws(LedgerError) -> DelegateAnswer? {
    guard let owner = state.owner(of: hotkey) else { return nil }
    var delegate = DelegateAnswer()
    delegate.hotkey = hotkey
    delegate.take = state.delegateTake(of: hotkey)
    delegate.owner = owner
    for netuid in state.chain.netuids {
      guard let slots = state.slots[netuid], let uid = slots.uid(of: hotkey) else { continue }
      delegate.registrations.append(netuid)
      if slots.validatorPermit[uid.index] { delegate.validatorPermits.append(netuid) }
    }
    let page = try nominators(of: hotkey, request)
    delegate.nominators = page.rows
    delegate.nextCursor = page.nextCursor
    setReturns(of: &delegate)
    return delegate
  }

  private mutating func nominators(
    of hotkey: Hotkey, _ request: PageRequest
  ) throws(LedgerError) -> QueryPage<NominatorRow> {
    var stakes: [Coldkey: [NetuidAmountRow]] = [:]
    for (index, netuid) in state.chain.netuids.enumerated() {
      guard state.poolValue(of: hotkey, on: netuid) > 0 else { continue }
      for holder in holders[index].holders(of: hotkey) where holder.amount > 0 {
        stakes[holder.coldkey, default: []].append(NetuidAmountRow(netuid, holder.amount))
      }
    }
    var cursor = try CursorKeys(request.cursor, count: Bytes32.count)
    let last = (cursor?.account()).map(Coldkey.init)
    var page = QueryPage<NominatorRow>(request)
    for coldkey in stakes.keys.sorted() where last.map({ coldkey > $0 }) ?? true {
      var row = NominatorRow()
      row.coldkey = coldkey
      row.stakes = stakes[coldkey] ?? []
      guard page.append(row, cursor: coldkey.bytes) else { break }
    }
    return page
  }

  /// What the last epochs paid, as if all epochs of a day paid it, at present prices; rounded down.
  private func setReturns(of delegate: inout DelegateAnswer) {
    var daily: UInt128 = 0
    for netuid in delegate.registrations where netuid != .root {
      guard let subnet = state.subnets[netuid], let slots = state.slots[netuid],
        let uid = slots.uid(of: delegate.hotkey), subnet.parameters.tempo > 0
      else { continue }
      let epochMilliseconds = UInt64(subnet.parameters.tempo) * max(1, state.chain.parameters.blockTimeMilliseconds)
      let perEpoch = state.pool(of: netuid).worth(ofAlpha: slots.paidDividends[uid.index])
      daily += UInt128(UInt64(clamping: perEpoch)) * UInt128(Self.dayMilliseconds) / UInt128(epochMilliseconds)
    }
    delegate.totalDailyReturn = Rao(UInt64(clamping: daily))
    let stake = UInt128(state.totalStake(of: delegate.hotkey, enough: .max))
    guard stake > 0 else { return }
    let kept = UInt128(delegate.totalDailyReturn.value) * UInt128(65535 - delegate.take) / 65535
    delegate.returnPer1000 = Rao(UInt64(clamping: kept * UInt128(Rao.tao(1000).value) / stake))
  }
}
