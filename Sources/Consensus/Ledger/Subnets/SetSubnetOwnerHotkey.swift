package import Primitives

/// Names the hotkey that stands for a subnet's owner. Source: registry 3.
package struct SetSubnetOwnerHotkey: LedgerCall {
  package static let descriptor = CallDescriptor(
    26, "SetSubnetOwnerHotkey", by: .owner, "Name the hotkey that stands for the subnet's owner.")

  package var netuid = NetUID.root
  package var hotkey = Hotkey()

  package init() {}
  package init(netuid: NetUID, hotkey: Hotkey) {
    self.netuid = netuid
    self.hotkey = hotkey
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.hotkey("hotkey", &hotkey)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    try host.requireProperKey(hotkey.account)
    _ = try state.setter(of: netuid, origin)
    guard netuid != .root, let subnet = state.subnets[netuid] else { throw .subnetNotExists.with("netuid", netuid) }
    let name = "subnet_owner_hotkey"
    // The limit is the subnet's, whoever asks.
    try RateLimit.inclusive.check(
      limit: state.chain.parameters.ownerHotkeyRateLimit, last: BlockNumber(subnet.ownerCallBlock(name)),
      now: state.block, else: .txRateLimitExceeded)
    try host.requireHotkeyAccount(hotkey)

    let block = state.block
    state.subnets.modify(netuid) { [hotkey] in
      $0.ownerHotkey = hotkey
      $0.recordOwnerCall(name, at: block)
    }
    return [LedgerEvent("SubnetOwnerHotkeySet", ["netuid": .netuid(netuid), "hotkey": .hotkey(hotkey)])]
  }
}
