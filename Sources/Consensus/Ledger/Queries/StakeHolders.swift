import Primitives

/// Who holds stake on the hotkeys of a subnet, found bucket by bucket as it is asked for.
struct StakeHolders {
  /// Holders that a list shows at most: the largest.
  static let shown = 256

  private let state: LedgerState
  private let netuid: NetUID
  private var keys: [UInt32: [Hotkey: [ShareKey]]] = [:]

  init(_ state: LedgerState, on netuid: NetUID) {
    self.state = state
    self.netuid = netuid
  }

  /// Every holder of stake on a hotkey, by ascending coldkey.
  mutating func holders(of hotkey: Hotkey) -> [ColdkeyAmountRow] {
    let bucket = HotkeyOnSubnet.bucket(of: netuid, hotkey)
    let grouped = keys[bucket] ?? Dictionary(grouping: state.shares.keys(inBucket: bucket), by: \.hotkey)
    keys[bucket] = grouped
    return (grouped[hotkey] ?? []).map { key in
      ColdkeyAmountRow(key.coldkey, state.stake(of: key.coldkey, on: hotkey, in: netuid))
    }
  }

  /// The largest holders, by amount, descending, then coldkey.
  mutating func largest(of hotkey: Hotkey) -> [ColdkeyAmountRow] {
    let sorted = holders(of: hotkey).sorted { ($1.amount, $0.coldkey) < ($0.amount, $1.coldkey) }
    return Array(sorted.prefix(StakeHolders.shown))
  }
}
