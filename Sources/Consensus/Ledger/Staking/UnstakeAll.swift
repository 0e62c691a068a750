package import Primitives

/// Sells the signer's stake on a hotkey on every subnet where that succeeds.
package struct UnstakeAll: LedgerCall {
  package static let descriptor = CallDescriptor(
    67, "UnstakeAll", by: .coldkey, "Take all your stake on a hotkey back as TAO, on every subnet.")

  package var hotkey = Hotkey()

  package init() {}
  package init(hotkey: Hotkey) { self.hotkey = hotkey }

  package mutating func map(_ fields: inout FieldMapper) { fields.hotkey("hotkey", &hotkey) }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    guard state.hotkeys[hotkey] != nil else { throw .hotKeyAccountNotExists }
    var events: [LedgerEvent] = []
    for netuid in state.chain.netuids {
      let all = state.availableStake(of: coldkey, on: hotkey, in: netuid)
      guard all > 0 else { continue }
      let savepoint = state.savepoint()
      do throws(LedgerError) {
        let trade = try state.removeStake(all, by: coldkey, on: hotkey, in: netuid, within: nil)
        events.append(.stakeTraded("StakeRemoved", coldkey, hotkey, netuid, trade))
      } catch {
        state.undo(to: savepoint)
      }
    }
    guard !events.isEmpty else { throw .amountTooLow }
    return events
  }
}
