package import Primitives

/// To whom a hotkey lends stake weight on a subnet.
package struct ChildrenQuery: StateQuery {
  package static let name = "children"

  package var place = HotkeyPlace()

  package init() {}
  package init(hotkey: Hotkey, netuid: NetUID) { place = HotkeyPlace(hotkey, netuid) }

  package mutating func map(_ fields: inout FieldMapper) { place.map(&fields) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> ChildSharesAnswer {
    ChildSharesAnswer(try place.relations(in: state).children)
  }
}

/// From whom a hotkey borrows stake weight on a subnet.
package struct ParentsQuery: StateQuery {
  package static let name = "parents"

  package var place = HotkeyPlace()

  package init() {}
  package init(hotkey: Hotkey, netuid: NetUID) { place = HotkeyPlace(hotkey, netuid) }

  package mutating func map(_ fields: inout FieldMapper) { place.map(&fields) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> ChildSharesAnswer {
    ChildSharesAnswer(try place.relations(in: state).parents)
  }
}

/// The children that wait for their cooldown.
package struct PendingChildrenQuery: StateQuery {
  package static let name = "pending_children"

  package var place = HotkeyPlace()

  package init() {}
  package init(hotkey: Hotkey, netuid: NetUID) { place = HotkeyPlace(hotkey, netuid) }

  package mutating func map(_ fields: inout FieldMapper) { place.map(&fields) }

  package func answer(
    from state: LedgerState, with host: HostFunctions
  ) throws(LedgerError) -> PendingChildrenAnswer {
    let relations = try place.relations(in: state)
    var answer = PendingChildrenAnswer()
    guard relations.pendingCooldown > 0 else { return answer }
    answer.children = relations.pendingChildren.map(ChildShareRow.init)
    answer.cooldownBlock = BlockNumber(relations.pendingCooldown)
    return answer
  }
}

/// What a hotkey keeps of what it earns with borrowed stake weight.
package struct ChildkeyTakeQuery: StateQuery {
  package static let name = "childkey_take"

  package var place = HotkeyPlace()

  package init() {}
  package init(hotkey: Hotkey, netuid: NetUID) { place = HotkeyPlace(hotkey, netuid) }

  package mutating func map(_ fields: inout FieldMapper) { place.map(&fields) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> TakeAnswer {
    _ = try place.relations(in: state)
    var answer = TakeAnswer()
    answer.take = state.childkeyTake(of: place.hotkey, on: place.netuid)
    return answer
  }
}

package struct TakeAnswer: FieldMapped {
  /// In 1/65535, as it takes effect.
  package var take: UInt16 = 0

  package init() {}
  package mutating func map(_ fields: inout FieldMapper) { fields.number("take", &take) }
}

package struct ChildSharesAnswer: FieldMapped {
  package var shares: [ChildShareRow] = []

  package init() {}
  init(_ relations: [Relation]) { shares = relations.prefix(AnswerLimits.items).map(ChildShareRow.init) }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("children", &shares, limit: AnswerLimits.items)
  }
}

package struct PendingChildrenAnswer: FieldMapped {
  package var children: [ChildShareRow] = []
  /// The first epoch after this block applies them; nil when nothing is pending.
  package var cooldownBlock: BlockNumber?

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("children", &children, limit: AnswerLimits.items)
    fields.optionalBlock("cooldown_block", &cooldownBlock)
  }
}

/// The partner of a relation; in an answer about parents, the parent.
package struct ChildShareRow: FieldMapped {
  package var hotkey = Hotkey()
  /// Over 2^64 - 1.
  package var proportion: UInt64 = 0

  package init() {}
  init(_ relation: Relation) {
    hotkey = relation.hotkey
    proportion = relation.proportion
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("child", &hotkey)
    fields.number("proportion", &proportion)
  }
}

/// A hotkey on a subnet, as several queries name it.
package struct HotkeyPlace: Sendable, Hashable {
  package var hotkey = Hotkey()
  package var netuid = NetUID.root

  package init() {}
  package init(_ hotkey: Hotkey, _ netuid: NetUID) {
    self.hotkey = hotkey
    self.netuid = netuid
  }

  mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.netuid("netuid", &netuid)
  }

  func relations(in state: LedgerState) throws(LedgerError) -> Relations {
    _ = try state.subnet(netuid)
    return state.relations[HotkeyOnSubnet(netuid, hotkey)] ?? Relations()
  }
}
