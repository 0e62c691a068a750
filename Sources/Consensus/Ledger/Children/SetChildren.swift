package import Primitives

/// Lends parts of a hotkey's stake weight on a subnet to other hotkeys; an empty list takes all back.
///
/// Source: registry 10.
package struct SetChildren: LedgerCall {
  package static let descriptor = CallDescriptor(
    18, "SetChildren", by: .coldkey, "Lend a hotkey's stake weight to others.")

  package var hotkey = Hotkey()
  package var netuid = NetUID.root
  package var children: [ChildShare] = []

  package init() {}
  package init(hotkey: Hotkey, netuid: NetUID, children: [ChildShare]) {
    self.hotkey = hotkey
    self.netuid = netuid
    self.children = children
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.netuid("netuid", &netuid)
    // More children than allowed are an error of the row, not of the encoding.
    fields.groups("children", &children, limit: CallLimits.bytes)
  }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    let coldkey = try origin.coldkey()
    try host.requireProperKey(hotkey.account)
    for share in children { try host.requireProperKey(share.child.account) }
    let effect = try state.childrenRules(of: hotkey, on: netuid, caller: coldkey).effect(of: children)

    let block = state.block.value
    state.changeRelations(of: hotkey, on: netuid) { $0.childrenBlock = block }
    switch effect {
    case .now:
      return [state.applyChildren(children, of: hotkey, on: netuid)]
    case .after(let cooldown):
      state.schedule(children, of: hotkey, on: netuid, after: cooldown)
      return [
        LedgerEvent(
          "SetChildrenScheduled",
          [
            "hotkey": .hotkey(hotkey), "netuid": .netuid(netuid), "cooldown_block": .block(cooldown),
            "children": .groupList(children.map(\.fields)),
          ])
      ]
    }
  }
}

extension ChildShare: FieldMapped {
  package init() { self.init(child: Hotkey(), proportion: 0) }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("child", &child)
    fields.number("proportion", &proportion)
  }
}

extension LedgerState {
  fileprivate func childrenRules(of hotkey: Hotkey, on netuid: NetUID, caller: Coldkey) -> ChildrenRules {
    let subnet = subnets[netuid]
    let relations = relations[HotkeyOnSubnet(netuid, hotkey)] ?? Relations()
    let threshold = chain.parameters.stakeThreshold
    return ChildrenRules(
      netuid: netuid, block: block, parent: hotkey,
      rateLimitBlocksLeft: RateLimit.inclusive.blocksLeft(
        limit: chain.parameters.setChildrenRateLimit, last: BlockNumber(relations.childrenBlock), now: block),
      subnetExists: subnet != nil, subnetStarted: subnet?.isStarted ?? false,
      callerOwnsParent: owner(of: hotkey) == caller, isOwnerHotkey: subnet?.ownerHotkey == hotkey,
      parentsOfParent: relations.parents.map(\.hotkey), ownStake: totalStake(of: hotkey, enough: threshold),
      stakeThreshold: threshold, pendingCooldown: chain.parameters.pendingChildkeyCooldown)
  }
}
