package import Primitives

/// Sets what a hotkey keeps of the dividends it earns for its parents on a subnet. Source: registry 10.
package struct SetChildkeyTake: LedgerCall {
  package static let descriptor = CallDescriptor(
    19, "SetChildkeyTake", by: .coldkey, "Set what a hotkey keeps of its parents' dividends.")

  package var hotkey = Hotkey()
  package var netuid = NetUID.root
  /// Over 65535.
  package var take: UInt16 = 0

  package init() {}
  package init(hotkey: Hotkey, netuid: NetUID, take: UInt16) {
    self.hotkey = hotkey
    self.netuid = netuid
    self.take = take
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.netuid("netuid", &netuid)
    fields.number("take", &take)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    guard let subnet = state.subnets[netuid] else { throw .subnetNotExists.with("netuid", netuid) }
    try state.requireOwned(hotkey, by: coldkey)
    let parameters = state.chain.parameters
    let least = max(parameters.minChildkeyTake, subnet.parameters.minChildkeyTake)
    guard take >= least, take <= parameters.maxChildkeyTake else {
      throw .invalidChildkeyTake.with("take", take).with("least", least).with("most", parameters.maxChildkeyTake)
    }
    let record = state.relations[HotkeyOnSubnet(netuid, hotkey)] ?? Relations()
    if take > record.childkeyTake ?? 0 {
      try RateLimit.inclusive.check(
        limit: parameters.txChildkeyTakeRateLimit, last: BlockNumber(record.childkeyTakeBlock), now: state.block,
        else: .txChildkeyTakeRateLimitExceeded)
    }

    let block = state.block.value
    state.changeRelations(of: hotkey, on: netuid) {
      $0.childkeyTake = take
      $0.childkeyTakeBlock = block
    }
    return [
      LedgerEvent(
        "ChildKeyTakeSet", ["hotkey": .hotkey(hotkey), "netuid": .netuid(netuid), "take": .number(take)])
    ]
  }
}
