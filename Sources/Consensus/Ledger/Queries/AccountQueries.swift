package import Primitives

/// Nonce and balance of an account; zeros for one that nobody has used.
package struct AccountQuery: StateQuery {
  package static let name = "account"

  package var account = AccountID.zero

  package init() {}
  package init(_ account: AccountID) { self.account = account }

  package mutating func map(_ fields: inout FieldMapper) { fields.account("account", &account) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> AccountAnswer {
    let record = state.account(account)
    var answer = AccountAnswer()
    answer.nonce = record.nonce
    answer.free = Rao(record.free)
    answer.reserved = Rao(record.held)
    answer.nextNonce = record.nonce
    return answer
  }
}

package struct AccountAnswer: FieldMapped {
  /// The nonce that the next transaction of the account must carry.
  package var nonce: UInt64 = 0
  /// Rao that may be spent.
  package var free = Rao.zero
  /// Rao that deposits hold.
  package var reserved = Rao.zero
  /// First nonce that neither the state nor the pool holds; the state alone knows of no pool.
  package var nextNonce: UInt64 = 0

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.number("nonce", &nonce)
    fields.amount("free", &free)
    fields.amount("reserved", &reserved)
    fields.number("next_nonce", &nextNonce)
  }
}

/// The coldkey that owns a hotkey.
package struct OwnerOfQuery: StateQuery {
  package static let name = "owner_of"

  package var hotkey = Hotkey()

  package init() {}
  package init(_ hotkey: Hotkey) { self.hotkey = hotkey }

  package mutating func map(_ fields: inout FieldMapper) { fields.hotkey("hotkey", &hotkey) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> OwnerOfAnswer {
    OwnerOfAnswer(state.owner(of: hotkey))
  }
}

package struct OwnerOfAnswer: FieldMapped {
  /// Nil when nobody owns the hotkey.
  package var coldkey: Coldkey?

  package init() {}
  package init(_ coldkey: Coldkey?) { self.coldkey = coldkey }

  package mutating func map(_ fields: inout FieldMapper) { fields.optionalColdkey("coldkey", &coldkey) }
}

/// The hotkeys of a coldkey, in the order of association.
package struct OwnedHotkeysQuery: StateQuery {
  package static let name = "owned_hotkeys"

  package var coldkey = Coldkey()
  package var page = PageRequest()

  package init() {}
  package init(_ coldkey: Coldkey, page: PageRequest = PageRequest()) {
    self.coldkey = coldkey
    self.page = page
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.coldkey("coldkey", &coldkey)
    page.map(&fields)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> KeyPageAnswer {
    let owned = state.coldkeyRecord(coldkey).ownedHotkeys
    var start = 0
    if var last = try CursorKeys(page.cursor, count: Bytes32.count) {
      let hotkey = Hotkey(last.account())
      guard let index = owned.firstIndex(of: hotkey) else { throw .malformed.with("field", "cursor") }
      start = index + 1
    }
    let keys = owned[start...].prefix(page.rows).map(\.account)
    var answer = KeyPageAnswer()
    answer.keys = keys
    if start + keys.count < owned.count { answer.nextCursor = keys.last?.bytes ?? [] }
    return answer
  }
}

package struct KeyPageAnswer: FieldMapped {
  package var keys: [AccountID] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.accounts("keys", &keys, limit: AnswerLimits.items)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

/// The subnets on which a hotkey holds a uid, root included.
package struct NetuidsOfQuery: StateQuery {
  package static let name = "netuids_of"

  package var hotkey = Hotkey()

  package init() {}
  package init(_ hotkey: Hotkey) { self.hotkey = hotkey }

  package mutating func map(_ fields: inout FieldMapper) { fields.hotkey("hotkey", &hotkey) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> NetuidListAnswer {
    NetuidListAnswer(state.chain.netuids.filter { state.slots[$0]?.uid(of: hotkey) != nil })
  }
}

package struct NetuidListAnswer: FieldMapped {
  package var netuids: [NetUID] = []

  package init() {}
  package init(_ netuids: [NetUID]) { self.netuids = netuids }

  package mutating func map(_ fields: inout FieldMapper) { fields.netuids("netuids", &netuids) }
}
