package import Primitives

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
