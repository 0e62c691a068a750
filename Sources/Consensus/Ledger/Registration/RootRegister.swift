package import Primitives

/// Takes a place among the root validators: free, then by more root stake than the least member. Source: registry 6.
package struct RootRegister: LedgerCall {
  package static let descriptor = CallDescriptor(5, "RootRegister", by: .coldkey, "Take a place on the root subnet.")

  package var hotkey = Hotkey()

  package init() {}
  package init(hotkey: Hotkey) { self.hotkey = hotkey }

  package mutating func map(_ fields: inout FieldMapper) { fields.hotkey("hotkey", &hotkey) }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    guard let root = state.subnets[.root], let slots = state.slots[.root] else { throw .subnetNotExists }
    let perBlock = root.parameters.maxRegsPerBlock
    guard perBlock == 0 || root.registrationsThisBlock < perBlock else {
      throw LedgerError(.tooManyRegistrationsThisBlock, blocksLeft: 1, at: state.block)
    }
    guard UInt32(root.registrationsThisInterval) < 3 * UInt32(root.parameters.targetRegsPerInterval) else {
      let tempo = UInt64(max(root.parameters.tempo, 1))
      throw LedgerError(
        .tooManyRegistrationsThisInterval, blocksLeft: tempo - state.block.value % tempo, at: state.block)
    }
    guard slots.uid(of: hotkey) == nil else { throw .hotKeyAlreadyRegisteredInSubNet }
    try host.requireHotkeyAccount(hotkey)
    try state.requireUnownedOrOwned(hotkey, by: coldkey)
    let slot = try rootSlot(in: state, slots, root)

    state.pairIfUnowned(hotkey, with: coldkey)
    let uid = state.occupy(slot, on: .root, with: hotkey)
    state.subnets.modify(.root) {
      $0.registrationsThisBlock += 1
      $0.registrationsThisInterval += 1
    }
    let take = UInt16(state.chain.parameters.defaultDelegateTake)
    state.hotkeys.modify(hotkey) { if $0.take == nil { $0.take = take } }
    return [.neuronRegistered(.root, uid, hotkey)]
  }

  private func rootSlot(in state: LedgerState, _ slots: NeuronSlots, _ root: Subnet) throws(LedgerError) -> Slot {
    if slots.count < Int(root.parameters.maxAllowedUIDs) { return .append }
    return .replace(
      try replacedRootUID(
        memberStakes: slots.hotkeys.map { Rao(state.poolValue(of: $0, on: .root)) },
        newcomer: Rao(state.poolValue(of: hotkey, on: .root))))
  }
}
