package import Primitives

/// Raises the part of dividends a delegate keeps; limited in time. Source: registry 10.
package struct IncreaseTake: LedgerCall {
  package static let descriptor = CallDescriptor(
    20, "IncreaseTake", by: .coldkey, bearsFee: false, "Raise a hotkey's delegate take.")

  package var hotkey = Hotkey()
  package var take: UInt16 = 0

  package init() {}
  package init(hotkey: Hotkey, take: UInt16) {
    self.hotkey = hotkey
    self.take = take
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.number("take", &take)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let (coldkey, record) = try state.requireTakeOwner(of: hotkey, origin, host)
    if let present = record.take, take <= present { throw .delegateTakeTooLow.with("present", present) }
    try state.requireTakeInRange(take)
    try RateLimit.exclusive.check(
      limit: state.chain.parameters.txDelegateTakeRateLimit, last: BlockNumber(record.takeBlock), now: state.block,
      else: .delegateTxRateLimitExceeded)

    return [state.setTake(take, of: hotkey, coldkey, event: "TakeIncreased")]
  }
}

/// Lowers the part of dividends a delegate keeps; at any time. Source: registry 10.
package struct DecreaseTake: LedgerCall {
  package static let descriptor = CallDescriptor(
    21, "DecreaseTake", by: .coldkey, bearsFee: false, "Lower a hotkey's delegate take.")

  package var hotkey = Hotkey()
  package var take: UInt16 = 0

  package init() {}
  package init(hotkey: Hotkey, take: UInt16) {
    self.hotkey = hotkey
    self.take = take
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.number("take", &take)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let (coldkey, record) = try state.requireTakeOwner(of: hotkey, origin, host)
    if let present = record.take, take >= present { throw .delegateTakeTooLow.with("present", present) }
    try state.requireTakeInRange(take)

    return [state.setTake(take, of: hotkey, coldkey, event: "TakeDecreased")]
  }
}

extension LedgerState {
  fileprivate func requireTakeOwner(of hotkey: Hotkey, _ origin: Origin, _ host: HostFunctions) throws(LedgerError)
    -> (Coldkey, HotkeyRecord)
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    guard let record = hotkeys[hotkey] else { throw .hotKeyAccountNotExists }
    try requireOwned(hotkey, by: coldkey)
    return (coldkey, record)
  }

  fileprivate func requireTakeInRange(_ take: UInt16) throws(LedgerError) {
    let (least, most) = (chain.parameters.minDelegateTake, chain.parameters.maxDelegateTake)
    guard take >= least else { throw .delegateTakeTooLow.with("take", take).with("min_delegate_take", least) }
    guard take <= most else { throw .delegateTakeTooHigh.with("take", take).with("max_delegate_take", most) }
  }

  fileprivate mutating func setTake(_ take: UInt16, of hotkey: Hotkey, _ coldkey: Coldkey, event: String) -> LedgerEvent {
    let now = block.value
    hotkeys.modify(hotkey) {
      $0.take = take
      $0.takeBlock = now
    }
    return LedgerEvent(event, ["coldkey": .coldkey(coldkey), "hotkey": .hotkey(hotkey), "take": .number(take)])
  }
}
