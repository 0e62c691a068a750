package import Primitives

/// What a coldkey says of itself.
package struct IdentityQuery: StateQuery {
  package static let name = "identity"

  package var coldkey = Coldkey()

  package init() {}
  package init(_ coldkey: Coldkey) { self.coldkey = coldkey }

  package mutating func map(_ fields: inout FieldMapper) { fields.coldkey("coldkey", &coldkey) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> IdentityAnswer {
    var answer = IdentityAnswer()
    answer.identity = state.coldkeyRecord(coldkey).identity.map { IdentityRow($0) }
    return answer
  }
}

package struct IdentityAnswer: FieldMapped {
  package var identity: IdentityRow?

  package init() {}
  package mutating func map(_ fields: inout FieldMapper) { fields.optionalGroup("identity", &identity) }
}

/// Who may act for a coldkey, and what that holds of its balance.
package struct ProxiesQuery: StateQuery {
  package static let name = "proxies"

  package var coldkey = Coldkey()

  package init() {}
  package init(_ coldkey: Coldkey) { self.coldkey = coldkey }

  package mutating func map(_ fields: inout FieldMapper) { fields.coldkey("coldkey", &coldkey) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> ProxiesAnswer {
    let entries = state.coldkeyRecord(coldkey).proxies
    var answer = ProxiesAnswer()
    answer.proxies = entries.map(ProxyRow.init)
    answer.deposit = Rao(ProxyDeposit.amount(entries.count))
    return answer
  }
}

package struct ProxiesAnswer: FieldMapped {
  package var proxies: [ProxyRow] = []
  package var deposit = Rao.zero

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("proxies", &proxies, limit: AnswerLimits.items)
    fields.amount("deposit", &deposit)
  }
}

package struct ProxyRow: FieldMapped {
  package var delegate = AccountID.zero
  /// Number of the type (registry 20.1).
  package var type: UInt8 = 0
  package var delayBlocks: UInt32 = 0

  package init() {}
  init(_ entry: ProxyEntry) {
    delegate = entry.delegate
    type = entry.type
    delayBlocks = entry.delayBlocks
  }

  package mutating func map(_ fields: inout FieldMapper) { fields.proxyEntry(&delegate, &type, &delayBlocks) }
}
