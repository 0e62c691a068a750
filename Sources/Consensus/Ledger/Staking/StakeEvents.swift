import Economy
import Primitives

extension LedgerEvent {
  static func stakeTraded(
    _ name: String, _ coldkey: Coldkey, _ hotkey: Hotkey, _ netuid: NetUID, _ trade: Trade
  ) -> LedgerEvent {
    let (tao, alpha) = trade.side == .buy ? (trade.input, trade.output) : (trade.output, trade.input)
    return LedgerEvent(
      name,
      [
        "coldkey": .coldkey(coldkey), "hotkey": .hotkey(hotkey), "netuid": .netuid(netuid),
        "amount_rao": .number(tao), "amount_alpha": .number(alpha), "fee": .number(trade.fee),
      ])
  }

  static func stakeMoved(
    _ name: String, _ coldkey: Coldkey, _ route: StakeRoute, _ move: StakeMove
  ) -> LedgerEvent {
    LedgerEvent(
      name,
      [
        "coldkey": .coldkey(coldkey), "hotkey": .hotkey(route.hotkey), "netuid": .netuid(route.netuid),
        "to_coldkey": .coldkey(route.toColdkey), "to_hotkey": .hotkey(route.toHotkey),
        "to_netuid": .netuid(route.toNetuid), "amount_rao": .number(move.passed),
      ])
  }
}
