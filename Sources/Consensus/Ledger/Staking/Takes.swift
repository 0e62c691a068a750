import Primitives

// What both take calls check and write. Source: registry 10.
extension LedgerState {
  func requireTakeOwner(of hotkey: Hotkey, _ origin: Origin, _ host: HostFunctions) throws(LedgerError)
    -> (Coldkey, HotkeyRecord)
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    guard let record = hotkeys[hotkey] else { throw .hotKeyAccountNotExists }
    try requireOwned(hotkey, by: coldkey)
    return (coldkey, record)
  }

  func requireTakeInRange(_ take: UInt16) throws(LedgerError) {
    let (least, most) = (chain.parameters.minDelegateTake, chain.parameters.maxDelegateTake)
    guard take >= least else { throw .delegateTakeTooLow.with("take", take).with("min_delegate_take", least) }
    guard take <= most else { throw .delegateTakeTooHigh.with("take", take).with("max_delegate_take", most) }
  }

  mutating func setTake(_ take: UInt16, of hotkey: Hotkey, _ coldkey: Coldkey, event: String) -> LedgerEvent {
    let now = block.value
    hotkeys.modify(hotkey) {
      $0.take = take
      $0.takeBlock = now
    }
    return LedgerEvent(event, ["coldkey": .coldkey(coldkey), "hotkey": .hotkey(hotkey), "take": .number(take)])
  }
}
