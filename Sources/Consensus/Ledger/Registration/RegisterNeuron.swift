package import Primitives

/// Buys a slot on a subnet for a hotkey. Source: registry 6.
package struct RegisterNeuron: LedgerCall {
  package static let descriptor = CallDescriptor(4, "RegisterNeuron", by: .coldkey, "Buy a uid for a hotkey.")

  package var netuid = NetUID.root
  package var hotkey = Hotkey()
  /// The most the signer will pay; nil for any price.
  package var maxPrice: Rao?

  package init() {}
  package init(netuid: NetUID, hotkey: Hotkey, maxPrice: Rao? = nil) {
    self.netuid = netuid
    self.hotkey = hotkey
    self.maxPrice = maxPrice
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.hotkey("hotkey", &hotkey)
    fields.optionalAmount("max_price", &maxPrice)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    guard netuid != .root else { throw .registrationNotPermittedOnRootSubnet }
    guard let subnet = state.subnets[netuid] else { throw .subnetNotExists.with("netuid", netuid) }
    if let maxPrice, subnet.burn > maxPrice.value {
      throw .registrationPriceLimitExceeded.with("price", subnet.burn).with("max_price", maxPrice)
    }
    guard subnet.parameters.registrationAllowed else { throw .subNetRegistrationDisabled.with("netuid", netuid) }
    guard state.slots[netuid]?.uid(of: hotkey) == nil else { throw .hotKeyAlreadyRegisteredInSubNet }
    let perBlock = subnet.parameters.maxRegsPerBlock
    guard perBlock == 0 || subnet.registrationsThisBlock < perBlock else {
      throw LedgerError(.tooManyRegistrationsThisBlock, blocksLeft: 1, at: state.block)
    }
    guard subnet.burn <= state.freeBalance(of: coldkey) else {
      throw .notEnoughBalanceToStake.with("price", subnet.burn).with("free", state.freeBalance(of: coldkey))
    }
    try host.requireHotkeyAccount(hotkey)
    try state.requireUnownedOrOwned(hotkey, by: coldkey)
    let slot = try state.nextSlot(on: netuid)

    try state.debit(subnet.burn, from: coldkey, shortage: .notEnoughBalanceToStake)
    state.recycle(subnet.burn)
    state.pairIfUnowned(hotkey, with: coldkey)
    let uid = state.occupy(slot, on: netuid, with: hotkey)
    state.subnets.modify(netuid) {
      $0.raiseBurn()
      $0.registrationsThisBlock = $0.registrationsThisBlock == .max ? .max : $0.registrationsThisBlock + 1
    }
    return [.neuronRegistered(netuid, uid, hotkey)]
  }
}

extension LedgerEvent {
  static func neuronRegistered(_ netuid: NetUID, _ uid: UID, _ hotkey: Hotkey) -> LedgerEvent {
    LedgerEvent("NeuronRegistered", ["netuid": .netuid(netuid), "uid": .uid(uid), "hotkey": .hotkey(hotkey)])
  }
}
