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
